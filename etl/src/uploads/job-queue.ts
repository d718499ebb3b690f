import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, messageOf } from "@rossmann/core";
import { connectionOptionsOf, type Db, rawSql } from "@rossmann/warehouse";
import { type Job, PgBoss } from "pg-boss";

const QUEUE = "upload";
/** A worker that says nothing for so long is dead, and another one takes the job over. */
const HEARTBEAT_SECONDS = 30;
/** Longest time a load may take. */
const EXPIRE_SECONDS = 21_600;
/** Processes a job may cost before it is given up. */
const RETRIES = 3;
const POLL_SECONDS = 1;
/** So often a worker looks for jobs of dead ones. */
const SUPERVISE_SECONDS = 15;
/** A load that was told to end gets so long. */
const STOP_MS = 5_000;
const CONNECT_MS = 5_000;
/** A worker that finds no database tries again so often. */
const RETRY_MS = 2_000;
const POOL_SIZE = 2;
const KEPT_SECONDS = 86_400;

/** What one job is about. */
export interface UploadJob {
  uploadId: string;
}

/** The queue of deliveries, in the database: whoever shares it shares the work. */
export interface JobQueue {
  /** Make sure that there is a queue; before the first `send`, since a transaction can wait for no other. */
  ready(): Promise<void>;
  /** Put a delivery into the queue, in the transaction that says so. */
  send(trx: Db, uploadId: string, dataSourceId: number): Promise<void>;
  /** Take jobs, one at a time, as soon as the database is there; a handler that throws gives its job back. */
  work(handler: (job: UploadJob) => Promise<void>): Promise<void>;
  /** Take no more, and wait for the one under way. */
  stop(): Promise<void>;
}

/**
 * @param isWorker false where jobs are only sent: whoever works looks after the queue
 */
export function openJobQueue(db: Db, logger: Logger, isWorker: boolean): JobQueue {
  const boss = new PgBoss({
    // Connections of its own: it opens transactions by text, and one that fails must not come back to our pool half-open.
    ...connectionOptionsOf(db),
    connectionTimeoutMillis: CONNECT_MS,
    max: POOL_SIZE,
    application_name: "rossmann uploads",
    supervise: isWorker,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    schedule: false,
  });
  boss.on("error", ({ message }) => logger.warn({ reason: message }, "the queue of uploads had a failure"));
  let started: Promise<void> | null = null;
  const stopping = new AbortController();

  async function start(): Promise<void> {
    if (stopping.signal.aborted) throw new Error("the queue of uploads is being stopped");
    try {
      await boss.start();
      // Of one data source one load at a time; others go on beside it.
      await boss.createQueue(QUEUE, { policy: "singleton" });
    } catch (error) {
      // A start that came half way has timers and connections already; nothing else would let them go.
      await boss.stop({ graceful: false });
      throw error;
    }
  }
  function ready(): Promise<void> {
    started ??= start().catch((error) => {
      started = null;
      throw error;
    });
    return started;
  }
  async function takeJobs(handler: (job: UploadJob) => Promise<void>): Promise<void> {
    await ready();
    if (stopping.signal.aborted) return;
    await boss.work<UploadJob>(
      QUEUE,
      { pollingIntervalSeconds: POLL_SECONDS, batchSize: 1 },
      async ([job]: Job<UploadJob>[]) => {
        if (job !== undefined) await handler(job.data);
      },
    );
  }

  return {
    ready,
    async send(trx, uploadId, dataSourceId) {
      await boss.send(QUEUE, { uploadId } satisfies UploadJob, {
        db: { executeSql: (text, values) => rawSql(trx, text, values) },
        singletonKey: String(dataSourceId),
        heartbeatSeconds: HEARTBEAT_SECONDS,
        expireInSeconds: EXPIRE_SECONDS,
        retryLimit: RETRIES,
        retryDelay: 0,
        deleteAfterSeconds: KEPT_SECONDS,
      });
    },
    async work(handler) {
      while (!stopping.signal.aborted) {
        try {
          return await takeJobs(handler);
        } catch (error) {
          if (stopping.signal.aborted) return;
          logger.warn({ reason: messageOf(error) }, "uploads cannot be loaded yet; trying again");
          await sleep(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
        }
      }
    },
    async stop() {
      stopping.abort();
      await started?.catch(() => {});
      await boss.stop({ graceful: true, timeout: STOP_MS });
    },
  };
}
