import { sql } from "kysely";
import type { Db } from "../db.ts";

export interface CounterValue {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Every counter that lives in the database, summed over its shards. */
export async function readCounters(db: Db): Promise<CounterValue[]> {
  const { rows } = await sql<CounterValue>`
    select name, labels, sum(value) as value from metric_counter group by name, labels order by name, labels
  `.execute(db);
  return rows;
}

/** Add to counters in the caller's transaction. */
export async function countUp(
  trx: Db,
  name: string,
  labels: Record<string, string>,
  amount = 1,
): Promise<void> {
  await sql`select count_up(${name}, ${JSON.stringify(labels)}::jsonb, ${amount})`.execute(trx);
}

/** What the bell room looks like now; the cost does not depend on how much history there is. */
export interface AlertGauges {
  active: { severity: string; status: string; muted: boolean; count: number }[];
  activeSilences: number;
  outboxPending: number;
  outboxDead: number;
  /** 0 when nothing waits */
  oldestPendingAgeSeconds: number;
  policyHealth: { policyId: string; health: string }[];
  endpoints: { channelTarget: string; consecutiveFailures: number; isOpen: boolean; isDisabled: boolean }[];
  latestRuns: { sourceName: string; at: Date }[];
}

export async function readAlertGauges(db: Db): Promise<AlertGauges> {
  const { rows } = await sql<AlertGauges>`
    select
      (select coalesce(json_agg(a), '[]') from (
        select s.severity, s.status, k.alert_id is not null as muted, count(*)::integer as count
        from preflight_alert_state as s
        left join preflight_alert_acknowledgement as k
          on k.alert_id = s.alert_id and k.firing_no = s.firing_no and k.cleared_at is null
          and (k.expires_at is null or k.expires_at > clock_timestamp())
        where s.status in ('PENDING', 'FIRING')
        group by 1, 2, 3) as a) as active,
      (select count(*)::integer from preflight_alert_silence
        where expired_at is null and starts_at <= clock_timestamp() and ends_at > clock_timestamp()) as "activeSilences",
      (select coalesce(sum(value), 0)::bigint from preflight_notification_outbox_count where state = 'pending') as "outboxPending",
      (select coalesce(sum(value), 0)::bigint from preflight_notification_outbox_count where state = 'dead') as "outboxDead",
      coalesce((select extract(epoch from clock_timestamp() - created_at)::double precision
        from preflight_notification_outbox where is_waiting(status)
        order by created_at limit 1), 0) as "oldestPendingAgeSeconds",
      (select coalesce(json_agg(json_build_object('policyId', policy_id, 'health', health)), '[]')
        from preflight_alert_policy_health) as "policyHealth",
      (select coalesce(json_agg(json_build_object('channelTarget', channel_target, 'consecutiveFailures', consecutive_failures,
          'isOpen', coalesce(open_until > clock_timestamp(), false), 'isDisabled', disabled_at is not null)), '[]')
        from preflight_notification_endpoint) as endpoints
  `.execute(db);
  const latest = await sql<{ sourceName: string; at: Date }>`
    select source_name as "sourceName", run.created_at as "at"
    from unnest(array['train', 'store', 'future']) as source_name
    cross join lateral (
      select created_at from preflight_run_registry as r where r.source_name = source_name.source_name
      order by created_at desc limit 1
    ) as run
  `.execute(db);
  return { ...rows[0]!, latestRuns: latest.rows };
}
