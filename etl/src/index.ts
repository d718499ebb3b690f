export * from "./errors.ts";
export { type FindingCount, Findings } from "./findings.ts";
export { type DeliveredFiles, type IngestReport, type IngestRequest, ingest } from "./ingest.ts";
export type { IngestPhase, IngestProgress } from "./progress.ts";
