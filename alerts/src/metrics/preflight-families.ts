import { type SharedFamilies, seconds } from "./shared-families.ts";

const SOURCES = ["train", "store", "future"];
const MODES = ["report_only", "enforce"];
const VERDICTS = ["PASS", "WARN", "FAIL", "SKIPPED", "ERROR"];

/** What the clerk at the door found. */
export function declarePreflightFamilies({ counter, gauge }: SharedFamilies): void {
  counter(
    "preflight_runs_total",
    "Preflight runs by verdict, mode and file",
    ["final_status", "mode", "source_name"],
    () =>
      SOURCES.flatMap((source_name) =>
        MODES.flatMap((mode) => VERDICTS.map((final_status) => ({ final_status, mode, source_name }))),
      ),
  );
  counter("preflight_blocked_total", "Preflight runs that blocked a load", ["source_name"], () =>
    SOURCES.map((source_name) => ({ source_name })),
  );
  gauge(
    "preflight_latest_run_timestamp_seconds",
    "When a file was last checked; 0 when never",
    ["source_name"],
    ({ gauges }) =>
      SOURCES.map((source_name) => {
        const latest = gauges.latestRuns.find((run) => run.sourceName === source_name);
        return { labels: { source_name }, value: seconds(latest?.at ?? null) };
      }),
  );
}
