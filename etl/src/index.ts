export * from "./contract/index.ts";
export * from "./errors.ts";
export { type FindingCount, Findings } from "./findings.ts";
export { type DeliveredFiles, type IngestReport, type IngestRequest, ingest } from "./ingest.ts";
export * from "./parquet/index.ts";
export * from "./preflight/index.ts";
export type { IngestPhase, IngestProgress } from "./progress.ts";
export { type ComingDays, ComingDaysError, readComingDays } from "./read-coming-days.ts";
export { type SampleOptions, type WrittenSample, writeSample } from "./sample/sample.ts";
export { receiveFile, tooLarge, UploadRefused } from "./uploads/receive-file.ts";
export {
  type IncomingDelivery,
  isUploadId,
  openDelivery,
  removeUploadedFiles,
  uploadRoot,
} from "./uploads/upload-folder.ts";
export { createUploadJobs, type UploadJobs } from "./uploads/upload-jobs.ts";
