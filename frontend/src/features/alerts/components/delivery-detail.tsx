import { CloseButton } from "@mantine/core";
import { Badge } from "../../../components/badge.tsx";
import { CopyText } from "../../../components/copy-text.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import type { Attempt, OutboxItemAnswer } from "../../../lib/api-types.ts";
import { count, instant, plural } from "../../../lib/format.ts";
import { useReplay } from "../api/actions.ts";
import { useAttempts } from "../api/notifications.ts";
import { useRights } from "../use-rights.ts";
import { DELIVERY, eventName } from "../words.ts";
import { ActButton } from "./act-button.tsx";
import classes from "./alerts.module.css";
import { Answered } from "./answered.tsx";

interface DeliveryDetailProps {
  id: string;
  /** null when it is not among those that are listed */
  item: OutboxItemAnswer | null;
  onClose: () => void;
}

/** One notification: every attempt with what the receiver answered, and sending it again. */
export function DeliveryDetail({ id, item, onClose }: DeliveryDetailProps) {
  const attempts = useAttempts(id);
  const replay = useReplay(id);
  const { administer } = useRights();
  const isFinished = item !== null && (item.status === "SENT" || item.status === "DEAD");
  return (
    <section className={classes.detail} aria-label="One notification">
      <div className={classes.detailHead}>
        <div className={classes.grow}>
          <h3 className={classes.name}>
            {item === null ? "Notification" : `${eventName(item.event_type)}: ${item.alert_id}`}
          </h3>
          <p className={classes.quiet}>
            {item && (
              <>
                to {item.channel_target}, {plural(item.attempt_count, "attempt")} of {item.max_attempts}
                {item.replayed_from_id && " · sent again by a person"}
                {item.replayed_as_id && " · was sent again"} ·{" "}
              </>
            )}
            event <CopyText text={item?.event_id ?? id} label="Copy the event id" />
          </p>
        </div>
        {isFinished && item.replayed_as_id === null && (
          <ActButton right={administer} isPending={replay.isPending} onClick={() => replay.run(undefined)}>
            Send again
          </ActButton>
        )}
        <CloseButton aria-label="Close the notification" onClick={onClose} />
      </div>
      <DialogFailure what="Not sent again" error={replay.error} />
      <Answered what="The attempts" query={attempts}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={classes.quiet}>No attempt has been made yet.</p>
          ) : (
            <ol className={classes.attempts}>
              {items.map((attempt) => (
                <AttemptRow key={attempt.attempt_id} attempt={attempt} />
              ))}
            </ol>
          )
        }
      </Answered>
    </section>
  );
}

function AttemptRow({ attempt }: { attempt: Attempt }) {
  const { tone, word } = DELIVERY[attempt.attempt_status] ?? {
    tone: "even" as const,
    word: attempt.attempt_status,
  };
  return (
    <li className={classes.attempt}>
      <span className={classes.attemptNo}>{attempt.attempt_number}</span>
      <Badge tone={tone}>{word}</Badge>
      <span>{instant(attempt.started_at)}</span>
      <span className={classes.attemptWords}>
        {attempt.duration_ms !== null && `${count(attempt.duration_ms)} ms`}
        {attempt.http_status !== null && ` · HTTP ${attempt.http_status}`}
        {attempt.error_message_safe && ` · ${attempt.error_message_safe}`}
      </span>
      {attempt.response_excerpt && <pre className={classes.excerpt}>{attempt.response_excerpt}</pre>}
    </li>
  );
}
