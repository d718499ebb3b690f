import { type Effects, messageOf, type Settings } from "@rossmann/core";
import {
  beginUpload,
  createUpload,
  type Db,
  failStaleUploads,
  finishUpload,
  type NewUpload,
  releaseOldUploadFiles,
  retryUpload,
  type Upload,
  urlOf,
} from "@rossmann/warehouse";
import { type JobQueue, openJobQueue, type UploadJob } from "./job-queue.ts";
import { type RunningLoad, runLoad } from "./run-load.ts";
import { removeBrokenDeliveries, removeUploadedFiles, uploadRoot } from "./upload-folder.ts";

const TIDY_MS = 60_000;
/** So long the files of a delivery that failed wait to be tried again. */
const KEPT_DAYS = 7;

/** Deliveries that are loaded in the background, by any process that works on them. */
export interface UploadJobs {
  /** Take a delivery whose files are stored; it is QUEUED from now on. */
  submit(upload: NewUpload): Promise<Upload>;
  /** Let one that failed or was cancelled be loaded again. @throws {RegistryConflictError} */
  retry(uploadId: string): Promise<Upload>;
  /** From now on take deliveries and load them, one at a time. */
  work(): void;
  /** Take no more; a load under way is ended and taken over by another process, or at the next start. */
  close(): Promise<void>;
}

/**
 * Deliveries on their way into the warehouse. The API submits, and it or any number of workers work: what is under way, its
 * progress and its outcome are in the database, and the queue too.
 */
export function createUploadJobs(
  db: Db,
  { settings, effects, isWorker }: { settings: Settings; effects: Effects; isWorker: boolean },
): UploadJobs {
  const { logger, now } = effects;
  const root = uploadRoot(settings);
  const queue: JobQueue = openJobQueue(db, logger, isWorker);
  let running: RunningLoad | null = null;
  let tidying: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function load({ uploadId }: UploadJob): Promise<void> {
    const upload = await beginUpload(db, uploadId);
    if (upload === null) return;
    running = runLoad(
      db,
      upload,
      { databaseUrl: urlOf(db), root, settings: { ...settings }, upload },
      logger,
    );
    if (isClosed) running.stop();
    const outcome = await running.outcome;
    running = null;
    if (outcome === null) {
      // Whoever cancelled it has written so; a process that stops gives it back.
      await finishUpload(db, uploadId, { status: "QUEUED" });
      if (isClosed) throw new Error("this process is being stopped");
      return;
    }
    await finishUpload(db, uploadId, outcome);
    if (outcome.status === "COMPLETED") await removeUploadedFiles(root, uploadId);
  }

  async function tidy(): Promise<void> {
    try {
      const stale = await failStaleUploads(db);
      if (stale > 0) logger.warn({ count: stale }, "uploads of killed processes marked FAILED");
      for (const id of await releaseOldUploadFiles(db, KEPT_DAYS)) await removeUploadedFiles(root, id);
      await removeBrokenDeliveries(root, now());
    } catch (error) {
      logger.debug({ reason: messageOf(error) }, "could not tidy up after uploads");
    }
  }

  return {
    async submit(upload) {
      await queue.ready();
      return db.transaction().execute(async (trx) => {
        const created = await createUpload(trx, upload);
        await queue.send(trx, upload.uploadId, upload.dataSourceId);
        return created;
      });
    },
    async retry(uploadId) {
      await queue.ready();
      return db.transaction().execute(async (trx) => {
        const retried = await retryUpload(trx, uploadId);
        await queue.send(trx, uploadId, retried.dataSourceId);
        return retried;
      });
    },
    work() {
      void queue.work(load);
      void tidy();
      tidying ??= setInterval(tidy, TIDY_MS).unref();
    },
    async close() {
      isClosed = true;
      clearInterval(tidying);
      running?.stop();
      await queue.stop();
    },
  };
}
