/**
 * Entry of a process that trains for a server, so that the server's own thread stays free. One message says what to do; the
 * outcome is in the registry. It never outlives the server unnoticed: when the line to it breaks, the training ends FAILED.
 */
import { constants, setPriority } from "node:os";
import { createLogger, systemEffects } from "@rossmann/core";
import { type TrainOptions, train } from "@rossmann/ml";
import { closeDatabase, type Db, failExperiment, openDatabase } from "@rossmann/warehouse";

/** What the process is told. The address comes by message, since anyone may read a process's arguments. */
export interface TrainingOrder {
  databaseUrl: string;
  options: Omit<TrainOptions, "signal" | "onProgress"> & { experimentId: string };
}

const POOL_SIZE = 3;

// Ctrl-C in a terminal reaches every process of it: the server decides what becomes of its trainings.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});

process.once("message", (order) => void work(order as TrainingOrder));

async function work({ databaseUrl, options }: TrainingOrder): Promise<void> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const effects = systemEffects(createLogger("warn"));
  const db = openDatabase(databaseUrl, {
    poolSize: POOL_SIZE,
    applicationName: "rossmann training",
    logger: effects.logger,
  });
  const onDisconnect = () => void giveUp(db, options.experimentId);
  process.once("disconnect", onDisconnect);
  // A refusal is told by the registry; what else went wrong is there too.
  await train(db, options, effects).catch(() => {});
  process.off("disconnect", onDisconnect);
  await closeDatabase(db);
  if (process.connected) process.disconnect();
}

async function giveUp(db: Db, experimentId: string): Promise<void> {
  const reason =
    "stopped because the server that ran it ended unexpectedly; the serving model is unchanged, train again";
  await failExperiment(db, experimentId, reason).catch(() => {});
  process.exit(1);
}
