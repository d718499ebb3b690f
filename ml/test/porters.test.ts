import { createLogger, parseIsoDate, systemEffects } from "@rossmann/core";
import {
  backtestScores,
  type Db,
  findExperiment,
  findModelVersion,
  listExperiments,
  listModelVersions,
  loadModelVersion,
  modelVersionOf,
  rollbackModelVersion,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ArtifactError,
  backtest,
  createForecaster,
  EmptyHistoryError,
  HorizonError,
  importModel,
  LevelError,
  NoModelError,
  OriginError,
  TrainingCancelledError,
  train,
  UnknownStoreError,
} from "../src/index.ts";
import { loadPanel } from "./load-panel.ts";
import { FIRST_DAY, sampleChain } from "./sample-chain.ts";

const effects = systemEffects(createLogger("silent"));
const rows = sampleChain({ stores: 6, days: 760, future: 42, noise: 0.08 });
let warehouse: TestDatabase;
let db: Db;
let dataSourceId: number;
beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
  dataSourceId = await loadPanel(db, rows);
});
afterAll(() => warehouse.close());

describe("before anything was trained", () => {
  it("a forecast is refused, saying what to do", async () => {
    const question = createForecaster(db).forecast({ dataSourceId, storeIds: [1], horizon: 7 });
    await expect(question).rejects.toThrow(NoModelError);
    await expect(question).rejects.toThrow(/no champion model yet; train one with "rossmann train"/);
  });
});

describe("train", () => {
  it("registers the experiment, its scores and a champion, and reports progress", async () => {
    const shares: number[] = [];
    const result = await train(
      db,
      { dataSourceId, seed: 5, onProgress: ({ share }) => shares.push(share) },
      effects,
    );
    expect(result).toMatchObject({ version: 1, promoted: true, gate: "first model of this data source" });
    const experiment = await findExperiment(db, result.experimentId);
    expect(experiment).toMatchObject({
      status: "COMPLETED",
      modelType: result.modelType,
      trainPeriodStart: "2013-01-07",
      trainPeriodEnd: "2015-02-05",
    });
    expect(Object.keys(experiment.metrics)).toEqual(
      expect.arrayContaining(["seasonal_naive", "ridge", "best"]),
    );
    const scores = await backtestScores(db, result.experimentId, { segmentKind: "all" });
    const origins = new Set(result.table.map((row) => row.origin as string));
    expect(new Set(scores.map((score) => score.origin))).toEqual(origins);
    const stores = await backtestScores(db, result.experimentId, { segmentKind: "store" });
    expect(new Set(stores.map((score) => score.segment))).toEqual(new Set(["1", "2", "3", "4", "5", "6"]));
    expect(shares.at(-1)).toBeGreaterThan(0.95);
  });

  it("writes the same bytes again for the same seed and data, and lets the equal model serve", async () => {
    const again = await train(db, { dataSourceId, seed: 5 }, effects);
    expect(again).toMatchObject({ version: 2, promoted: true });
    expect(again.gate).toMatch(
      /^not worse than the champion: mean RMSPE .* of version 1 on \d shared origins$/,
    );
    const [first, second] = await Promise.all([
      loadModelVersion(db, dataSourceId, 1),
      loadModelVersion(db, dataSourceId, 2),
    ]);
    expect(second.sha256).toBe(first.sha256);
  });

  it("keeps the champion when the new model is worse on the same origins", async () => {
    await db
      .updateTable("backtest_score")
      .set({ metrics_json: JSON.stringify({ rmspe: 0.0001 }) })
      .where("segment_kind", "=", "all")
      .execute();
    const worse = await train(db, { dataSourceId, seed: 5 }, effects);
    expect(worse.promoted).toBe(false);
    expect(worse.gate).toContain("kept as challenger");
    expect(await modelVersionOf(db, dataSourceId, "champion")).toBe(2);
    expect(await modelVersionOf(db, dataSourceId, "challenger")).toBe(worse.version);
  });

  it("ends FAILED and leaves the champion alone when it is cancelled or refused", async () => {
    const cancelled = train(db, { dataSourceId, signal: AbortSignal.abort() }, effects);
    await expect(cancelled).rejects.toThrow(TrainingCancelledError);
    await expect(train(db, { dataSourceId, origin: "2015-13-01" }, effects)).rejects.toThrow(OriginError);
    const [newest, before] = await listExperiments(db, { dataSourceId, limit: 2 });
    expect([newest.status, before.status]).toEqual(["FAILED", "FAILED"]);
    expect(before.errorMessage).toContain("cancelled");
    expect(await modelVersionOf(db, dataSourceId, "champion")).toBe(2);
  });

  it("ends FAILED in one sentence when the disk is full while the model is written, and writes no half of it", async () => {
    await sql`
      create function disk_full() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file' using errcode = '53100'; end $$`.execute(db);
    await sql`create trigger disk_full after insert on model_version execute function disk_full()`.execute(
      db,
    );
    const versions = (await listModelVersions(db, dataSourceId)).length;
    await expect(train(db, { dataSourceId, seed: 5 }, effects)).rejects.toThrow(
      "no space left on the disk of the database: free some space and try again; what was there before is untouched",
    );
    await sql`drop function disk_full() cascade`.execute(db);
    const [newest] = await listExperiments(db, { dataSourceId, limit: 1 });
    expect(newest).toMatchObject({
      status: "FAILED",
      errorMessage: expect.stringContaining("no space left"),
    });
    expect(await backtestScores(db, newest.experimentId)).toEqual([]);
    expect((await listModelVersions(db, dataSourceId)).length).toBe(versions);
    expect(await modelVersionOf(db, dataSourceId, "champion")).toBe(2);
  });

  it("learns as of an earlier day when one is named", async () => {
    const result = await backtest(db, { dataSourceId, origin: "2014-12-31", origins: 2 }, effects);
    expect(result.origin).toBe("2014-12-31");
    expect(new Set(result.table.map((row) => row.origin as string))).toEqual(
      new Set(["2014-11-19", "2014-10-08"]),
    );
  });
});

