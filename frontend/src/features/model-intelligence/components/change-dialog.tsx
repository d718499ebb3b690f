import { Button } from "@mantine/core";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import classes from "../../../components/dialog-parts.module.css";
import { ApiError } from "../../../lib/api.ts";
import type { ModelVersionItem } from "../../../lib/api-types.ts";
import { day } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import { type RegistryChange, useRegistryChange } from "../api/changes.ts";

interface ChangeDialogProps {
  source: number | null;
  change: RegistryChange;
  versions: readonly ModelVersionItem[];
  onClose: () => void;
}

/** Asks before another version serves: names what changes, and what the gate said about it. */
export function ChangeDialog({ source, change, versions, onClose }: ChangeDialogProps) {
  const act = useRegistryChange(source);
  const champion = versions.find((version) => version.aliases.includes("champion"));
  const next =
    change.kind === "promote" ? versions.find(({ version }) => version === change.version) : undefined;
  const verb = change.kind === "promote" ? `Promote version ${change.version}` : "Roll back";
  const name = (version: ModelVersionItem) =>
    `version ${version.version} (${modelName(version.model_type)}, learned to ${day(version.trained_to)})`;
  return (
    <Dialog title={`${verb}?`} onClose={onClose}>
      <dl className={classes.change}>
        <dt>Serves now</dt>
        <dd>{champion ? name(champion) : "no model"}</dd>
        <dt>Serves then</dt>
        <dd>{next ? name(next) : "the version that served before it, as the registry remembers"}</dd>
        {next?.gate && (
          <>
            <dt>Its gate</dt>
            <dd>{next.gate}</dd>
          </>
        )}
      </dl>
      <p className={classes.note}>
        Every forecast asked for from then on comes from the new champion; stored forecasts stay as they are.
        You can change back at any time.
      </p>
      <DialogFailure
        what={
          act.error instanceof ApiError && act.error.status === 409 ? "Nothing was changed" : "That failed"
        }
        error={act.error}
      />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Keep {champion ? `version ${champion.version}` : "things as they are"}
        </Button>
        <Button loading={act.isPending} onClick={() => act.run(change, onClose)}>
          {verb}
        </Button>
      </div>
    </Dialog>
  );
}
