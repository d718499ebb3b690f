import { accessSync, constants, mkdirSync } from "node:fs";
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
import { followLogLevel } from "./log-level.ts";
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
  const session = await openUnmigrated(settings, logTo);
  try {
    const { applied } = await migrate(session.db);
    if (applied.length > 0) terminal.note(`database prepared (${applied.length} migrations)`);
    return session;
  } catch (error) {
    await session.close();
    if (error instanceof AppError) throw error;
    throw new NotReadyError(`the database at ${session.place} does not answer: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The same without migrations: for commands that look after the schema themselves. */
async function openUnmigrated(settings: Settings, logTo: LogPlace): Promise<Session> {
  const logFile = logTo === "home" ? join(settings.home, "logs", "rossmann.log") : undefined;
  if (logFile !== undefined) refuseUnwritableHome(settings.home);
  const effects = systemEffects(createLogger(settings.LOG_LEVEL, logFile));
  const server = await reachServer(settings, effects);
  const db = openDatabase(server.url, { poolSize: settings.DATABASE_POOL_SIZE, applicationName: "rossmann" });
  const letGo = followLogLevel(settings.home, effects.logger);
  const close = async () => {
    letGo();
    await closeDatabase(db);
    await server.stop();
  };
  return { db, settings, effects, place: server.place, close };
}

function refuseUnwritableHome(home: string): void {
  try {
    mkdirSync(join(home, "logs"), { recursive: true });
    accessSync(join(home, "logs"), constants.W_OK);
  } catch (error) {
    throw new NotReadyError(
      `the home folder ${home} cannot be written (${codeOfError(error)}): give yourself write access, or set ROSSMANN_HOME to another folder`,
      { cause: error },
    );
  }
}

const codeOfError = (error: unknown) => (error as NodeJS.ErrnoException).code ?? messageOf(error);

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

/** Open a session on the schema as it is, for the length of `work`. */
export async function withUnmigrated<Result>(
  settings: Settings,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await openUnmigrated(settings, "home");
  try {
    return await work(session);
  } finally {
    await session.close();
  }
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
