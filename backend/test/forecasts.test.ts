/** The routes that forecast, with a model trained on a chain of three stores. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DayNumber, isoDate, parseIsoDate, weekday } from "@rossmann/core";
import { type TrainResult, train } from "@rossmann/ml";
import { createDataSource, forecastPoints, listForecastRuns, promoteModelVersion } from "@rossmann/warehouse";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Api } from "../src/index.ts";
import { chainForecastSchema, forecastAccuracySchema, forecastSchema } from "../src/schemas/forecast.ts";
import { modelMetadataSchema } from "../src/schemas/model.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { FRESH_MS } from "../src/sources.ts";
import { appOn, movableClock } from "./parts.ts";

const LAST_DAY = "2015-05-31";
const HISTORY_DAYS = 150;
const KNOWN_DAYS = 5;
const STORES = [1, 2, 7];

let database: TestDatabase;
let app: Api;
let trained: TrainResult;
let untrained: number;
const clock = movableClock();

const last = parseIsoDate(LAST_DAY) as DayNumber;
const isSunday = (day: DayNumber) => weekday(day) === 7;
/** Closed on Sundays, better with a promotion, one store larger than the other, a ripple that no model can know. */
const sales = STORES.flatMap((storeId, s) =>
  Array.from({ length: HISTORY_DAYS }, (_, back) => {
    const day = last - back;
    const promo = day % 14 < 5 ? 1 : 0;
    const open = isSunday(day) ? 0 : 1;
    const ripple = 1 + 0.05 * Math.sin(day * 12.9898 + s * 78.233);
    return {
      storeId,
      date: isoDate(day),
      sales: open * Math.round(1000 * (s + 1) * (1 + 0.3 * promo) * ripple),
      promo,
      open,
    };
  }),
);
const future = STORES.flatMap((storeId) =>
  Array.from({ length: KNOWN_DAYS }, (_, k) => {
    const day = last + 1 + k;
    return {
      storeId,
      date: isoDate(day),
      promo: k === 1 ? 1 : 0,
      open: isSunday(day) ? 0 : 1,
      schoolHoliday: k === 0 ? 1 : 0,
    };
  }),
);

beforeAll(async () => {
  database = await createTestDatabase();
  await loadRows(database.db, { sales, future });
  untrained = (await createDataSource(database.db, { name: "No model yet" })).id;
  await loadRows(database.db, { sales: sales.slice(0, 30), dataSourceId: untrained });
  trained = await train(database.db, { dataSourceId: 1, origins: 3, horizon: 14 });
  app = appOn(database.db, { now: clock.now });
});
afterAll(async () => {
  await app?.close();
  await database?.close();
});

const forecast = (payload: object | string, on: Api = app) =>
  on.inject({
    method: "POST",
    url: "/api/v1/forecast",
    payload,
    headers: { "content-type": "application/json" },
  });

/** The run of an answer once it is written, which may be a moment after the answer. */
async function runOf(runId: unknown) {
  return vi.waitFor(
    async () => {
      const runs = await listForecastRuns(database.db, { limit: 1000 });
      const run = runs.find((each) => each.runId === runId);
      if (run === undefined) throw new Error(`no run ${runId} yet`);
      return run;
    },
    { timeout: 10_000 },
  );
}

