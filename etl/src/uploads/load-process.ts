/**
 * Entry of a process that examines and loads one delivery: a load that is cancelled or runs out of memory takes nobody with it.
 * One message says what to do; messages tell where it stands and how it ended.
 */
import { AppError, createLogger, type Settings, systemEffects } from "@rossmann/core";
import {
  closeDatabase,
  openDatabase,
  resolveDataSource,
  type Upload,
  type UploadProgress,
  type UploadResult,
} from "@rossmann/warehouse";
import { ingest } from "../ingest.ts";
import { preflightAdmission } from "../preflight/admission.ts";
import {
  preflightChoicesOf,
  readPreflightFile,
  resolvePreflightOptions,
} from "../preflight/preflight-options.ts";
import { uploadedPaths } from "./upload-folder.ts";

/** What the process is told. The database's address comes by message, since anyone may read a process's arguments. */
export interface LoadOrder {
  databaseUrl: string;
  root: string;
  settings: Settings;
  upload: Pick<Upload, "uploadId" | "dataSourceId" | "files" | "loadKind" | "preflightMode">;
}

/** What the process tells. */
export type LoadNews =
  | { kind: "run"; runId: string }
  | { kind: "progress"; progress: UploadProgress }
  | { kind: "completed"; runId: string; result: UploadResult }
  | { kind: "refused"; code: string; message: string }
  | { kind: "broken"; message: string };

const POOL_SIZE = 4;

// Ctrl-C in a terminal reaches every process of it: whoever started this one decides what becomes of it.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
// Nobody is left to tell: what is not published yet is given up, which changes nothing.
process.once("disconnect", () => process.exit(1));
process.once("message", (order) => void work(order as LoadOrder));

async function work({ databaseUrl, root, settings, upload }: LoadOrder): Promise<void> {
  const effects = systemEffects(createLogger("warn"));
  const db = openDatabase(databaseUrl, {
    poolSize: POOL_SIZE,
    applicationName: "rossmann load",
    logger: effects.logger,
  });
  try {
    const dataSource = await resolveDataSource(db, upload.dataSourceId);
    const linked = { id: dataSource.relatedContractId, version: dataSource.relatedContractVersion };
    const options = resolvePreflightOptions(
      [{ mode: upload.preflightMode }, preflightChoicesOf(settings), readPreflightFile()],
      linked,
    );
    const examine = preflightAdmission(db, dataSource, options, effects);
    const report = await ingest(
      db,
      {
        dataSource,
        ...uploadedPaths(root, upload.uploadId, upload.files),
        kind: upload.loadKind,
        preflightMode: upload.preflightMode,
        admit: (files, runId) => {
          tell({ kind: "run", runId });
          return examine(files, runId);
        },
        onProgress: ({ phase, rows, rowsPerSecond, elapsedMs }) =>
          tell({ kind: "progress", progress: { phase, rows, rowsPerSecond, elapsedMs } }),
      },
      effects,
    );
    const { rowsRead, rowsAccepted, rowsRejected, rowsUnchanged } = report;
    await said({
      kind: "completed",
      runId: report.runId,
      result: { rowsRead, rowsAccepted, rowsRejected, rowsUnchanged },
    });
  } catch (error) {
    await said(
      error instanceof AppError
        ? { kind: "refused", code: error.code, message: error.message.replaceAll(root, "") }
        : {
            kind: "broken",
            message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          },
    );
  }
  await closeDatabase(db).catch(() => {});
  process.exit(0);
}

function tell(news: LoadNews): void {
  process.send?.(news, undefined, undefined, () => {});
}

const said = (news: LoadNews) => new Promise<void>((resolve) => process.send?.(news, () => resolve()));
