import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Logger, messageOf } from "@rossmann/core";
import { registerTraining } from "@rossmann/ml";
import {
  type Db,
  failExperiment,
  failStaleExperiments,
  RegistryConflictError,
  urlOf,
} from "@rossmann/warehouse";
import { HttpRefusal } from "./errors.ts";
import type { TrainingOrder } from "./train-process.ts";

/** So often the server looks for trainings whose process was killed, its own and those of other processes. */
const TIDY_MS = 30_000;
/** The end of what a training process wrote to stderr, for the log. */
const KEPT_WORDS = 4_000;
const UNCHANGED = "the serving model is unchanged";
const PROCESS_FILE = fileURLToPath(new URL("./train-process.ts", import.meta.url));

export type TrainingWishes = Omit<TrainingOrder["options"], "experimentId">;

/** Trainings that work in processes of their own, so that answers do not wait for them. */
export interface TrainingJobs {
  /**
   * Begin one; how far it is, and what came of it, is told by its experiment.
   *
   * @returns the experiment id
   * @throws {TrainingInProgressError} while another one of the same source works
   * @throws {HttpRefusal} 503 once the server is being stopped
   */
  start(wishes: TrainingWishes): Promise<string>;
  /**
   * Cancel a training, of this process or of any other: its experiment is FAILED at once, and it stops within a moment.
   *
   * @throws {RegistryConflictError} when it is over
   */
  cancel(experimentId: string, reason: string): Promise<void>;
  /** From now on close experiments of killed processes; `close` ends it. */
  watch(): void;
  /** Stop what this process started and resolve when all of it has ended. */
  close(): Promise<void>;
}

interface Job {
  child: ChildProcess;
  ended: Promise<void>;
}

export function createTrainingJobs(db: Db, logger: Logger): TrainingJobs {
  const jobs = new Map<string, Job>();
  const starting = new Set<Promise<string>>();
  let tidying: NodeJS.Timeout | undefined;
  let isClosed = false;

  /** Says why a training failed, unless it has said so itself. */
  async function fail(experimentId: string, reason: string): Promise<void> {
    try {
      await failExperiment(db, experimentId, reason);
    } catch (error) {
      if (error instanceof RegistryConflictError) return;
      // Its lease runs out, and the next look at the registry closes it.
      logger.error({ err: error, experiment_id: experimentId }, "a failed training could not be closed");
    }
  }

  async function run(wishes: TrainingWishes): Promise<string> {
    const experimentId = await registerTraining(db, wishes);
    if (isClosed) {
      await fail(experimentId, stoppedWithServer);
      throw new ServerStopping();
    }
    const child = fork(PROCESS_FILE, { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    const ended = endOf(child).then(async ({ reason, words }) => {
      jobs.delete(experimentId);
      if (words !== "") logger.warn({ experiment_id: experimentId, words }, "a training process complained");
      if (reason !== null) await fail(experimentId, reason);
    });
    jobs.set(experimentId, { child, ended });
    const order: TrainingOrder = { databaseUrl: urlOf(db), options: { ...wishes, experimentId } };
    // A process that is gone already is told of by its end.
    child.send(order, () => {});
    return experimentId;
  }

  async function tidy(): Promise<void> {
    try {
      const count = await failStaleExperiments(db);
      if (count > 0) logger.warn({ count }, "trainings of killed processes marked FAILED");
    } catch (error) {
      logger.debug({ reason: messageOf(error) }, "could not look for trainings of killed processes");
    }
  }

  return {
    async start(wishes) {
      if (isClosed) throw new ServerStopping();
      const started = run(wishes);
      starting.add(started);
      try {
        return await started;
      } finally {
        starting.delete(started);
      }
    },
    async cancel(experimentId, reason) {
      await failExperiment(db, experimentId, `${reason}; ${UNCHANGED}`);
      jobs.get(experimentId)?.child.kill();
    },
    watch() {
      void tidy();
      tidying ??= setInterval(tidy, TIDY_MS).unref();
    },
    async close() {
      isClosed = true;
      clearInterval(tidying);
      await Promise.allSettled(starting);
      await Promise.all(
        Array.from(jobs, async ([experimentId, { child, ended }]) => {
          await fail(experimentId, stoppedWithServer);
          child.kill();
          await ended;
        }),
      );
    },
  };
}

const stoppedWithServer = `stopped because the server was stopped; ${UNCHANGED}, train again when it is back`;

class ServerStopping extends HttpRefusal {
  constructor() {
    super(503, "server_stopping", "the server is being stopped; train when it is back");
  }
}

/** Resolves when the process has ended; `reason` is null when it ended by itself, having told its outcome. */
async function endOf(child: ChildProcess): Promise<{ reason: string | null; words: string }> {
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-KEPT_WORDS);
  });
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (child.stderr?.closed === false) await once(child.stderr, "close");
    const reason = code === 0 ? null : `the training process ${endText(code, signal)}; ${UNCHANGED}`;
    return { reason, words };
  } catch (error) {
    return { reason: `no process could be started for the training; ${UNCHANGED}`, words: messageOf(error) };
  }
}

function endText(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === null) return `ended unexpectedly with exit code ${code}; the server's log says more`;
  const memory = signal === "SIGKILL" || signal === "SIGABRT" ? ", maybe for lack of memory" : "";
  return `was ended by ${signal}${memory}`;
}
