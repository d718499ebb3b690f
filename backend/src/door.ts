import type { Server } from "node:http";
import { type Socket, Server as TcpServer } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** So long answers tell busy clients to let their connection go, before the door closes. */
const FAREWELL_MS = 300;
/** A connection on which nothing has moved for so long after an answer has no request on its way. */
const SILENT_MS = 250;
/** One that has asked nothing yet gets a little longer: its first request may be on its way. */
const NEW_MS = 1_000;
/** A client that was told goodbye gets so long to say it too. */
const LINGER_MS = 1_000;
const LOOK_MS = 50;
/** Nobody came for so long: the next one is not at the door yet. */
const LULL_MS = 2;
/** And between our look at the door and closing it there is at most so much time. */
const QUICK_TURN_MS = 0.2;
/** The search for such a moment ends here; then any moment without an arrival will do. */
const SEARCH_MS = 1_000;

/** The open connections of a server, and its end without dropping anybody. */
export interface Door {
  /**
   * Take no new connection, and let the open ones go as soon as they are silent; requests under way finish first.
   *
   * @returns when nobody is taken any more; connections may still be open
   */
  close(): Promise<void>;
}

interface Line {
  requests: number;
  /** bytes that had come when the last answer ended: more than that is the beginning of a request */
  heard: number;
  silentSince: number;
  endedAt: number | null;
}

/**
 * Watch who comes and goes, from before the server listens.
 *
 * Closing a server turns three kinds of clients away that could be answered: whoever the system has let in but we have not
 * seen (it resets them when the port closes), whoever sends a request on a kept connection while we close it, and whoever has
 * just connected and is about to ask. Node takes one connection a turn, so that an arrival seen says nothing of who waits behind it.
 */
export function watchDoor(server: Server): Door {
  const lines = new Map<Socket, Line>();
  let arrivedAt = -Infinity;
  server.on("connection", (socket) => {
    arrivedAt = performance.now();
    lines.set(socket, { requests: 0, heard: 0, silentSince: arrivedAt, endedAt: null });
    socket.once("close", () => lines.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    const line = lines.get(socket);
    if (line === undefined) return;
    line.requests += 1;
    response.once("close", () => {
      line.requests -= 1;
      line.heard = socket.bytesRead;
      line.silentSince = performance.now();
    });
  });

  /** A half close: what the client may yet send reaches nobody, but no reset takes an answer from it that it has not read. */
  function endSilent(): void {
    const now = performance.now();
    for (const [socket, line] of lines) {
      if (line.endedAt !== null) {
        if (now - line.endedAt > LINGER_MS) socket.destroy();
        continue;
      }
      const patience = socket.bytesRead === 0 ? NEW_MS : SILENT_MS;
      if (line.requests > 0 || socket.bytesRead > line.heard || now - line.silentSince < patience) continue;
      line.endedAt = now;
      socket.end();
    }
  }

  /** Close in a turn in which nobody came, right after the system was asked for arrivals. */
  async function closeInALull(): Promise<void> {
    const began = performance.now();
    let turn = began;
    for (;;) {
      await nextTurn();
      const now = performance.now();
      const isLull = now - arrivedAt > LULL_MS && now - turn < QUICK_TURN_MS;
      const isTired = now - began > SEARCH_MS && (arrivedAt < turn || now - began > 2 * SEARCH_MS);
      if (isLull || isTired) break;
      turn = performance.now();
    }
    // Only the port: an HTTP server would look through its connections first.
    TcpServer.prototype.close.call(server);
  }

  return {
    async close() {
      // Node closes what it takes for idle at once, whatever is on its way.
      server.closeIdleConnections = endSilent;
      const farewell = performance.now() + FAREWELL_MS;
      while (lines.size > 0 && performance.now() < farewell) await sleep(LOOK_MS / 5);
      await closeInALull();
      const looking = setInterval(() => {
        endSilent();
        if (lines.size === 0) clearInterval(looking);
      }, LOOK_MS);
    },
  };
}