describe("importModel", () => {
  it("registers a version that serves nobody until it is promoted", async () => {
    const { artifact } = await loadModelVersion(db, dataSourceId, 1);
    const result = await importModel(db, { dataSourceId, bytes: artifact, fileName: "theirs.json" });
    expect(result).toMatchObject({ kind: "model", trainedTo: "2015-02-05" });
    const model = await findModelVersion(db, dataSourceId, result.version);
    expect(model.aliases).toEqual([]);
    expect(model.metadata).toMatchObject({
      imported: { file: "theirs.json" },
      gate: expect.stringContaining("promotes it"),
    });
    const experiment = await findExperiment(db, result.experimentId);
    expect(experiment).toMatchObject({ status: "COMPLETED", version: result.version });
    expect(experiment.hyperparameters).toMatchObject({ profile: "imported", file: "theirs.json" });
    expect(await modelVersionOf(db, dataSourceId, "champion")).toBe(2);
    const asked = createForecaster(db, { model: result.version });
    expect((await asked.forecast({ dataSourceId, storeIds: [1], horizon: 7 })).modelVersion).toBe(
      result.version,
    );
  });

  it("writes nothing when the file cannot be used", async () => {
    const count = async () =>
      (await listExperiments(db, { dataSourceId })).length +
      (await listModelVersions(db, dataSourceId)).length;
    const before = await count();
    const bytes = Buffer.from('{"oblivious_trees":[]}');
    await expect(importModel(db, { dataSourceId, bytes, fileName: "bad.json" })).rejects.toThrow(
      /'features_info' is missing: not a CatBoost JSON model/,
    );
    expect(await count()).toBe(before);
  });
});

