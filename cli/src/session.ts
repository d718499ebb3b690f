import { join } from "node:path";
import {
  AppError,
  createLogger,
  type Effects,
  messageOf,
  type Settings,
  systemEffects,
} from "@rossmann/core";
import {
  closeDatabase,
  connectEmbedded,
  type Db,
  migrate,
  openDatabase,
  resolveDataSource,
  startEmbedded,
} from "@rossmann/warehouse";
import { NotReadyError } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/** A database that is ready to work with, for the length of one command. */
export interface Session {
  db: Db;
  settings: Settings;
  effects: Effects;
  /** what the connection speaks to, without secrets */
  place: string;
  close(): Promise<void>;
}

/** Where the log goes: a person at a terminal reads notes and finds the log in the home; a supervisor collects stderr. */
export type LogPlace = "home" | "stderr";

/**
 * Open the database of this home: `DATABASE_URL`, else the embedded server, which is started when it does not run yet and
 * stopped again by `close`. Migrations are applied.
 *
 * @throws {AppError} when the server cannot be reached or started
 */
async function openSession(settings: Settings, terminal: Terminal, logTo: LogPlace): Promise<Session> {
  const logFile = logTo === "home" ? join(settings.home, "logs", "rossmann.log") : undefined;
  const effects = systemEffects(createLogger(settings.LOG_LEVEL, logFile));
  const server = await reachServer(settings, effects);
  const db = openDatabase(server.url, { poolSize: settings.DATABASE_POOL_SIZE, applicationName: "rossmann" });
  const close = async () => {
    await closeDatabase(db);
    await server.stop();
  };
  try {
    const { applied } = await migrate(db);
    if (applied.length > 0) terminal.note(`database prepared (${applied.length} migrations)`);
    return { db, settings, effects, place: server.place, close };
  } catch (error) {
    await close();
    if (error instanceof AppError) throw error;
    throw new NotReadyError(`the database at ${server.place} does not answer: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The data source a command works on: the option, else `DATA_SOURCE_ID`, else the default one. */
export const dataSourceOf = (session: Session, option: string | undefined) =>
  resolveDataSource(session.db, option ?? session.settings.DATA_SOURCE_ID);

interface Reached {
  url: string;
  place: string;
  stop(): Promise<void>;
}

async function reachServer(settings: Settings, effects: Effects): Promise<Reached> {
  if (settings.DATABASE_URL !== undefined) {
    const { hostname, port, pathname } = new URL(settings.DATABASE_URL);
    return {
      url: settings.DATABASE_URL,
      place: `${hostname}:${port || 5432}${pathname}`,
      stop: async () => {},
    };
  }
  const running = await connectEmbedded({ home: settings.home });
  if (running !== null) return { url: running.url, place: "the embedded server", stop: async () => {} };
  const started = await startEmbedded({ home: settings.home, logger: effects.logger });
  return { url: started.url, place: "the embedded server", stop: () => started.stop() };
}

/** Open a session for the length of `work`. */
export async function withSession<Result>(
  settings: Settings,
  terminal: Terminal,
  work: (session: Session) => Promise<Result>,
  logTo: LogPlace = "home",
): Promise<Result> {
  const session = await openSession(settings, terminal, logTo);
  try {
    return await work(session);
  } finally {
    terminal.progressDone();
    await session.close();
  }
}
