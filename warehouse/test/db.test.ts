import { createServer } from "node:net";
import { createLogger } from "@rossmann/core";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  closeDatabase,
  type DatabaseOptions,
  type Db,
  isConnectionFailure,
  openDatabase,
  pingDatabase,
} from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let warehouse: TestDatabase;
beforeAll(async () => {
  warehouse = await createTestDatabase();
});
afterAll(() => warehouse.close());

async function withDatabase<T>(
  url: string,
  options: DatabaseOptions,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const db = openDatabase(url, { logger: createLogger("silent"), ...options });
  try {
    return await work(db);
  } finally {
    await closeDatabase(db);
  }
}

const changed = (change: Partial<URL>) => Object.assign(new URL(warehouse.url), change).href;
const refusal = (url: string, options: DatabaseOptions = {}) =>
  withDatabase(url, options, (db) =>
    pingDatabase(db).catch((error: Error & { code: string; kind: string }) => error),
  );

describe("openDatabase", () => {
  it("answers with the server's version", async () => {
    expect(await pingDatabase(warehouse.db)).toMatch(/^\d+\.\d+/);
  });

  it("gives numbers for numeric and bigint, texts for days", async () => {
    const { rows } = await sql`
      select 1.25::numeric as amount, 3::bigint as count, '2015-07-31'::date as day, now() as instant, null::numeric as nothing
    `.execute(warehouse.db);
    expect(rows).toEqual([
      { amount: 1.25, count: 3, day: "2015-07-31", instant: expect.any(Date), nothing: null },
    ]);
  });

  it("says in one sentence that nobody answers, without the password", async () => {
    const error = await refusal("postgresql://me:secret@127.0.0.1:1/shop");
    expect(error).toMatchObject({ code: "database_unavailable", kind: "unavailable" });
    expect(String(error)).toContain(
      "the database at 127.0.0.1:1/shop does not answer (ECONNREFUSED): check that it runs",
    );
    expect(String(error)).not.toContain("secret");
    expect(isConnectionFailure(error)).toBe(true);
  });

  it("gives up on a host that takes the call and says nothing", async () => {
    const mute = createServer(() => {});
    await new Promise<void>((done) => mute.listen(0, "127.0.0.1", done));
    const { port } = mute.address() as { port: number };
    const error = await refusal(`postgresql://me@127.0.0.1:${port}/shop`, { connectTimeoutMs: 300 });
    expect(error).toMatchObject({ code: "database_unavailable" });
    mute.close();
  });

  it("says what the server refuses: a wrong password, an unknown database", async () => {
    const wrong = await refusal(changed({ password: "guess" }));
    expect(wrong).toMatchObject({
      code: "database_refused",
      message: expect.stringContaining("password authentication failed"),
    });
    const unknown = await refusal(changed({ pathname: "/nowhere" }));
    expect(unknown).toMatchObject({
      code: "database_refused",
      message: expect.stringContaining('database "nowhere" does not exist'),
    });
  });

  it("does not hang when every connection is taken", async () => {
    await withDatabase(warehouse.url, { poolSize: 1, connectTimeoutMs: 200 }, async (db) => {
      const trx = await db.startTransaction().execute();
      await expect(pingDatabase(db)).rejects.toMatchObject({
        code: "database_unavailable",
        message: expect.stringContaining("no connection became free in time"),
      });
      await trx.rollback().execute();
      expect(await pingDatabase(db)).toBeTruthy();
    });
  });

  it("ends a statement and a wait for a lock that take too long", async () => {
    await withDatabase(warehouse.url, { statementTimeoutMs: 100 }, async (db) => {
      await expect(sql`select pg_sleep(5)`.execute(db)).rejects.toMatchObject({ code: "57014" });
    });
    await withDatabase(warehouse.url, { lockTimeoutMs: 100 }, async (db) => {
      const trx = await warehouse.db.startTransaction().execute();
      await sql`lock table dim_store`.execute(trx);
      await expect(sql`select * from dim_store`.execute(db)).rejects.toMatchObject({ code: "55P03" });
      await trx.rollback().execute();
    });
  });

  it("survives connections that the server cuts, and works on with new ones", async () => {
    await withDatabase(warehouse.url, { poolSize: 2, applicationName: "to be cut" }, async (db) => {
      await pingDatabase(db);
      const admin = new pg.Client({ connectionString: warehouse.url });
      await admin.connect();
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be cut'",
      );
      await admin.end();
      let answer = "";
      for (let attempt = 0; answer === "" && attempt < 20; attempt++) {
        answer = await pingDatabase(db).catch((error) => {
          expect(isConnectionFailure(error)).toBe(true);
          return "";
        });
      }
      expect(answer).toBeTruthy();
    });
  });
});
