import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  backtestScores,
  completeExperiment,
  createDataSource,
  type Db,
  failExperiment,
  failStaleExperiments,
  findExperiment,
  findModelVersion,
  forecastPoints,
  heartbeatExperiment,
  holdExperiment,
  listExperiments,
  listForecastRuns,
  listModelVersions,
  loadModelVersion,
  modelVersionOf,
  promoteModelVersion,
  recordForecastRun,
  rollbackModelVersion,
  saveBacktestScores,
  saveModelVersion,
  startExperiment,
} from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let warehouse: TestDatabase;
let db: Db;
beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
});
afterAll(() => warehouse.close());

describe("forecast runs", () => {
  const point = (storeId: number, targetDate: string, predictedSales: number) => ({
    storeId,
    targetDate,
    predictedSales,
    predictedLower: predictedSales * 0.9,
    predictedUpper: null,
    known: true,
  });

  it("are kept with their points in order", async () => {
    const points = [point(2, "2015-08-02", 5.5), point(1, "2015-08-01", 7.25), point(2, "2015-08-01", 0)];
    const runId = await recordForecastRun(db, {
      runType: "batch",
      status: "COMPLETED",
      dataSourceId: 1,
      origin: "2015-07-31",
      modelVersion: 3,
      request: { horizon_days: 2 },
      summary: { total: 12.75 },
      points,
    });
    expect(runId).toMatch(/^forecast_batch_\d{8}T\d{6}Z_[0-9a-f]{8}$/);
    expect(await forecastPoints(db, runId)).toEqual([points[1], points[2], points[0]]);
    expect(await listForecastRuns(db, { runType: "batch" })).toMatchObject([
      {
        runId,
        status: "COMPLETED",
        origin: "2015-07-31",
        modelVersion: 3,
        request: { horizon_days: 2 },
        summary: { total: 12.75 },
        storeId: null,
        finishedAt: expect.any(Date),
      },
    ]);
  });

  it("written twice under one id keep the last word, points included", async () => {
    const base = { runId: "forecast_twice", runType: "forecast", dataSourceId: 1, storeId: 7 } as const;
    await recordForecastRun(db, { ...base, status: "RUNNING", points: [point(7, "2015-08-01", 1)] });
    await recordForecastRun(db, { ...base, status: "COMPLETED", points: [point(7, "2015-08-02", 2)] });
    expect((await forecastPoints(db, "forecast_twice")).map((each) => each.targetDate)).toEqual([
      "2015-08-02",
    ]);
    expect((await listForecastRuns(db, { runType: "forecast" })).map((run) => run.status)).toEqual([
      "COMPLETED",
    ]);
  });

  it("take ten thousand points in one go, and none when one of them is impossible", async () => {
    const points = Array.from({ length: 10_000 }, (_, i) => point(i + 1, "2015-08-01", i));
    const runId = await recordForecastRun(db, {
      runType: "predict",
      status: "COMPLETED",
      dataSourceId: 1,
      points,
    });
    expect(await forecastPoints(db, runId)).toHaveLength(10_000);
    const bad = { runId: "predict_bad", runType: "predict", status: "COMPLETED", dataSourceId: 1 } as const;
    await expect(recordForecastRun(db, { ...bad, points: [point(1, "2015-08-01", -1)] })).rejects.toThrow();
    expect((await listForecastRuns(db)).map((run) => run.runId)).not.toContain("predict_bad");
  });
});

