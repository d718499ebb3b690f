import { type KeyboardEvent, type ReactNode, useId } from "react";
import { Link } from "react-router";
import { Badge } from "../../../components/badge.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import type { Alert } from "../../../lib/api-types.ts";
import { ago, instant } from "../../../lib/format.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import { useUnacknowledge } from "../api/actions.ts";
import { useRights } from "../use-rights.ts";
import {
  evidencePage,
  limitWords,
  metricName,
  metricValue,
  SEVERITY,
  STATE,
  subjectWords,
} from "../words.ts";
import { ActButton } from "./act-button.tsx";
import classes from "./alerts.module.css";
import { Runbook } from "./runbook.tsx";

interface AlertCardProps {
  alert: Alert;
  /** The first one takes the keyboard when the list is tabbed into. */
  isFirst: boolean;
  onAcknowledge: () => void;
  onSilence: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** One alert: what is wrong, since when, the figure against its limit, who has it, and what can be done. */
export function AlertCard({ alert, isFirst, onAcknowledge, onSilence, onKeyDown }: AlertCardProps) {
  const id = useId();
  const { operate } = useRights();
  const unacknowledge = useUnacknowledge(alert.alert_id);
  const { policy } = alert;
  const subject = subjectWords(alert);
  const evidence = policy && evidencePage(policy.metric_type);
  const search = useSharedSearch();
  const since = alert.fired_at ?? alert.first_seen_at;
  return (
    <li
      className={classes.card}
      data-alert={alert.alert_id}
      data-severity={alert.severity}
      data-quiet={alert.is_acknowledged || alert.is_silenced || alert.inhibited_by !== null || undefined}
      aria-labelledby={id}
      tabIndex={isFirst ? 0 : -1}
      onKeyDown={onKeyDown}
    >
      <div className={classes.what}>
        <p className={classes.badges}>
          <Badge tone={SEVERITY[alert.severity].tone}>{SEVERITY[alert.severity].word}</Badge>
          <Badge tone={alert.status === "FIRING" ? "even" : STATE[alert.status].tone}>
            {STATE[alert.status].word}
          </Badge>
          <time className={classes.since} dateTime={since ?? undefined} title={instant(since)}>
            since {ago(since)}
          </time>
        </p>
        <h3 id={id} className={classes.name}>
          {policy?.description || alert.message}
        </h3>
        <dl className={classes.facts}>
          {policy && (
            <Fact name={metricName(policy.metric_type)}>
              <strong>{metricValue(policy.metric_type, alert.current_value)}</strong>, fires{" "}
              {limitWords(policy.metric_type, policy.operator, policy.threshold)}
            </Fact>
          )}
          {subject && <Fact name="About">{subject}</Fact>}
          {policy?.description && !alert.message.startsWith(policy.description) && (
            <Fact name="Why">{alert.message}</Fact>
          )}
          {evidence && (
            <Fact name="Look at">
              <Link to={{ pathname: evidence.path, search }}>{evidence.name}</Link>
            </Fact>
          )}
          {alert.runbook && (
            <Fact name="What to do">
              <Runbook page={alert.runbook} />
            </Fact>
          )}
          <Quiet alert={alert} />
        </dl>
        <DialogFailure what="Not given back" error={unacknowledge.error} />
      </div>
      <div className={classes.acts}>
        {alert.is_acknowledged ? (
          <ActButton
            right={operate}
            label={`Give back ${alert.alert_id}`}
            isPending={unacknowledge.isPending}
            onClick={() => unacknowledge.run(undefined)}
          >
            Give back
          </ActButton>
        ) : (
          <ActButton right={operate} label={`Take on ${alert.alert_id}`} isMain onClick={onAcknowledge}>
            Take on
          </ActButton>
        )}
        <ActButton right={operate} label={`Silence ${alert.alert_id}`} onClick={onSilence}>
          Silence…
        </ActButton>
      </div>
    </li>
  );
}

/** What holds its notifications back. */
function Quiet({ alert }: { alert: Alert }) {
  const { acknowledgement, silence, inhibited_by } = alert;
  return (
    <>
      {acknowledgement && (
        <Fact name="Taken on">
          by {acknowledgement.acknowledged_by}, {ago(acknowledgement.acknowledged_at)}
          {acknowledgement.note && <> – “{acknowledgement.note}”</>}
        </Fact>
      )}
      {silence && (
        <Fact name="Silenced">
          until {instant(silence.ends_at)} by {silence.created_by}
          {silence.reason && <> – “{silence.reason}”</>}
        </Fact>
      )}
      {inhibited_by && <Fact name="Held back">while {inhibited_by} fires, which is louder</Fact>}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
