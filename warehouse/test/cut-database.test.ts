import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createLogger } from "@rossmann/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, cutDatabase, openDatabase, pingDatabase } from "../src/index.ts";

/** Takes every connection and never says a word: a machine that went without a farewell. */
const taken: Socket[] = [];
const mute = createServer((socket) => taken.push(socket.on("error", () => {})));
let url: string;
beforeAll(async () => {
  await once(mute.listen(0, "127.0.0.1"), "listening");
  url = `postgresql://nobody@127.0.0.1:${(mute.address() as { port: number }).port}/nothing`;
});
afterAll(() => mute.close());

test("a cut fails what waits for a database that never answers, and what asks later, so that the pool can be closed", async () => {
  const db = openDatabase(url, { connectTimeoutMs: 600_000, logger: createLogger("silent") });
  const connected = once(mute, "connection");
  const waiting = expect(pingDatabase(db)).rejects.toThrow(/does not answer/);
  await connected;
  cutDatabase(db);
  await waiting;
  await expect(pingDatabase(db)).rejects.toThrow(/does not answer/);
  await closeDatabase(db);
});