describe("experiments", () => {
  it("go from pending to completed with what was found", async () => {
    const id = await startExperiment(db, { dataSourceId: 1, hyperparameters: { seed: 1 } });
    expect(await findExperiment(db, id)).toMatchObject({
      status: "RUNNING",
      modelType: "pending",
      hyperparameters: { seed: 1 },
    });
    await completeExperiment(db, id, {
      modelType: "ridge",
      trainPeriodStart: "2013-01-01",
      trainPeriodEnd: "2015-06-19",
      metrics: { ridge: { rmspe: 0.13 } },
    });
    expect(await findExperiment(db, id)).toMatchObject({
      status: "COMPLETED",
      modelType: "ridge",
      trainPeriodEnd: "2015-06-19",
      validationPeriodStart: null,
      hyperparameters: { seed: 1 },
      metrics: { ridge: { rmspe: 0.13 } },
    });
    await expect(failExperiment(db, id, "too late")).rejects.toMatchObject({
      code: "experiment_not_running",
    });
    await expect(findExperiment(db, "ml_unknown")).rejects.toMatchObject({ code: "experiment_not_found" });
  });

  it("that fail say why, and are listed newest first", async () => {
    const id = await startExperiment(db, { dataSourceId: 1 });
    await failExperiment(db, id, "no data");
    const [latest] = await listExperiments(db, { dataSourceId: 1 });
    expect(latest).toMatchObject({
      experimentId: id,
      status: "FAILED",
      modelType: "failed",
      errorMessage: "no data",
    });
  });

  it("of killed processes are failed after their lease, living ones are not", async () => {
    const other = (await createDataSource(db, { name: "Other" })).id;
    const dead = await startExperiment(db, { dataSourceId: 1 });
    const alive = await startExperiment(db, { dataSourceId: other });
    await sql`update ml_experiment_registry set heartbeat_at = now() - interval '5 minutes' where status = 'RUNNING'`.execute(
      db,
    );
    expect(await heartbeatExperiment(db, alive)).toBe(true);
    expect(await failStaleExperiments(db)).toBe(1);
    expect((await findExperiment(db, dead)).status).toBe("FAILED");
    expect((await findExperiment(db, alive)).status).toBe("RUNNING");
    await failExperiment(db, alive, "over");
    expect(await heartbeatExperiment(db, alive)).toBe(false);
  });

  it("of one source come one after the other, also when several start at once; a dead one does not block", async () => {
    const starts = await Promise.allSettled(
      Array.from({ length: 4 }, () => startExperiment(db, { dataSourceId: 1 })),
    );
    const [id, ...more] = starts.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(more).toEqual([]);
    const refusals = starts.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refusals).toHaveLength(3);
    expect(refusals[0]).toMatchObject({
      code: "training_in_progress",
      message: expect.stringContaining(String(id)),
    });
    await sql`update ml_experiment_registry set heartbeat_at = now() - interval '5 minutes' where status = 'RUNNING'`.execute(
      db,
    );
    const next = await startExperiment(db, { dataSourceId: 1 });
    expect((await findExperiment(db, String(id))).errorMessage).toContain("ended without a word");
    await failExperiment(db, next, "over");
  });

  it("that a living process holds are not given up, however long it is too busy for a heartbeat", async () => {
    const id = await startExperiment(db, { dataSourceId: 1 });
    const letGo = await holdExperiment(db, id);
    await sql`update ml_experiment_registry set heartbeat_at = now() - interval '1 hour' where experiment_id = ${id}`.execute(
      db,
    );
    expect(await failStaleExperiments(db)).toBe(0);
    await expect(startExperiment(db, { dataSourceId: 1 })).rejects.toMatchObject({
      code: "training_in_progress",
    });
    letGo();
    await vi.waitFor(async () => expect(await failStaleExperiments(db)).toBe(1));
  });

  it("tell how far they are until they end, and then which model came of them", async () => {
    const id = await startExperiment(db, { dataSourceId: 1 });
    const progress = { stage: "backtest", share: 0.25, message: "ridge", elapsedMs: 500, remainingMs: null };
    await heartbeatExperiment(db, id, progress);
    await heartbeatExperiment(db, id);
    expect(await findExperiment(db, id)).toMatchObject({ progress, version: null });
    const { version } = await saveModelVersion(db, {
      dataSourceId: 1,
      experimentId: id,
      modelType: "ridge",
      trainedTo: "2015-06-19",
      artifact: Buffer.from("zero"),
      metadata: {},
    });
    await completeExperiment(db, id, { modelType: "ridge" });
    expect(await findExperiment(db, id)).toMatchObject({ progress: null, version });
    await sql`delete from model_version`.execute(db);
  });

  it("keep their backtest, a second score of the same place replacing the first", async () => {
    const id = await startExperiment(db, { dataSourceId: 1 });
    const score = {
      modelType: "ridge",
      origin: "2015-05-08",
      segmentKind: "all",
      segment: "all",
      points: 100,
    };
    await saveBacktestScores(db, id, [
      { ...score, metrics: { wape: 0.2 } },
      { ...score, segmentKind: "horizon", segment: "1-7", metrics: { wape: 0.1 } },
    ]);
    await saveBacktestScores(db, id, [{ ...score, metrics: { wape: 0.3 } }]);
    await saveBacktestScores(db, id, []);
    await saveBacktestScores(db, id, [
      { ...score, segmentKind: "store", segment: "7", metrics: { wape: 0.4 } },
    ]);
    await failExperiment(db, id, "over");
    expect(await backtestScores(db, id, { segmentKind: "store" })).toHaveLength(1);
    expect(await backtestScores(db, id)).toMatchObject([
      { metrics: { wape: 0.3 } },
      { metrics: { wape: 0.1 } },
    ]);
    expect(await backtestScores(db, id, { segmentKind: "horizon", modelType: "ridge" })).toHaveLength(1);
  });
});

