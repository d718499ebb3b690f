import { sql } from "kysely";
import type { Db } from "../db.ts";

export interface SchedulerJob {
  jobName: string;
  lastStartedAt: Date | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  lastError: string | null;
  lastDurationMs: number | null;
  lastOwner: string | null;
}

const FAR_MS = 300_000;

/**
 * Begin the present interval's tick of a job. Any number of processes may ask; each interval is given to one of them.
 *
 * @returns start of the interval in milliseconds since 1970-01-01, or null when somebody has begun it already
 */
export async function beginTick(
  db: Db,
  jobName: string,
  intervalMs: number,
  ownerId: string,
): Promise<number | null> {
  // A slot far in the future was written before the clock was set back; waiting for it would stop the job for that long. Far is
  // further than any statement may wait for this row: one that waited must not take the newer slot for a wrong clock.
  const { rows } = await sql<{ slot: number }>`
    with present as (
      select floor(extract(epoch from clock_timestamp()) * 1000 / ${intervalMs}::bigint)::bigint * ${intervalMs}::bigint as slot
    )
    insert into preflight_scheduler_job as job (job_name, last_slot, last_started_at, last_owner)
    select ${jobName}, slot, clock_timestamp(), ${ownerId} from present
    on conflict (job_name) do update set
      last_slot = excluded.last_slot, last_started_at = excluded.last_started_at, last_owner = excluded.last_owner
    where job.last_slot is null or job.last_slot < excluded.last_slot
      or job.last_slot > excluded.last_slot + 2 * ${intervalMs}::bigint + ${FAR_MS}::bigint
    returning last_slot as slot
  `.execute(db);
  return rows[0]?.slot ?? null;
}

/** Note how a tick ended, and count it. */
export async function endTick(
  db: Db,
  jobName: string,
  ended: { durationMs: number; error: string | null; skipped: number },
): Promise<void> {
  const outcome = ended.error === null ? "success" : "failure";
  await sql`
    with noted as (
      update preflight_scheduler_job set
        last_duration_ms = ${ended.durationMs},
        last_success_at = case when ${ended.error}::text is null then clock_timestamp() else last_success_at end,
        last_failure_at = case when ${ended.error}::text is null then last_failure_at else clock_timestamp() end,
        last_error = ${ended.error}::text
      where job_name = ${jobName}
    )
    select
      count_up('preflight_scheduler_ticks_total', jsonb_build_object('job_name', ${jobName}::text, 'outcome', ${outcome}::text), 1),
      case when ${ended.skipped}::integer > 0
        then count_up('preflight_scheduler_ticks_skipped_total', jsonb_build_object('job_name', ${jobName}::text), ${ended.skipped}::integer)
      end
  `.execute(db);
}

/** Every job by name; without `lastStartedAt` no process has ever run it. */
export async function listSchedulerJobs(db: Db): Promise<SchedulerJob[]> {
  const { rows } = await sql<SchedulerJob>`
    select job_name as "jobName", last_started_at as "lastStartedAt", last_success_at as "lastSuccessAt",
      last_failure_at as "lastFailureAt", last_error as "lastError", last_duration_ms as "lastDurationMs",
      last_owner as "lastOwner"
    from preflight_scheduler_job order by job_name
  `.execute(db);
  return rows;
}
