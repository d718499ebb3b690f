import { sql } from "kysely";
import type { Db } from "../db.ts";
import { allOf } from "./alerts.ts";

export interface StoredMatcher {
  name: string;
  operator: "=" | "!=" | "=~" | "!~";
  value: string;
}

export interface StoredSilence {
  silenceId: string;
  policyId: string | null;
  sourceName: string | null;
  severity: string | null;
  ruleId: string | null;
  matchers: StoredMatcher[];
  startsAt: Date;
  endsAt: Date;
  reason: string;
  createdBy: string;
  createdAt: Date;
  expiredAt: Date | null;
  /** by the database's clock */
  state: "pending" | "active" | "expired";
}

const columns = sql`
  silence_id as "silenceId", policy_id as "policyId", source_name as "sourceName", severity, rule_id as "ruleId",
  matchers_json as matchers, starts_at as "startsAt", ends_at as "endsAt", reason, created_by as "createdBy",
  created_at as "createdAt", expired_at as "expiredAt",
  case
    when expired_at is not null or ends_at <= clock_timestamp() then 'expired'
    when starts_at > clock_timestamp() then 'pending'
    else 'active'
  end as state`;

export type NewSilence = Omit<StoredSilence, "createdAt" | "expiredAt" | "state">;

export async function insertSilence(trx: Db, silence: NewSilence): Promise<StoredSilence> {
  const { rows } = await sql<StoredSilence>`
    insert into preflight_alert_silence
      (silence_id, policy_id, source_name, severity, rule_id, matchers_json, starts_at, ends_at, reason, created_by)
    values (${silence.silenceId}, ${silence.policyId}, ${silence.sourceName}, ${silence.severity}, ${silence.ruleId},
      ${JSON.stringify(silence.matchers)}::jsonb, ${silence.startsAt}, ${silence.endsAt}, ${silence.reason}, ${silence.createdBy})
    returning ${columns}
  `.execute(trx);
  return rows[0]!;
}

/** Silences, newest first. */
export async function listSilences(
  db: Db,
  filter: {
    includeExpired?: boolean;
    /** `silenceId` of the last row of the page before */
    after?: string;
    limit?: number;
  } = {},
): Promise<StoredSilence[]> {
  const where = allOf([
    filter.includeExpired === true ? null : sql`expired_at is null and ends_at > clock_timestamp()`,
    // Newest first, then by id: what comes behind is older, or as old with a later id.
    filter.after === undefined
      ? null
      : sql`exists (
          select from preflight_alert_silence as last where last.silence_id = ${filter.after}
            and (silence.created_at < last.created_at
              or (silence.created_at = last.created_at and silence.silence_id > last.silence_id)))`,
  ]);
  const { rows } = await sql<StoredSilence>`
    select ${columns} from preflight_alert_silence as silence
    where ${where}
    order by created_at desc, silence_id limit ${filter.limit ?? 100}
  `.execute(db);
  return rows;
}

/** Silences that are quiet-making now, newest first; all of them. */
export async function activeSilences(db: Db): Promise<StoredSilence[]> {
  const { rows } = await sql<StoredSilence>`
    select ${columns} from preflight_alert_silence
    where expired_at is null and starts_at <= clock_timestamp() and ends_at > clock_timestamp()
    order by created_at desc, silence_id
  `.execute(db);
  return rows;
}

/**
 * End a silence now.
 *
 * @returns the silence and whether this call ended it; null when there is none of that id
 */
export async function expireSilence(
  trx: Db,
  silenceId: string,
): Promise<{ silence: StoredSilence; ended: boolean } | null> {
  const ended = await sql<StoredSilence>`
    update preflight_alert_silence set expired_at = clock_timestamp()
    where silence_id = ${silenceId} and expired_at is null returning ${columns}
  `.execute(trx);
  if (ended.rows[0] !== undefined) return { silence: { ...ended.rows[0], state: "expired" }, ended: true };
  const { rows } = await sql<StoredSilence>`
    select ${columns} from preflight_alert_silence where silence_id = ${silenceId}
  `.execute(trx);
  return rows[0] === undefined ? null : { silence: rows[0], ended: false };
}

/** Mark the silences whose time is over, each once. */
export async function expireElapsedSilences(trx: Db): Promise<StoredSilence[]> {
  const { rows } = await sql<StoredSilence>`
    update preflight_alert_silence set expired_at = ends_at
    where expired_at is null and ends_at <= clock_timestamp() returning ${columns}
  `.execute(trx);
  return rows;
}
