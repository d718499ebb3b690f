import { type IngestReport, type IngestRequest, ingest } from "@rossmann/etl";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

const count = (n: number) => n.toLocaleString("en-US");

/** Load a delivery with progress on the terminal, and say what was taken, what was refused and why. */
export async function loadFiles(
  session: Session,
  request: Omit<IngestRequest, "onProgress">,
  terminal: Terminal,
): Promise<IngestReport> {
  const report = await ingest(
    session.db,
    {
      ...request,
      onProgress: ({ phase, rows, rowsPerSecond }) =>
        terminal.progress(
          `load: ${phase.replaceAll("_", " ")}`,
          rows > 0 ? `${count(rows)} rows, ${count(rowsPerSecond)} a second` : "",
        ),
    },
    session.effects,
  );
  terminal.note(
    `loaded ${count(report.rowsAccepted)} of ${count(report.rowsRead)} rows (${count(report.rowsUnchanged)} unchanged, ${count(report.rowsRejected)} refused) in ${(report.elapsedMs / 1000).toFixed(1)} s, run ${report.runId}`,
  );
  for (const finding of report.findings) {
    const where = finding.column === null ? finding.source : `${finding.source}, ${finding.column}`;
    terminal.note(
      `  ${finding.severity}: ${finding.code.replaceAll("_", " ")} (${where}): ${count(finding.count)}`,
    );
  }
  return report;
}
