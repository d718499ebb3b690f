import { sql } from "kysely";
import type { Db } from "../db.ts";

/** The beginning of one evaluation of all policies. */
export interface Evaluation {
  /** grows with every evaluation that begins, on any machine */
  evaluationNo: number;
  /** the database's clock, whole milliseconds */
  at: Date;
}

/**
 * Number an evaluation and take the time: the database's clock is the only one for alerts. The time is rounded up, so that what was
 * recorded just before it lies inside a window that ends with it.
 */
export async function beginEvaluation(db: Db): Promise<Evaluation> {
  const { rows } = await sql<Evaluation>`
    select nextval('preflight_alert_evaluation_no') as "evaluationNo", date_trunc('milliseconds', clock_timestamp() + interval '999 microseconds') as "at"
  `.execute(db);
  return rows[0]!;
}

export type PolicyHealthWord = "ok" | "no_data" | "error";

export interface PolicyHealth {
  policyId: string;
  health: PolicyHealthWord;
  lastError: string | null;
  lastEvaluatedAt: Date;
  lastDurationMs: number;
}

/**
 * Note how the evaluation of each policy went, and hold these policies until the transaction ends, so that two evaluators take
 * turns.
 *
 * @returns ids of the policies for which this evaluation is the newest; what it found about the others is out of date
 */
export async function recordPolicyHealth(
  trx: Db,
  evaluationNo: number,
  healths: readonly PolicyHealth[],
): Promise<Set<string>> {
  const { rows } = await sql<{ policyId: string }>`
    insert into preflight_alert_policy_health as known
      (policy_id, evaluation_no, health, last_error, last_evaluated_at, last_duration_ms)
    select "policyId", ${evaluationNo}::bigint, health, "lastError", "lastEvaluatedAt", "lastDurationMs"
    from jsonb_to_recordset(${JSON.stringify(healths)}::jsonb) as seen
      ("policyId" text, health text, "lastError" text, "lastEvaluatedAt" timestamptz, "lastDurationMs" double precision)
    order by "policyId"
    on conflict (policy_id) do update set
      evaluation_no = excluded.evaluation_no,
      health = excluded.health,
      last_error = excluded.last_error,
      last_evaluated_at = excluded.last_evaluated_at,
      last_duration_ms = excluded.last_duration_ms
    where known.evaluation_no < excluded.evaluation_no
    returning policy_id as "policyId"
  `.execute(trx);
  return new Set(rows.map((row) => row.policyId));
}

/** Every policy that was ever evaluated, by id. */
export async function listPolicyHealth(db: Db): Promise<PolicyHealth[]> {
  const { rows } = await sql<PolicyHealth>`
    select policy_id as "policyId", health, last_error as "lastError", last_evaluated_at as "lastEvaluatedAt",
      last_duration_ms as "lastDurationMs"
    from preflight_alert_policy_health order by policy_id
  `.execute(db);
  return rows;
}

/** Forget the health of every policy but these. */
export async function forgetOtherPolicies(trx: Db, policyIds: readonly string[]): Promise<void> {
  await sql`delete from preflight_alert_policy_health where policy_id <> all(${[...policyIds]}::text[])`.execute(
    trx,
  );
}
