import { sql } from "kysely";
import type { Db } from "../db.ts";

export interface EndpointHealth {
  channelTarget: string;
  consecutiveFailures: number;
  firstFailureAt: Date | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  /** the circuit is open until then; null: closed */
  openUntil: Date | null;
  disabledAt: Date | null;
  disabledReason: string | null;
}

/** Channels that were ever used, by id. */
export async function listEndpointHealth(db: Db): Promise<EndpointHealth[]> {
  const { rows } = await sql<EndpointHealth>`
    select channel_target as "channelTarget", consecutive_failures as "consecutiveFailures",
      first_failure_at as "firstFailureAt", last_success_at as "lastSuccessAt", last_failure_at as "lastFailureAt",
      case when open_until > clock_timestamp() then open_until end as "openUntil",
      disabled_at as "disabledAt", disabled_reason as "disabledReason"
    from preflight_notification_endpoint order by channel_target
  `.execute(db);
  return rows;
}

/** Let notifications go to a disabled endpoint again; false when it was not disabled. */
export async function enableEndpoint(trx: Db, channelTarget: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update preflight_notification_endpoint
    set disabled_at = null, disabled_reason = null, consecutive_failures = 0, first_failure_at = null, open_until = null,
      updated_at = clock_timestamp()
    where channel_target = ${channelTarget} and disabled_at is not null
  `.execute(trx);
  return numAffectedRows === 1n;
}

/** Seconds until something of these channels is due; 0 when it is now, null when nothing waits. */
export async function secondsUntilDue(db: Db, channelTargets: readonly string[]): Promise<number | null> {
  const { rows } = await sql<{ seconds: number | null }>`
    select min(extract(epoch from greatest(next.due_at - clock_timestamp(), interval '0')))::double precision as seconds
    from unnest(${[...channelTargets]}::text[]) as c (channel_target)
    cross join lateral (
      select o.due_at from preflight_notification_outbox as o
      where o.channel_target = c.channel_target and o.status in ('PENDING', 'RETRYING')
      order by o.due_at limit 1
    ) as next
  `.execute(db);
  return rows[0]?.seconds ?? null;
}