describe("model versions", () => {
  let experimentId: string;
  beforeAll(async () => {
    experimentId = await startExperiment(db, { dataSourceId: 1 });
    await completeExperiment(db, experimentId, { modelType: "ridge" });
  });
  const save = async (artifact: string, alias?: "champion" | "challenger") =>
    saveModelVersion(db, {
      dataSourceId: 1,
      experimentId,
      modelType: "ridge",
      trainedTo: "2015-06-19",
      artifact: Buffer.from(artifact),
      metadata: { note: artifact },
      alias,
    });

  it("count up from 1, serve by alias, and roll back", async () => {
    expect(await modelVersionOf(db, 1)).toBeNull();
    await expect(loadModelVersion(db, 1)).rejects.toMatchObject({
      code: "model_not_found",
      message: expect.stringContaining("rossmann train"),
    });
    expect((await save("one", "champion")).version).toBe(1);
    expect((await save("two", "challenger")).version).toBe(2);
    expect(await modelVersionOf(db, 1)).toBe(1);
    await promoteModelVersion(db, 1, 2);
    const champion = await loadModelVersion(db, 1);
    expect(champion).toMatchObject({
      version: 2,
      metadata: { note: "two" },
      aliases: ["challenger", "champion"],
    });
    expect(champion.artifact.toString()).toBe("two");
    expect(await rollbackModelVersion(db, 1)).toBe(1);
    expect((await loadModelVersion(db, 1, "champion")).artifact.toString()).toBe("one");
    expect((await findModelVersion(db, 1, 2)).aliases).toEqual(["challenger"]);
    await expect(promoteModelVersion(db, 1, 99)).rejects.toMatchObject({ code: "model_not_found" });
    await expect(rollbackModelVersion(db, 1, "challenger")).rejects.toMatchObject({
      code: "no_previous_model",
    });
  });

  it("are numbered without a clash when trainings finish together", async () => {
    const before = (await listModelVersions(db, 1)).length;
    const saved = await Promise.all(Array.from({ length: 5 }, (_, i) => save(`together ${i}`)));
    expect(new Set(saved.map((each) => each.version)).size).toBe(5);
    const listed = await listModelVersions(db, 1);
    expect(listed.map((each) => each.version)).toEqual(
      Array.from({ length: before + 5 }, (_, i) => before + 5 - i),
    );
  });

  it("whose bytes were damaged are not served", async () => {
    const { version } = await save("whole");
    await sql`update model_version set artifact = 'broken' where version = ${version}`.execute(db);
    await expect(loadModelVersion(db, 1, version)).rejects.toThrow(
      `model version ${version} of source 1 is damaged`,
    );
  });
});
