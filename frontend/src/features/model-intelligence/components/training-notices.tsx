import { Button } from "@mantine/core";
import type { ExperimentItem, ModelVersionItem } from "../../../lib/api-types.ts";
import { duration } from "../../../lib/duration.ts";
import { percentWhole } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import { useCancelTraining } from "../api/changes.ts";
import { StatusBadge } from "./status-badge.tsx";
import classes from "./training-notices.module.css";

/** A training under way: what it does, how far it is, how long it still takes, and the way to stop it. */
export function RunningTraining({ item }: { item: ExperimentItem }) {
  const cancel = useCancelTraining();
  const { progress } = item;
  const share = Math.min(1, Math.max(0, progress?.share ?? 0));
  const elapsed = progress?.elapsed_ms ?? Date.now() - Date.parse(item.created_at);
  const left =
    progress?.remaining_ms == null
      ? "too early to say how long"
      : `about ${duration(progress.remaining_ms)} left`;
  return (
    <section className={classes.notice} aria-label="Training under way">
      <StatusBadge item={item} />
      <div className={classes.words}>
        <strong>{item.profile === "full" ? "Full training" : "Quick training"}</strong>{" "}
        <span>{progress?.message ?? "starting"}</span>
        <div
          className={classes.bar}
          role="progressbar"
          aria-label="Training"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        >
          <i style={{ width: `${share * 100}%` }} />
        </div>
        <small>
          {percentWhole(share)} · {duration(elapsed)} so far · {left} · goes on when you leave this page
        </small>
        {cancel.error && <small role="alert">It could not be cancelled: {cancel.error.message}</small>}
      </div>
      <Button
        size="xs"
        variant="default"
        loading={cancel.isPending}
        onClick={() => cancel.run(item.experiment_id)}
      >
        Cancel training
      </Button>
    </section>
  );
}

interface FinishedTrainingProps {
  item: ExperimentItem;
  champion: ModelVersionItem | null;
  onClose: () => void;
}

/** What came of a training that was watched. */
export function FinishedTraining({ item, champion, onClose }: FinishedTrainingProps) {
  return (
    <section className={classes.notice} role="status">
      <StatusBadge item={item} />
      <p className={classes.words}>{outcome(item, champion)}</p>
      <Button size="xs" variant="default" onClick={onClose}>
        Dismiss
      </Button>
    </section>
  );
}

function outcome(item: ExperimentItem, champion: ModelVersionItem | null): string {
  if (item.status === "FAILED")
    return `The training ended without a model: ${item.error_message ?? "no reason was recorded"}. What served before still serves.`;
  const model = `Version ${item.version ?? "–"}, a ${modelName(item.model_type)}, is trained`;
  return champion?.version === item.version
    ? `${model} and serves now.`
    : `${model}. It waits as challenger; its gate says why, under Versions.`;
}
