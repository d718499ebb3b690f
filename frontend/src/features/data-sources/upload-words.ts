import type { Tone } from "../../components/badge.tsx";
import type { UploadItem } from "../../lib/api-types.ts";
import { count, plural } from "../../lib/format.ts";

export const STATES: Record<UploadItem["status"], { tone: Tone; word: string }> = {
  QUEUED: { tone: "info", word: "Waiting" },
  RUNNING: { tone: "info", word: "At work" },
  COMPLETED: { tone: "good", word: "Loaded" },
  FAILED: { tone: "bad", word: "Not loaded" },
  CANCELLED: { tone: "even", word: "Cancelled" },
};

/** Steps of a load in their order. */
const PHASES: Record<string, string> = {
  read_stores: "Reading the stores",
  read_sales: "Reading the sales",
  read_future: "Reading the coming days",
  check: "Checking every cell",
  copy: "Copying the rows",
  compare: "Comparing them with the earlier ones",
  stores: "Renewing the stores",
  aggregates: "Adding up",
  keys: "Making them quick to find",
  swap: "Making them visible",
};

/** How many of the steps are over, 0 to 1; null when that is not known. */
export function uploadShare({ status, progress }: Pick<UploadItem, "status" | "progress">): number | null {
  const step = status === "RUNNING" && progress !== null ? Object.keys(PHASES).indexOf(progress.phase) : -1;
  return step === -1 ? null : step / Object.keys(PHASES).length;
}

/** What happens to an upload, or what came of it, and what that means for the data. */
export function uploadWords(upload: UploadItem): string {
  const { progress, result } = upload;
  switch (upload.status) {
    case "QUEUED":
      return "Waiting for its turn; it goes on when you leave this page.";
    case "RUNNING": {
      if (progress === null)
        return "Holding the files against the contract; it goes on when you leave this page.";
      const phase = PHASES[progress.phase] ?? `At the step “${progress.phase}”`;
      return progress.rows > 0 ? `${phase}: ${count(progress.rows)} rows` : phase;
    }
    case "COMPLETED": {
      if (result === null) return "Loaded.";
      const aside = result.rows_rejected > 0 ? `, ${plural(result.rows_rejected, "row")} set aside` : "";
      return `${plural(result.rows_accepted, "row")} of sales loaded${aside}.`;
    }
    case "CANCELLED":
      return "Called off; nothing changed.";
    case "FAILED":
      return `Nothing changed. ${upload.error === null ? "No reason was recorded." : reason(upload.error.detail)}`;
  }
}

/** The reason alone: what happened to the load stands before it already, and the report is a button beside it. */
const reason = (detail: string): string =>
  detail
    .replace(/^Preflight blocked ETL, nothing was loaded\. /, "")
    .replace(/ The validation_report\.json and .*$/, "");
