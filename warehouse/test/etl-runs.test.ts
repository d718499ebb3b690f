import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createDataSource,
  type Db,
  ETL_LEASE_MS,
  etlFindings,
  failStaleRuns,
  findEtlRun,
  listEtlRuns,
  startEtlRun,
} from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let warehouse: TestDatabase;
let db: Db;
let dataSource: { id: number; name: string };
beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
});
afterAll(() => warehouse.close());
beforeEach(async () => {
  dataSource = await createDataSource(db, { name: `source ${Math.random()}` });
});

const finding = {
  code: "invalid_date",
  severity: "error" as const,
  sourceName: "train" as const,
  line: 2,
  columnName: "full_date",
  value: "31/02/2015",
  message: "no such day",
};

describe("startEtlRun", () => {
  it("registers a RUNNING run with its files", async () => {
    const run = await startEtlRun(db, {
      dataSource,
      loadKind: "incremental",
      preflightMode: "enforce",
      storeInputPath: "s.csv",
    });
    expect(run.runId).toMatch(/^etl_\d{8}T\d{6}Z_[0-9a-f]{8}$/);
    expect(await findEtlRun(db, run.runId)).toMatchObject({
      status: "RUNNING",
      dataSourceId: dataSource.id,
      loadKind: "incremental",
      preflightMode: "enforce",
      storeInputPath: "s.csv",
      trainInputPath: null,
      finishedAt: null,
    });
    await run.fail("done");
    await run.release();
  });

  it("lets fail with a reason, counts and findings, once", async () => {
    const run = await startEtlRun(db, { dataSource });
    await run.fail("the disk is full", { rowsRead: 9, rowsRejected: 1, summary: { storesRead: 2 } }, [
      finding,
    ]);
    await run.fail("something else", {}, [finding]);
    await run.release();
    expect(await findEtlRun(db, run.runId)).toMatchObject({
      status: "FAILED",
      errorMessage: "the disk is full",
      rowsRead: 9,
      rowsRejected: 1,
      summary: { storesRead: 2 },
      finishedAt: expect.any(Date),
    });
    expect(await etlFindings(db, run.runId)).toEqual([finding]);
  });
});

describe("failStaleRuns", () => {
  it("leaves a living run alone", async () => {
    const run = await startEtlRun(db, { dataSource });
    expect(await failStaleRuns(db)).toBe(0);
    await run.fail("done");
    await run.release();
  });

  it("fails a run whose connection is gone, heartbeat or not", async () => {
    const run = await startEtlRun(db, { dataSource });
    await run.release();
    // Closing a connection is heard by the server a moment later.
    let failed = 0;
    while (failed === 0) failed = await failStaleRuns(db);
    expect(failed).toBe(1);
    expect(await findEtlRun(db, run.runId)).toMatchObject({
      status: "FAILED",
      errorMessage: expect.stringContaining("without a word"),
    });
  });

  it("fails a run whose heartbeat stopped longer ago than the lease, and no younger one", async () => {
    const run = await startEtlRun(db, { dataSource });
    const beatAgo = (ms: number) =>
      sql`update etl_run_registry set heartbeat_at = clock_timestamp() - make_interval(secs => ${ms / 1000}) where run_id = ${run.runId}`.execute(
        db,
      );
    await beatAgo(ETL_LEASE_MS - 10_000);
    expect(await failStaleRuns(db)).toBe(0);
    await beatAgo(ETL_LEASE_MS + 10_000);
    expect(await failStaleRuns(db)).toBe(1);
    await run.release();
  });
});

describe("listEtlRuns", () => {
  it("is newest first, by source and status, within its limit", async () => {
    const ids: string[] = [];
    for (const reason of ["first", "second", "third"]) {
      const run = await startEtlRun(db, { dataSource });
      await run.fail(reason);
      await run.release();
      ids.unshift(run.runId);
    }
    const listed = await listEtlRuns(db, { dataSourceId: dataSource.id });
    expect(listed.map((run) => run.runId)).toEqual(ids);
    expect(await listEtlRuns(db, { dataSourceId: dataSource.id, limit: 0 })).toHaveLength(1);
    expect(await listEtlRuns(db, { dataSourceId: dataSource.id, status: "COMPLETED" })).toEqual([]);
    await expect(findEtlRun(db, "etl_unknown")).rejects.toMatchObject({
      code: "run_not_found",
      kind: "not_found",
    });
  });
});
