import { randomUUID } from "node:crypto";
import { createLogger, createRandom } from "@rossmann/core";
import type { Db, StoredAlert } from "@rossmann/warehouse";
import { sql } from "kysely";
import {
  type Channel,
  createDispatcher,
  enabledChannels,
  evaluatePolicies,
  type PolicyFile,
  type Postman,
  parseChannels,
  parsePolicies,
  SCHEDULER_ACTOR,
} from "../src/index.ts";
import type { DeliveryRequest, DeliveryResult } from "../src/outbox/deliver.ts";
import { delivered } from "../src/outbox/deliver.ts";

export { delivered, failed } from "../src/outbox/deliver.ts";

export const silent = createLogger("silent");

/** Policies from lines of YAML, each line a policy in flow style. */
export function policiesOf(...lines: string[]): PolicyFile {
  return parsePolicies(`policies:\n${lines.map((line) => `  - ${line}`).join("\n")}\n`, "policies.yaml");
}

/** Fires at the first blocked run. */
export const BLOCKED =
  '{id: blocked, severity: HIGH, metric_type: blocked_count, operator: ">=", threshold: 1}';

/** Channels that tell every alert by itself and at once, unless `more` says otherwise. */
export function channelsOf(...more: { id: string; url?: string; yaml?: string }[]): Channel[] {
  const lines = more.map(
    ({ id, url, yaml }) =>
      `  - {id: ${id}, enabled: true, target_url: "${url ?? "https://receiver.example/hook"}", group_by: [alert_id], group_wait: 0, group_interval: 0, ${yaml ?? "concurrency: 8"}}`,
  );
  return enabledChannels(
    parseChannels(`channels:\n${lines.join("\n")}\n`, "channels.yaml", {
      SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }),
  );
}

/** Record a preflight run as the clerk at the door does. */
export async function addRun(
  db: Db,
  run: {
    status?: string;
    blocked?: boolean;
    source?: string;
    mode?: string;
    usedUnified?: boolean;
    dataSourceId?: number;
    at?: Date;
  } = {},
): Promise<string> {
  const runId = randomUUID();
  await sql`
    insert into preflight_run_registry (run_id, source_name, created_at, mode, validation_status, semantic_status, final_status,
      used_input_path, used_unified, blocked, data_source_id)
    values (${runId}, ${run.source ?? "train"}, coalesce(${run.at ?? null}::timestamptz, clock_timestamp()), ${run.mode ?? "enforce"},
      'PASS', 'PASS', ${run.status ?? "PASS"}, 'train.csv', ${run.usedUnified ?? false}, ${run.blocked ?? false}, ${run.dataSourceId ?? null})
  `.execute(db);
  return runId;
}

export async function clearRuns(db: Db): Promise<void> {
  await sql`delete from preflight_run_registry`.execute(db);
}

export function evaluate(db: Db, policies: PolicyFile, channels: readonly Channel[] = []) {
  return evaluatePolicies(db, { policies, channels, actor: SCHEDULER_ACTOR, logger: silent });
}

/** A postman that remembers and answers as told. */
export function fakePostman(
  answer: (channel: Channel, request: DeliveryRequest) => DeliveryResult | Promise<DeliveryResult> = () =>
    delivered(200, ""),
) {
  const sent: { channel: string; eventId: string; payload: string; request: DeliveryRequest }[] = [];
  const postman: Postman = {
    async deliver(channel, request) {
      sent.push({ channel: channel.id, eventId: request.eventId, payload: request.payload, request });
      return answer(channel, request);
    },
    close: async () => {},
  };
  return { postman, sent };
}

export function dispatcherOf(
  db: Db,
  channels: readonly Channel[],
  postman: Postman,
  more: { ownerId?: string; leaseMs?: number; batchSize?: number } = {},
) {
  return createDispatcher({
    db,
    ownerId: more.ownerId ?? `test:${randomUUID().slice(0, 8)}`,
    channels: async () => channels,
    postman,
    random: createRandom(7),
    logger: silent,
    leaseMs: more.leaseMs,
    batchSize: more.batchSize,
  });
}

export async function rowsOf<Row>(db: Db, text: string): Promise<Row[]> {
  return (await sql.raw<Row>(text).execute(db)).rows;
}

/** As stored, by alert id. */
export async function alertOf(
  db: Db,
  alertId: string,
): Promise<Pick<StoredAlert, "status" | "firingNo"> | undefined> {
  const rows = await rowsOf<{ status: StoredAlert["status"]; firingNo: number; alertId: string }>(
    db,
    'select alert_id as "alertId", status, firing_no as "firingNo" from preflight_alert_state',
  );
  return rows.find((row) => row.alertId === alertId);
}

/** Put single-event notifications into the outbox, as the relay would. */
export async function fillOutbox(
  db: Db,
  count: number,
  channels: readonly string[],
  prefix = "e",
): Promise<void> {
  await sql`
    with item as (
      select ${prefix} || '_' || n as event_id, (${[...channels]}::text[])[1 + n % ${channels.length}::integer] as channel
      from generate_series(1, ${count}::integer) as n
    ), event as (
      insert into preflight_notification_event (event_id, event_type, alert_id, policy_id, severity, firing_no, reason, payload_json, occurred_at)
      select event_id, 'ALERT_FIRING', event_id, 'p', 'HIGH', 1, 'fired', json_build_object('version', 'v1', 'event_id', event_id,
        'event_type', 'ALERT_FIRING', 'occurred_at', now(), 'alert', json_build_object('alert_id', event_id), 'context', json_build_object()), now()
      from item
    ), envelope as (
      insert into preflight_notification_outbox (id, event_id, delivery_id, event_type, alert_id, policy_id, severity, group_key,
        channel_type, channel_target, max_attempts, next_retry_at)
      select 'o' || event_id, event_id, 'd' || event_id, 'ALERT_FIRING', event_id, 'p', 'HIGH', event_id, 'webhook', channel, 8, now() - interval '1 second'
      from item
    )
    insert into preflight_notification_outbox_event (outbox_id, event_id, alert_id, firing_no, event_type, channel_target)
    select 'o' || event_id, event_id, event_id, 1, 'ALERT_FIRING', channel from item
  `.execute(db);
}