describe("POST /forecast", () => {
  test("gives a point a day from the day after the origin, with intervals and the marks of the day", async () => {
    const answer = await forecast({ store_id: 2, horizon_days: 14 });
    expect(answer.statusCode, answer.body).toBe(200);
    const body: unknown = answer.json();
    const points = forecastSchema.parse(body);
    expect(body).toEqual(points);
    expect(points.map((point) => point.date)).toEqual(
      Array.from({ length: 14 }, (_, k) => isoDate(last + 1 + k)),
    );
    for (const [k, point] of points.entries()) {
      const { predicted_sales, predicted_lower, predicted_upper, predicted_lower_95, predicted_upper_95 } =
        point;
      const bounds = [
        predicted_lower_95,
        predicted_lower,
        predicted_sales,
        predicted_upper,
        predicted_upper_95,
      ].map(Number);
      expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
      expect(point.open).toBe(isSunday(last + 1 + k) ? 0 : 1);
      if (point.open === 0) expect(bounds).toEqual([0, 0, 0, 0, 0]);
      else expect(predicted_sales).toBeGreaterThan(1000);
      expect(point.basis).toBe(k < KNOWN_DAYS ? "known" : "projected");
    }
    expect(points.slice(0, 3).map(({ promo, school_holiday }) => [promo, school_holiday])).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
  });

  test("names run, model and origin in headers, and records the run with its points", async () => {
    const answer = await forecast({ store_id: "7", horizon_days: "3", note: "unknown fields are ignored" });
    expect(answer.headers).toMatchObject({
      "x-forecast-run-id": expect.stringMatching(/^forecast_\d{8}T\d{6}Z_[0-9a-f]{8}$/),
      "x-model-version": String(trained.version),
      "x-forecast-origin": LAST_DAY,
      "cache-control": "no-store",
    });
    const points = forecastSchema.parse(answer.json());
    const run = await runOf(answer.headers["x-forecast-run-id"]);
    expect(run).toMatchObject({
      runType: "forecast",
      status: "COMPLETED",
      dataSourceId: 1,
      storeId: 7,
      modelVersion: trained.version,
      origin: LAST_DAY,
      request: { store_id: 7, horizon_days: 3, data_source_id: 1 },
      summary: {
        points_count: 3,
        total_predicted_sales: expect.closeTo(
          points.reduce((sum, point) => sum + point.predicted_sales, 0),
          6,
        ),
      },
      errorMessage: null,
    });
    expect(
      (await forecastPoints(database.db, run.runId)).map(({ targetDate, predictedSales }) => [
        targetDate,
        predictedSales,
      ]),
    ).toEqual(points.map(({ date, predicted_sales }) => [date, predicted_sales]));
  });

  test("defaults to 30 days, reaches 180", async () => {
    expect(forecastSchema.parse((await forecast({ store_id: 1 })).json())).toHaveLength(30);
    expect(forecastSchema.parse((await forecast({ store_id: 1, horizon_days: 180 })).json())).toHaveLength(
      180,
    );
    expect(
      forecastSchema.parse((await forecast({ store_id: 1, horizon_days: 1, data_source_id: null })).json()),
    ).toHaveLength(1);
  });

  test("refuses an unknown store with 400 and records the refusal", async () => {
    const answer = await forecast({ store_id: 99 });
    expect(answer.statusCode).toBe(400);
    expect(problemSchema.parse(answer.json())).toMatchObject({
      code: "store_not_found",
      detail: expect.stringContaining("99"),
    });
    const run = await runOf(answer.headers["x-forecast-run-id"]);
    expect(run).toMatchObject({
      status: "FAILED",
      storeId: 99,
      summary: {},
      errorMessage: expect.stringContaining("99"),
    });
  });

  test("refuses an unknown data source with 400 and records nothing", async () => {
    const before = (await listForecastRuns(database.db, { limit: 1000 })).length;
    const answer = await forecast({ store_id: 1, data_source_id: 4711 });
    expect(answer.statusCode).toBe(400);
    expect(problemSchema.parse(answer.json()).code).toBe("data_source_not_found");
    expect(answer.headers["x-forecast-run-id"]).toBeUndefined();
    expect((await listForecastRuns(database.db, { limit: 1000 })).length).toBe(before);
  });

  test("says with 503 that a source has no model yet, and how to get one", async () => {
    const answer = await forecast({ store_id: 1, data_source_id: untrained });
    expect(answer.statusCode).toBe(503);
    expect(problemSchema.parse(answer.json())).toMatchObject({
      code: "model_missing",
      detail: expect.stringContaining("rossmann train"),
    });
  });

  test("loses no record when the application closes right after the answer", async () => {
    const second = appOn(database.db);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, k) => forecast({ store_id: 1, horizon_days: k + 1 }, second)),
    );
    await second.close();
    const written = new Set((await listForecastRuns(database.db, { limit: 1000 })).map(({ runId }) => runId));
    expect(answers.filter(({ headers }) => !written.has(String(headers["x-forecast-run-id"])))).toEqual([]);
  });
});