describe("createForecaster", () => {
  it("answers in the order of the question, 0 on closed days, bounds around the point", async () => {
    const answer = await createForecaster(db).forecast({
      dataSourceId,
      storeIds: [5, 2],
      horizon: 60,
      level: 0.9,
    });
    expect(answer).toMatchObject({ origin: "2015-02-05", modelVersion: 2, horizon: 60, level: 0.9 });
    expect(answer.stores.map((store) => store.storeId)).toEqual([5, 2]);
    for (const { points } of answer.stores) {
      expect(points.length).toBe(60);
      expect(points[0].date).toBe("2015-02-06");
      expect(points.map((point) => point.known)).toEqual(points.map((_, k) => k < 42));
      for (const point of points) {
        if (point.open === 0)
          expect([point.predictedSales, point.lower, point.upper, point.upper95]).toEqual([0, 0, 0, 0]);
        else {
          expect(point.lower).toBeLessThan(point.predictedSales);
          expect(point.upper).toBeGreaterThan(point.predictedSales);
          expect(point.upper95).toBeGreaterThanOrEqual(point.upper);
          expect(point.lower95).toBeLessThanOrEqual(point.lower);
        }
      }
    }
  });

  it("adds up: the chain's points are the sums of the stores' and its total the sum of its points", async () => {
    const forecaster = createForecaster(db);
    const storeIds = [1, 2, 3, 4, 5, 6];
    const answer = await forecaster.forecast({ dataSourceId, storeIds, horizon: 42 });
    const chain = await forecaster.chain({ dataSourceId, horizon: 42 });
    expect(chain.storeIds).toEqual(storeIds);
    chain.points.forEach((point, k) => {
      const sum = answer.stores.reduce((total, store) => total + store.points[k].predictedSales, 0);
      expect(point.predictedSales).toBeCloseTo(sum, 6);
      expect(point.openStores).toBe(answer.stores.filter((store) => store.points[k].open === 1).length);
    });
    expect(chain.total).toBeCloseTo(
      chain.points.reduce((sum, point) => sum + point.predictedSales, 0),
      4,
    );
    expect(chain.lower).toBeLessThan(chain.total);
    expect(chain.upper).toBeGreaterThan(chain.total);
  });

  it("predicts the rows of a file as it forecasts, and follows the file's own promotions", async () => {
    const forecaster = createForecaster(db);
    const predicted = await forecaster.predict({ dataSourceId, rows: rows.future });
    const answer = await forecaster.forecast({
      dataSourceId,
      storeIds: [1, 2, 3, 4, 5, 6],
      horizon: 42,
      level: 0.9,
    });
    for (let i = 0; i < rows.future.storeIds.length; i += 7) {
      const store = answer.stores[rows.future.storeIds[i] - 1];
      const point = store.points[rows.future.dayNumbers[i] - parseIsoDate(answer.origin)! - 1];
      expect(predicted.sales[i]).toBeCloseTo(point.predictedSales, 6);
      expect(predicted.lower90[i]).toBeCloseTo(point.lower, 6);
      expect(predicted.upper95[i]).toBeCloseTo(point.upper95, 6);
    }
    const without = { ...rows.future, promo: new Uint8Array(rows.future.promo.length) };
    const calm = await forecaster.predict({ dataSourceId, rows: without });
    const total = (sales: Float64Array) => sales.reduce((sum, value) => sum + value, 0);
    expect(total(calm.sales)).toBeLessThan(total(predicted.sales) * 0.97);
  });

  it("refuses stores it does not know, horizons and levels out of range, and days before the origin", async () => {
    const forecaster = createForecaster(db);
    await expect(forecaster.forecast({ dataSourceId, storeIds: [1, 77], horizon: 7 })).rejects.toThrow(
      UnknownStoreError,
    );
    await expect(forecaster.forecast({ dataSourceId, storeIds: [1, 77], horizon: 7 })).rejects.toThrow(
      /store 77 is not/,
    );
    for (const horizon of [0, 181, 1.5, NaN]) {
      await expect(forecaster.forecast({ dataSourceId, storeIds: [1], horizon })).rejects.toThrow(
        HorizonError,
      );
    }
    await expect(forecaster.chain({ dataSourceId, horizon: 7, level: 1 })).rejects.toThrow(LevelError);
    await expect(forecaster.predict({ dataSourceId, rows })).rejects.toThrow(HorizonError);
  });

  it("notices a champion that was rolled back, and a new load", async () => {
    const forecaster = createForecaster(db);
    const ask = () => forecaster.forecast({ dataSourceId, storeIds: [1], horizon: 1 });
    expect((await ask()).modelVersion).toBe(2);
    await rollbackModelVersion(db, dataSourceId);
    expect((await ask()).modelVersion).toBe(1);
    await loadPanel(db, sampleChain({ stores: 6, days: 767, noise: 0.08 }));
    expect((await ask()).origin).toBe("2015-02-12");
  });

  it("refuses a model file that is not there or is no model", async () => {
    const missing = createForecaster(db, { modelPath: "/nowhere/model.json" });
    await expect(missing.forecast({ dataSourceId, storeIds: [1], horizon: 1 })).rejects.toThrow(
      ArtifactError,
    );
    const foreign = createForecaster(db, { modelPath: new URL("../package.json", import.meta.url).pathname });
    await expect(foreign.forecast({ dataSourceId, storeIds: [1], horizon: 1 })).rejects.toThrow(
      /not one of ours/,
    );
  });
});

describe("a source whose shops never opened", () => {
  it("is refused by the training and keeps its champion", async () => {
    await loadPanel(
      db,
      sampleChain({
        stores: 2,
        days: 100,
        change: (row) => ({ ...row, open: 0, sales: 0, day: Math.max(row.day, FIRST_DAY) }),
      }),
    );
    await expect(train(db, { dataSourceId }, effects)).rejects.toThrow(EmptyHistoryError);
    expect(await modelVersionOf(db, dataSourceId, "champion")).toBe(1);
  });
});
