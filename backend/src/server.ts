import { setTimeout as sleep } from "node:timers/promises";
import { AppError, messageOf } from "@rossmann/core";
import type { Api } from "./api.ts";
import { type AppParts, buildApp } from "./app.ts";
import { watchDoor } from "./door.ts";

/** Requests under way at a stop get so long to finish. */
const GRACE_MS = 10_000;
/** And what they leave behind so long after they were cut. */
const LAST_WORDS_MS = 1_000;

/** The address the API should listen on cannot be taken. */
export class ListenError extends AppError {
  constructor(code: "port_busy" | "address_unusable", message: string, options?: ErrorOptions) {
    super(code, "conflict", message, options);
  }
}

export interface ServerOptions extends Omit<AppParts, "isDraining" | "host"> {
  /** default: BACKEND_HOST */
  host?: string;
  /** 0 takes any free one; default: BACKEND_PORT */
  port?: number;
  /** time between "not ready" and closing the door, for a balancer to notice; default 0 */
  balancerPauseMs?: number;
  /** hard limit of the stop; default 10 s */
  graceMs?: number;
}

export interface RunningServer {
  /** where it listens, for example `http://127.0.0.1:8000` */
  url: string;
  port: number;
  app: Api;
  /**
   * Stop: readiness turns false, answers end their connections, no new one is taken, requests under way finish and records are
   * written; after the hard limit what is left is cut. Calling it again waits for the same stop. Database and forecaster stay open.
   */
  close(): Promise<void>;
}

/**
 * Listen and serve.
 *
 * @throws {ListenError} when the port is taken or the address is not ours
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = options.settings.BACKEND_HOST, port = options.settings.BACKEND_PORT } = options;
  const { balancerPauseMs = 0, graceMs = GRACE_MS } = options;
  let draining = false;
  const app = buildApp({ ...options, host, isDraining: () => draining });
  const door = watchDoor(app.server);
  let url: string;
  try {
    url = await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenRefusal(error, host, port);
  }

  let closing: Promise<void> | null = null;
  async function stop(): Promise<void> {
    const { logger } = options.effects;
    draining = true;
    await sleep(balancerPauseMs);
    const cut = setTimeout(() => {
      logger.warn({ grace_ms: graceMs }, "requests were still under way at the end of the grace time; cut");
      app.server.closeAllConnections();
    }, graceMs);
    // Records that cannot be written, because the database went first, must not keep the process either.
    const giveUp = sleep(graceMs + LAST_WORDS_MS, false, { ref: false });
    await door.close();
    const isClosed = await Promise.race([app.close().then(() => true), giveUp]);
    clearTimeout(cut);
    if (!isClosed)
      logger.warn({ grace_ms: graceMs }, "not everything was finished at the end of the grace time");
  }
  const address = app.server.address();
  return {
    url,
    port: typeof address === "object" && address !== null ? address.port : port,
    app,
    close() {
      closing ??= stop();
      return closing;
    },
  };
}

function listenRefusal(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : "";
  const options = { cause: error };
  if (code === "EADDRINUSE") {
    return new ListenError(
      "port_busy",
      `port ${port} on ${host} is taken by another program; stop it, or set BACKEND_PORT to another port (0 takes any free one)`,
      options,
    );
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new ListenError(
      "address_unusable",
      `cannot listen on ${host}:${port} (${messageOf(error)}); check BACKEND_HOST and BACKEND_PORT`,
      options,
    );
  }
  return error;
}