describe("GET /forecast/chain", () => {
  test("sums the stores by day and gives the total an interval", async () => {
    const answer = await app.inject("/api/v1/forecast/chain?horizon_days=7");
    expect(answer.statusCode, answer.body).toBe(200);
    const body: unknown = answer.json();
    const chain = chainForecastSchema.parse(body);
    expect(body).toEqual(chain);
    expect(chain).toMatchObject({
      origin: LAST_DAY,
      model_version: trained.version,
      horizon_days: 7,
      stores_count: 3,
    });
    expect(chain.total).toBeCloseTo(
      chain.points.reduce((sum, point) => sum + point.predicted_sales, 0),
      6,
    );
    expect(Number(chain.lower)).toBeLessThanOrEqual(chain.total);
    expect(Number(chain.upper)).toBeGreaterThanOrEqual(chain.total);

    const stores = await Promise.all(STORES.map((store_id) => forecast({ store_id, horizon_days: 7 })));
    const ofStores = stores.map((each) => forecastSchema.parse(each.json()));
    chain.points.forEach((point, k) => {
      expect(point.predicted_sales).toBeCloseTo(
        ofStores.reduce((sum, points) => sum + (points[k]?.predicted_sales ?? 0), 0),
        6,
      );
      expect(point.open).toBe(ofStores.reduce((sum, points) => sum + (points[k]?.open ?? 0), 0));
    });
    expect(chain.points.map(({ basis }) => basis)).toEqual([
      ...Array(KNOWN_DAYS).fill("known"),
      "projected",
      "projected",
    ]);
  });

  test("defaults to 42 days, and is a 304 until another model serves", async () => {
    const first = await app.inject("/api/v1/forecast/chain");
    expect(chainForecastSchema.parse(first.json()).points).toHaveLength(42);
    const headers = { "if-none-match": String(first.headers.etag) };
    expect((await app.inject({ url: "/api/v1/forecast/chain", headers })).statusCode).toBe(304);

    const next = await train(database.db, { dataSourceId: 1, origins: 3, horizon: 14, seed: 7 });
    await promoteModelVersion(database.db, 1, next.version);
    clock.pass(FRESH_MS);
    const after = await app.inject({ url: "/api/v1/forecast/chain", headers });
    expect(after.statusCode).toBe(200);
    expect(chainForecastSchema.parse(after.json()).model_version).toBe(next.version);
    await promoteModelVersion(database.db, 1, trained.version);
    clock.pass(FRESH_MS);
  });

  test.each(["horizon_days=0", "horizon_days=181", "horizon_days=x", "horizon_days="])(
    "refuses %s",
    async (query) => {
      expect((await app.inject(`/api/v1/forecast/chain?${query}`)).statusCode).toBe(422);
    },
  );

  test("is 404 for an unknown source, 503 for one without a model", async () => {
    expect((await app.inject("/api/v1/forecast/chain?data_source_id=4711")).statusCode).toBe(404);
    expect((await app.inject(`/api/v1/forecast/chain?data_source_id=${untrained}`)).statusCode).toBe(503);
  });
});

