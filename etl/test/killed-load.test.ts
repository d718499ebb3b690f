import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { createLogger, systemEffects } from "@rossmann/core";
import {
  closeDatabase,
  createDataSource,
  type DataSource,
  type Db,
  failStaleRuns,
  kpiSummary,
  listEtlRuns,
  listStores,
  openDatabase,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ingest, type WrittenSample, writeSample } from "../src/index.ts";
import { testFolder } from "./files.ts";

const files = testFolder();
const script = fileURLToPath(new URL("./load-and-die.ts", import.meta.url));
let warehouse: TestDatabase;
let db: Db;
let dataSource: DataSource;
let before: WrittenSample;
let after: WrittenSample;

beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
  before = await writeSample(files.path("before"), { stores: 4, days: 100, seed: 1 });
  after = await writeSample(files.path("after"), { stores: 40, days: 400, seed: 2 });
});
afterAll(async () => {
  await warehouse.close();
  files.remove();
});
beforeEach(async () => {
  dataSource = await createDataSource(db, { name: `source ${Math.random()}` });
  await ingest(db, { dataSource, train: before.train, store: before.store, future: before.future }, quiet);
});

const quiet = systemEffects(createLogger("silent"));

const killAt = (phase: string, delayMs: number) =>
  spawnSync(
    process.execPath,
    [script, warehouse.url, String(dataSource.id), files.path("after"), phase, String(delayMs)],
    {
      encoding: "utf8",
    },
  );

const storeDays = async () =>
  (await kpiSummary(db, { dataSourceId: dataSource.id, dateFrom: "2000-01-01", dateTo: "2100-01-01" }))
    .storeDays;

/** Wait until the server has noticed that the killed process is gone. */
async function connectionsGone(): Promise<void> {
  const client = new pg.Client({ connectionString: warehouse.url });
  await client.connect();
  const others = async () =>
    (
      await client.query(
        "select from pg_stat_activity where datname = current_database() and application_name = 'rossmann'",
      )
    ).rowCount;
  while ((await others()) !== 0) await new Promise((go) => setTimeout(go, 50));
  await client.end();
}

const POINTS = [
  ["read_stores", 0],
  ["read_sales", 0],
  ["read_sales", 40],
  ["copy", 0],
  ["copy", 30],
  ["compare", 0],
  ["stores", 0],
  ["aggregates", 0],
  ["aggregates", 10],
  ["keys", 0],
  ["swap", 0],
] as const;

describe("a load whose process is killed", () => {
  it.each(POINTS)(
    "%s, %i ms in, leaves the rows before; its run is FAILED at the next start and nothing is left over",
    async (phase, ms) => {
      const killed = killAt(phase, ms);
      expect(killed.signal).toBe("SIGKILL");
      expect(await storeDays()).toBe(before.trainRows);
      expect(await listStores(db, dataSource.id)).toHaveLength(4);

      await connectionsGone();
      expect(await failStaleRuns(db)).toBe(1);
      const [run] = await listEtlRuns(db, { dataSourceId: dataSource.id });
      expect(run).toMatchObject({ status: "FAILED", errorMessage: expect.stringContaining("untouched") });

      const report = await ingest(
        db,
        { dataSource, train: after.train, store: after.store, future: after.future },
        quiet,
      );
      expect(report).toMatchObject({ rowsAccepted: after.trainRows, rowsRejected: 0 });
      expect(await storeDays()).toBe(after.trainRows);
      const left = new pg.Client({ connectionString: warehouse.url });
      await left.connect();
      expect(
        (await left.query("select relname from pg_class where relnamespace = 'staging'::regnamespace")).rows,
      ).toEqual([]);
      await left.end();
      expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`rossmann-etl-${killed.pid}-`))).toEqual(
        [],
      );
    },
  );

  it("does not keep the next load of the source waiting: its run counts as dead as soon as its connection is gone", async () => {
    killAt("copy", 0);
    await connectionsGone();
    const report = await ingest(
      db,
      { dataSource, train: after.train, store: after.store, future: null },
      quiet,
    );
    const runs = await listEtlRuns(db, { dataSourceId: dataSource.id });
    expect(runs.map((run) => run.status)).toEqual(["COMPLETED", "FAILED", "COMPLETED"]);
    expect(runs[0]?.runId).toBe(report.runId);
  });

  it("a load that works is not taken for dead, however often somebody looks", async () => {
    const other = openDatabase(warehouse.url);
    let looks = 0;
    await ingest(
      db,
      {
        dataSource,
        train: after.train,
        store: after.store,
        future: null,
        onProgress: () => {
          void failStaleRuns(other).then((failed) => {
            looks++;
            expect(failed).toBe(0);
          });
        },
      },
      quiet,
    );
    expect(looks).toBeGreaterThan(3);
    await closeDatabase(other);
    expect(await storeDays()).toBe(after.trainRows);
  });
});
