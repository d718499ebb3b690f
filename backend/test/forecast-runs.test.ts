import { createLogger } from "@rossmann/core";
import { listForecastRuns, type NewForecastRun } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createForecastRuns } from "../src/forecast-runs.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.close());

const run = (runId: string): NewForecastRun => ({
  runId,
  runType: "forecast",
  status: "COMPLETED",
  dataSourceId: 1,
});
const written = async () => (await listForecastRuns(database.db, { limit: 1000 })).map(({ runId }) => runId);

describe("createForecastRuns", () => {
  test("answers before it writes, and drain waits for every record", async () => {
    const runs = createForecastRuns(database.db, createLogger("silent"));
    for (let n = 0; n < 50; n++) await runs.record(run(`a${n}`));
    expect((await written()).length).toBeLessThan(50);
    await runs.drain();
    expect((await written()).filter((id) => id.startsWith("a"))).toHaveLength(50);
    await runs.record(run("a-late"));
    await runs.drain();
    expect(await written()).toContain("a-late");
    await runs.drain();
  });

  test("lets an answer wait once too many records do", async () => {
    const runs = createForecastRuns(database.db, createLogger("silent"));
    for (let n = 0; n < 600; n++) await runs.record(run(`b${n}`));
    expect((await written()).filter((id) => id.startsWith("b")).length).toBeGreaterThan(500);
    await runs.drain();
  });

  test("tries again what failed, gives up one record only, and goes on with the next", async () => {
    const runs = createForecastRuns(database.db, createLogger("silent"), 1);
    await runs.record({ ...run("c-bad"), dataSourceId: 4711 });
    await runs.record(run("c-good"));
    await runs.drain();
    const ids = await written();
    expect(ids).toContain("c-good");
    expect(ids).not.toContain("c-bad");

    await sql`alter table forecast_run_registry rename to away`.execute(database.db);
    const patient = createForecastRuns(database.db, createLogger("silent"), 100);
    await patient.record(run("c-later"));
    await sql`alter table away rename to forecast_run_registry`.execute(database.db);
    await patient.drain();
    expect(await written()).toContain("c-later");
  });
});
