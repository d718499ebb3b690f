import { Checkbox } from "@mantine/core";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Badge, type Tone } from "../../../components/badge.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import type { Silence } from "../../../lib/api-types.ts";
import { ago, instant } from "../../../lib/format.ts";
import { useExpire } from "../api/actions.ts";
import { useSilences } from "../api/alerts.ts";
import { alertParams } from "../params.ts";
import { useRights } from "../use-rights.ts";
import { ActButton } from "./act-button.tsx";
import classes from "./alerts.module.css";
import { Answered } from "./answered.tsx";
import { PlannedSilenceDialog } from "./planned-silence-dialog.tsx";

const STATES: Record<Silence["state"], { tone: Tone; word: string }> = {
  pending: { tone: "info", word: "Not begun" },
  active: { tone: "warn", word: "Quiet" },
  expired: { tone: "even", word: "Ended" },
};

/** Who asked for quiet, about what and until when; quiet can be planned ahead and ended early. */
export function SilencesTab() {
  const [params, setParams] = useQueryStates(alertParams);
  const [isPlanning, setPlanning] = useState(false);
  const silences = useSilences(params.ended === "yes");
  const { operate } = useRights();
  return (
    <>
      <search className={`${classes.filters} ${classes.centred}`} aria-label="Silences">
        <Checkbox
          label="Ended ones too"
          checked={params.ended === "yes"}
          onChange={(event) => void setParams({ ended: event.currentTarget.checked ? "yes" : null })}
        />
        <ActButton right={operate} onClick={() => setPlanning(true)}>
          Plan a silence…
        </ActButton>
      </search>
      <Answered what="The silences" query={silences}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState kind="no-match" title="Nobody asked for quiet">
              Every alert that fires is told.
            </EmptyState>
          ) : (
            <ul className={classes.rows} aria-label="Silences">
              {items.map((silence) => (
                <SilenceRow key={silence.silence_id} silence={silence} />
              ))}
            </ul>
          )
        }
      </Answered>
      {isPlanning && <PlannedSilenceDialog onClose={() => setPlanning(false)} />}
    </>
  );
}

function SilenceRow({ silence }: { silence: Silence }) {
  const expire = useExpire(silence.silence_id);
  const { operate } = useRights();
  const { tone, word } = STATES[silence.state];
  return (
    <li className={classes.entry} data-off={silence.state === "expired" || undefined}>
      <div className={classes.row}>
        <span className={classes.state}>
          <Badge tone={tone}>{word}</Badge>
        </span>
        <div className={classes.grow}>
          <p className={classes.matchers}>
            {silence.matchers.length === 0 ? (
              <strong>every alert</strong>
            ) : (
              silence.matchers.map((matcher) => <code key={matcher}>{matcher}</code>)
            )}
          </p>
          <p className={classes.quiet}>
            {instant(silence.starts_at)} to {instant(silence.ends_at)}
            {silence.state === "active" && ` (ends ${ago(silence.ends_at)})`} · by {silence.created_by}
            {silence.reason && <> – “{silence.reason}”</>}
          </p>
          <DialogFailure what="Not ended" error={expire.error} />
        </div>
        {silence.state !== "expired" && (
          <ActButton
            right={operate}
            label={`End now: the silence of ${silence.matchers.join(", ") || "every alert"}`}
            isPending={expire.isPending}
            onClick={() => expire.run(undefined)}
          >
            End now
          </ActButton>
        )}
      </div>
    </li>
  );
}
