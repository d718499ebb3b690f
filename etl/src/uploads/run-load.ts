import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Logger, messageOf } from "@rossmann/core";
import {
  beatUpload,
  type Db,
  failStaleRuns,
  findEtlRun,
  type Upload,
  type UploadOutcome,
  type UploadProgress,
} from "@rossmann/warehouse";
import type { LoadNews, LoadOrder } from "./load-process.ts";

const PROCESS_FILE = fileURLToPath(new URL("./load-process.ts", import.meta.url));
/** So often a load says that it is at work, and hears whether it is to stop. */
const BEAT_MS = 1_000;
const UNTOUCHED = "the data loaded before is untouched";

/** A load at work in a process of its own. */
export interface RunningLoad {
  /** how it ended; null when it was stopped, by whoever cancelled the delivery or by `stop` */
  outcome: Promise<UploadOutcome | null>;
  /** end it now; what it has not published yet never shows */
  stop(): void;
}

export function runLoad(db: Db, upload: Upload, order: LoadOrder, logger: Logger): RunningLoad {
  const child = fork(PROCESS_FILE, { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    // A load is made to be killed at any moment, and a polite signal would wait for the statement under way.
    child.kill("SIGKILL");
  };
  return { outcome: follow(db, upload, child, order, logger, stop, () => isStopped), stop };
}

async function follow(
  db: Db,
  { uploadId }: Upload,
  child: ChildProcess,
  order: LoadOrder,
  logger: Logger,
  stop: () => void,
  isStopped: () => boolean,
): Promise<UploadOutcome | null> {
  let etlRunId: string | null = null;
  let progress: UploadProgress | null = null;
  let last: LoadNews | null = null;
  child.on("message", (message) => {
    const news = message as LoadNews;
    if (news.kind === "run") {
      etlRunId = news.runId;
      // At once: whoever cancels the delivery fails its run, so that it cannot be published any more.
      beat();
    } else if (news.kind === "progress") progress = news.progress;
    else last = news;
  });
  const beat = () =>
    void beatUpload(db, uploadId, { progress, etlRunId }).then(
      (goesOn) => !goesOn && last === null && stop(),
      // The database may be away for a moment; the load itself will tell if it is away for longer.
      (error) => logger.debug({ reason: messageOf(error) }, "a load could not say that it is at work"),
    );
  const beating = setInterval(beat, BEAT_MS);
  try {
    const ended = once(child, "exit");
    child.send(order, () => {});
    await ended;
  } catch (error) {
    return failed(
      etlRunId,
      "process_failed",
      `no process could be started for the load (${messageOf(error)}); ${UNTOUCHED}`,
    );
  } finally {
    clearInterval(beating);
  }
  const news = last as LoadNews | null;
  if (news?.kind === "completed") return { status: "COMPLETED", etlRunId: news.runId, result: news.result };
  if (news?.kind === "refused") return failed(etlRunId, news.code, news.message);
  if (news?.kind === "broken") {
    logger.error({ upload_id: uploadId, reason: news.message }, "a load failed");
    return failed(
      etlRunId,
      "load_failed",
      `the load failed for a reason that only the server's log may tell; ${UNTOUCHED}`,
    );
  }
  // It was killed. Its run is closed now and not at the next start, unless it was just through.
  await failStaleRuns(db);
  if (etlRunId !== null && (await findEtlRun(db, etlRunId)).status === "COMPLETED")
    return { status: "COMPLETED", etlRunId, result: null };
  if (isStopped()) return null;
  return failed(
    etlRunId,
    "process_ended",
    `the process of the load was ended, maybe for lack of memory; ${UNTOUCHED}`,
  );
}

const failed = (etlRunId: string | null, errorCode: string, errorMessage: string): UploadOutcome => ({
  status: "FAILED",
  etlRunId,
  errorCode,
  errorMessage,
});