describe("GET /forecast/accuracy", () => {
  test("is the mean of the backtest's origins, for the chain", async () => {
    const answer = await app.inject("/api/v1/forecast/accuracy");
    expect(answer.statusCode, answer.body).toBe(200);
    const body: unknown = answer.json();
    const accuracy = forecastAccuracySchema.parse(body);
    expect(body).toEqual(accuracy);
    const rows = trained.table.filter((row) => row.kind === "all" && row.model === trained.modelType);
    const mean = (metric: "wape" | "rmspe" | "bias") =>
      rows.reduce((sum, row) => sum + row.measures[metric], 0) / rows.length;
    expect(accuracy).toMatchObject({
      store_id: null,
      wape: expect.closeTo(mean("wape"), 12),
      rmspe: expect.closeTo(mean("rmspe"), 12),
      bias: expect.closeTo(mean("bias"), 12),
      typical_error_pct: expect.closeTo(100 * mean("wape"), 10),
      points: rows.reduce((sum, row) => sum + row.points, 0),
      origins: rows.map(({ origin }) => origin).sort(),
    });
    expect(accuracy.horizon_groups.map(({ from, to }) => [from, to])).toEqual([
      [1, 7],
      [8, 14],
    ]);
  });

  test("is there for every store, and 404 for one that was not judged", async () => {
    const points = await Promise.all(
      STORES.map(async (store) => {
        const accuracy = forecastAccuracySchema.parse(
          (await app.inject(`/api/v1/forecast/accuracy?store_id=${store}`)).json(),
        );
        expect(accuracy.store_id).toBe(store);
        expect(accuracy.horizon_groups).toHaveLength(2);
        expect(accuracy.horizon_groups[0]?.wape).toBeGreaterThan(0);
        return accuracy.points;
      }),
    );
    const chain = forecastAccuracySchema.parse((await app.inject("/api/v1/forecast/accuracy")).json());
    expect(points.reduce((sum, each) => sum + each, 0)).toBe(chain.points);
    const unknown = await app.inject("/api/v1/forecast/accuracy?store_id=99");
    expect(unknown.statusCode).toBe(404);
    expect(problemSchema.parse(unknown.json())).toMatchObject({
      code: "accuracy_not_found",
      detail: expect.stringContaining("99"),
    });
  });

  test("is 404 without a model and 422 for a store that is none", async () => {
    expect((await app.inject(`/api/v1/forecast/accuracy?data_source_id=${untrained}`)).statusCode).toBe(404);
    expect((await app.inject("/api/v1/forecast/accuracy?store_id=0")).statusCode).toBe(422);
  });
});

describe("GET /model/metadata", () => {
  test("says how the serving model was made", async () => {
    const answer = await app.inject("/api/v1/model/metadata");
    expect(answer.statusCode, answer.body).toBe(200);
    const body: unknown = answer.json();
    const metadata = modelMetadataSchema.parse(body);
    expect(body).toEqual(metadata);
    expect(metadata).toMatchObject({
      selected_model: trained.modelType,
      version: trained.version,
      experiment_id: trained.experimentId,
      trained_to: LAST_DAY,
      train_period: { date_to: LAST_DAY },
      trained_at: expect.stringMatching(/Z$/),
      prediction_floor: 0,
    });
    expect(metadata.metrics.best).toEqual(metadata.metrics[trained.modelType]);
    expect(Object.keys(metadata.metrics)).toContain("seasonal_naive");
    expect(metadata.metrics.best?.rmspe).toBeGreaterThan(0);
  });

  test("comes from MODEL_METADATA_PATH when it is set, parts of another form being null", async () => {
    const folder = mkdtempSync(join(tmpdir(), "metadata-"));
    const path = join(folder, "metadata.json");
    const served = appOn(database.db, { settings: { MODEL_METADATA_PATH: path } });
    const ask = () => served.inject("/api/v1/model/metadata");
    try {
      const missing = await ask();
      expect(missing.statusCode).toBe(404);
      expect(missing.body).not.toContain(folder);

      writeFileSync(
        path,
        '{"selected_model": "catboost", "metrics": {"best": {"mae": 5, "wape": "x"}}, "rows": 7}',
      );
      const found = modelMetadataSchema.parse((await ask()).json());
      expect(found).toMatchObject({
        selected_model: "catboost",
        version: null,
        rows: null,
        trained_at: null,
      });
      expect(found.metrics.best).toMatchObject({ mae: 5, wape: null });

      writeFileSync(path, "{");
      const broken = await ask();
      expect(broken.statusCode).toBe(500);
      expect(problemSchema.parse(broken.json()).code).toBe("metadata_invalid");
      expect(broken.body).not.toContain(folder);
    } finally {
      await served.close();
      rmSync(folder, { recursive: true });
    }
  });
});

test("system summary and readiness know the model that serves", async () => {
  const summary = z.object({ model: z.unknown() }).parse((await app.inject("/api/v1/system/summary")).json());
  expect(summary.model).toEqual({
    version: trained.version,
    model_type: trained.modelType,
    trained_at: expect.stringMatching(/Z$/),
    trained_to: LAST_DAY,
  });
  const ready = await app.inject("/api/v1/health/ready");
  expect(ready.statusCode).toBe(200);
  expect(ready.json()).toMatchObject({ status: "ready" });
});
