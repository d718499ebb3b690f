/** Answers longer than memory should hold: streamed, at the pace of the reader, ended when the reader leaves. */
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createLogger, isoDate } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type RunningServer, startServer } from "../src/index.ts";
import { settingsWith } from "./parts.ts";

const STORES = 100;
const DAYS = 400;
const POOL_SIZE = 4;

const sales = Array.from({ length: STORES * DAYS }, (_, k) => ({
  storeId: 1 + (k % STORES),
  date: isoDate(16_000 + Math.floor(k / STORES)),
  sales: k,
}));

let database: TestDatabase;
let server: RunningServer;
let path: string;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: POOL_SIZE });
  await loadRows(database.db, { sales });
  server = await startServer({
    db: database.db,
    forecaster: createForecaster(database.db),
    settings: settingsWith({ DATABASE_POOL_SIZE: POOL_SIZE }),
    effects: { now: Date.now, logger: createLogger("silent") },
    host: "127.0.0.1",
    port: 0,
  });
  path = `${server.url}/api/v1/sales/timeseries?date_from=${isoDate(16_000)}&date_to=${isoDate(16_000 + DAYS)}`;
});
afterAll(async () => {
  await server?.close();
  await database?.close();
});

/** Start a request and read nothing of its answer. */
async function openAnswer(): Promise<IncomingMessage> {
  const [answer] = (await once(get(path, { agent: false }), "response")) as [IncomingMessage];
  answer.on("error", () => {});
  return answer;
}

/** Everything that arrives until the answer ends or breaks off. */
async function readToItsEnd(answer: IncomingMessage): Promise<string> {
  let text = "";
  answer.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => answer.once("close", resolve));
  return text;
}

/** Not autovacuum's, which visits tables that were just loaded. */
const OF_A_CLIENT = sql<boolean>`datname = current_database() and backend_type = 'client backend'
  and pid <> pg_backend_pid()`;

/** Transactions of this database that are open now. */
async function openTransactions(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where ${OF_A_CLIENT} and xact_start is not null
  `.execute(database.db);
  return rows[0]?.count ?? -1;
}

const PATIENCE = { timeout: 10_000 };
const untilNoTransaction = () => vi.waitFor(async () => expect(await openTransactions()).toBe(0), PATIENCE);

describe("the daily series of all stores", () => {
  test.each(["identity", "gzip", "br"])("comes whole and in order as %s", async (encoding) => {
    const answer = await fetch(path, { headers: { "accept-encoding": encoding } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-encoding") ?? "identity").toBe(encoding);
    expect(answer.headers.get("etag")).toMatch(/^W\//);
    const rows = (await answer.json()) as { date: string; store_id: number; sales: number }[];
    expect(rows).toHaveLength(STORES * DAYS);
    expect(rows.every((row, k) => row.sales === k && row.store_id === 1 + (k % STORES))).toBe(true);
  });

  test("reads no further than its reader, and holds neither transaction nor connection for him", async () => {
    const slow = await Promise.all(Array.from({ length: 3 * POOL_SIZE }, openAnswer));
    expect(new Set(slow.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    await untilNoTransaction();
    expect((await fetch(`${path}&store_id=1`)).status).toBe(200);
    for (const answer of slow) answer.destroy();
  });

  test("never mixes two loads: what a slow reader gets breaks off, the load is not held up", async () => {
    const answer = await openAnswer();
    await loadRows(database.db, { sales: sales.map((row) => ({ ...row, sales: row.sales + 1 })) });
    const text = await readToItsEnd(answer);
    expect(answer.complete).toBe(false);
    expect(text).toContain('"sales":0,');
    expect(text.endsWith("]")).toBe(false);
    await loadRows(database.db, { sales });
    const again = (await (await fetch(path)).json()) as object[];
    expect(again).toHaveLength(STORES * DAYS);
  });

  test("breaks off when the database goes away on the way, and the server lives on", async () => {
    const answer = await openAnswer();
    const { rows } = await sql<{ cut: boolean }>`
      select pg_terminate_backend(pid) as cut from pg_stat_activity where ${OF_A_CLIENT}
    `.execute(database.db);
    expect(rows.length).toBeGreaterThan(0);
    await readToItsEnd(answer);
    await vi.waitFor(async () => expect((await fetch(`${path}&store_id=1`)).status).toBe(200), PATIENCE);
  });

  test("is a 304 without a transaction for who has it", async () => {
    const first = await fetch(path);
    await first.arrayBuffer();
    const again = await fetch(path, { headers: { "if-none-match": String(first.headers.get("etag")) } });
    expect(again.status).toBe(304);
  });
});

test("months of all stores are streamed too", async () => {
  const answer = await fetch(`${path}&granularity=monthly`);
  const rows = (await answer.json()) as { sales: number }[];
  expect(rows.length).toBeGreaterThan(STORES * 13);
  expect(rows.reduce((sum, row) => sum + row.sales, 0)).toBe((STORES * DAYS * (STORES * DAYS - 1)) / 2);
});
