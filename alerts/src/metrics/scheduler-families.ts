import { type SharedFamilies, seconds } from "./shared-families.ts";

const JOBS = ["alerts", "notifications", "retention", "figures"];

/** What runs on a schedule, whichever process runs it. */
export function declareSchedulerFamilies({ counter, gauge }: SharedFamilies): void {
  for (const job of ["alerts", "notifications"]) {
    gauge(
      `preflight_${job}_scheduler_last_tick_timestamp_seconds`,
      `Last time the ${job} job succeeded; 0 when never`,
      [],
      ({ jobs }) => [
        { labels: {}, value: seconds(jobs.find(({ jobName }) => jobName === job)?.lastSuccessAt ?? null) },
      ],
    );
  }
  gauge(
    "preflight_scheduler_never_started",
    "1 for a job that no process has ever run",
    ["job_name"],
    ({ jobs }) =>
      JOBS.map((job) => ({
        labels: { job_name: job },
        value: jobs.some((each) => each.jobName === job && each.lastStartedAt !== null) ? 0 : 1,
      })),
  );
  gauge(
    "preflight_scheduler_last_duration_seconds",
    "How long the job's last tick took",
    ["job_name"],
    ({ jobs }) =>
      jobs.flatMap(({ jobName, lastDurationMs }) =>
        lastDurationMs === null ? [] : [{ labels: { job_name: jobName }, value: lastDurationMs / 1_000 }],
      ),
  );
  counter("preflight_scheduler_ticks_total", "Ticks by job and outcome", ["job_name", "outcome"], () =>
    JOBS.flatMap((job) => ["success", "failure"].map((outcome) => ({ job_name: job, outcome }))),
  );
  counter(
    "preflight_scheduler_ticks_skipped_total",
    "Ticks that passed while the one before still worked",
    ["job_name"],
    () => JOBS.map((job) => ({ job_name: job })),
  );

  gauge(
    "preflight_scheduler_last_success_timestamp_seconds",
    "Last time the job succeeded; 0 when never",
    ["job_name"],
    ({ jobs }) =>
      JOBS.map((job) => ({
        labels: { job_name: job },
        value: seconds(jobs.find(({ jobName }) => jobName === job)?.lastSuccessAt ?? null),
      })),
  );
}
