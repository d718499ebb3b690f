import { type ChildProcess, spawn } from "node:child_process";
import { connect, createServer, type Server, type Socket } from "node:net";
import { MAIN } from "./run.ts";

/** A command that runs until it is stopped, in a process of its own. */
export interface Serving {
  url: string;
  child: ChildProcess;
  /** exit code, once it has ended */
  ended: Promise<number | null>;
  /** everything it has written for people so far */
  heard(): string;
}

/** Start `rossmann serve` or `worker` and wait until it says that it is ready. */
export function startServing(
  folder: string,
  words: string[],
  environment: Record<string, string>,
): Promise<Serving> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder, TZ: "UTC", LOG_LEVEL: "silent", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  return new Promise((resolve, reject) => {
    let heard = "";
    child.stderr.on("data", (chunk: Buffer) => {
      heard += chunk.toString();
      const url = /on (http:\S+) \(database/.exec(heard)?.[1];
      if (url !== undefined || /working \(database/.test(heard))
        resolve({ url: url ?? "", child, ended, heard: () => heard });
    });
    ended.then((code) => reject(new Error(`${words[0]} ended with ${code}:\n${heard}`)));
  });
}

/** A line to a server that can be cut and mended. */
export interface Cable {
  port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function layCable(host: string, port: number): Promise<Cable> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const take = (near: Socket) => {
    // taken in the very moment of the cut
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  };
  let server: Server;
  const listen = (at: number) =>
    new Promise<number>((done) => {
      server = createServer(take).listen(at, "127.0.0.1", () =>
        done((server.address() as { port: number }).port),
      );
    });
  const own = await listen(0);
  return {
    port: own,
    cut: () =>
      new Promise((done) => {
        isCut = true;
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
    mend: async () => {
      isCut = false;
      await listen(own);
    },
  };
}
