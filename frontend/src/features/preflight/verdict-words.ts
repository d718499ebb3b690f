import type { PreflightRun, PreflightRunDetail } from "../../lib/api-types.ts";
import { count, instant, plural } from "../../lib/format.ts";

const FILES: Record<string, string> = {
  train: "sales file",
  store: "store file",
  future: "file of coming days",
};

/** A file of a delivery, in the middle of a sentence. */
export const fileWords = (kind: string): string => FILES[kind] ?? `${kind} file`;

/**
 * What the verdict of one file led to, in a few words.
 *
 * @param isDeliveryBlocked another file of its delivery was turned away, and with it this one
 */
export function outcomeWords(file: PreflightRun, isDeliveryBlocked = false): string {
  if (file.blocked) return "Blocked, nothing changed";
  if (isDeliveryBlocked) return "Not loaded either: the delivery was turned away";
  if (file.mode === "report_only") return "Reported only, loaded as it is";
  if (file.mode === "off") return "Not examined";
  return file.rows_rejected > 0
    ? `Accepted with warnings, ${plural(file.rows_rejected, "row")} set aside`
    : "Accepted";
}

/** Faults of one file: findings before the rules and broken rules. */
export const faultsOf = (file: PreflightRun): number =>
  file.errors_count + file.warnings_count + file.rules_failed + file.rules_warned;

/** The page's answer: what came of the delivery, where the faults are, and what that means for the data. */
export function runAnswer(run: PreflightRunDetail): string {
  const when = `The delivery of ${instant(run.created_at)}`;
  const faulty = run.records.filter((file) => file.final_status !== "PASS" && faultsOf(file) > 0);
  const where = faulty
    .map(
      (file) =>
        `${plural(faultsOf(file), "kind of fault", "kinds of faults")} in the ${fileWords(file.source_name)}`,
    )
    .join(", ");
  if (run.blocked)
    return `${when} was turned away: ${where || "it could not be judged"}. Nothing changed; what was loaded before still stands.`;
  if (run.mode === "report_only" && run.final_status !== "PASS")
    return `${when} has ${where || "faults"}, and was loaded as it is: this mode only reports.`;
  const aside = run.records.reduce((sum, file) => sum + file.rows_rejected, 0);
  if (run.final_status === "WARN")
    return `${when} was loaded with warnings: ${where}${aside > 0 ? `; ${plural(aside, "row")} set aside` : ""}.`;
  if (run.final_status === "PASS") {
    const rows = run.records.reduce((sum, file) => sum + file.rows_read, 0);
    return `${when} kept its contract: ${plural(run.records.length, "file")}, ${count(rows)} rows, no fault.`;
  }
  return `${when} was not examined.`;
}
