import { useState } from "react";
import { Badge } from "../../../components/badge.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import type { ChannelTest, NotificationEndpoint } from "../../../lib/api-types.ts";
import { duration } from "../../../lib/duration.ts";
import { ago, instant, plural } from "../../../lib/format.ts";
import { useChannelTest, useEnable } from "../api/actions.ts";
import { useEndpoints } from "../api/notifications.ts";
import { useRights } from "../use-rights.ts";
import { endpointState, eventName } from "../words.ts";
import { ActButton } from "./act-button.tsx";
import classes from "./alerts.module.css";
import { Answered } from "./answered.tsx";

/** Where notifications go and how each place is; a test message shows whether it works before it is needed. */
export function EndpointsTab() {
  const endpoints = useEndpoints();
  return (
    <Answered what="The endpoints" query={endpoints}>
      {({ items, path, version, refusal }) => (
        <>
          {refusal && (
            <p className={classes.refusal} role="alert">
              The file of the channels is refused, so those of before work on: {refusal}
            </p>
          )}
          {items.length === 0 ? (
            <EmptyState kind="no-data" title="There is nobody to tell">
              Alerts are seen on this page only. Name a channel in <code>{path}</code>.
            </EmptyState>
          ) : (
            <ul className={classes.rows} aria-label="Endpoints">
              {items.map((endpoint) => (
                <EndpointRow key={endpoint.id} endpoint={endpoint} />
              ))}
            </ul>
          )}
          <p className={classes.footnote}>
            Channels are written in <code>{path}</code> (version {version}). Addresses and secrets come from
            the environment and are never shown: to change one, set its variable and start again.
          </p>
        </>
      )}
    </Answered>
  );
}

const KINDS: Record<string, string> = {
  webhook: "Webhook",
  slack: "Slack",
  email: "E-mail",
  log: "Log file",
};

function EndpointRow({ endpoint }: { endpoint: NotificationEndpoint }) {
  const { operate, administer } = useRights();
  const [result, setResult] = useState<ChannelTest | null>(null);
  const test = useChannelTest(endpoint.id, setResult);
  const enable = useEnable(endpoint.id);
  const state = endpointState(endpoint);
  return (
    <li className={classes.entry} data-off={!endpoint.enabled || undefined}>
      <div className={classes.row}>
        <span className={classes.state}>
          <Badge tone={state.tone}>{state.word}</Badge>
        </span>
        <div className={classes.grow}>
          <h3 className={classes.name}>
            {endpoint.id}{" "}
            <span className={classes.kind}>{KINDS[endpoint.channel_type] ?? endpoint.channel_type}</span>
          </h3>
          <p className={classes.quiet}>
            {endpoint.target_hint ?? "no address: its variable in the environment is not set"}
            {endpoint.is_signed ? " · signed" : " · not signed"} · told of{" "}
            {endpoint.enabled_event_types.map(eventName).join(" and ")} ·{" "}
            {plural(endpoint.max_attempts, "attempt")}, waiting{" "}
            {endpoint.retry_schedule_seconds.map((seconds) => duration(seconds * 1000)).join(", ") || "never"}
          </p>
          <p className={classes.quiet}>
            {endpoint.last_success_at === null
              ? "Nothing has arrived there yet"
              : `Last arrived ${ago(endpoint.last_success_at)}`}
            {endpoint.last_failure_at && ` · last failed ${ago(endpoint.last_failure_at)}`}
            {endpoint.consecutive_failures > 0 &&
              ` · ${plural(endpoint.consecutive_failures, "failure")} in a row`}
            {endpoint.open_until && ` · probed next ${instant(endpoint.open_until)}`}
            {endpoint.disabled_reason && ` · ${endpoint.disabled_reason}`}
          </p>
          {result && (
            <p className={result.delivered ? classes.good : classes.bad} role="status">
              {result.delivered
                ? `The test message arrived in ${result.duration_ms} ms.`
                : `The test message did not arrive: ${result.error_message_safe ?? result.error_code ?? "no reason was given"}.`}
            </p>
          )}
          <DialogFailure what="That failed" error={test.error ?? enable.error} />
        </div>
        <div className={classes.acts}>
          {endpoint.state === "disabled" && (
            <ActButton
              right={operate}
              label={`Enable ${endpoint.id} again`}
              isMain
              isPending={enable.isPending}
              onClick={() => enable.run(undefined)}
            >
              Enable again
            </ActButton>
          )}
          {endpoint.enabled && (
            <ActButton
              right={administer}
              label={`Send a test to ${endpoint.id}`}
              isPending={test.isPending}
              onClick={() => test.run(undefined)}
            >
              Send a test
            </ActButton>
          )}
        </div>
      </div>
    </li>
  );
}
