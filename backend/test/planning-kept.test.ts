/** What planners keep: runs found again, saved scenarios, corrections, and forecasts that met their sales. */
import { isoDate, weekday } from "@rossmann/core";
import { createDataSource, listForecastRuns, recordForecastRun } from "@rossmann/warehouse";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Api } from "../src/index.ts";
import { actualsSchema } from "../src/schemas/actuals.ts";
import { batchEventSchema, batchSchema, batchStartedSchema } from "../src/schemas/batch.ts";
import { forecastSchema } from "../src/schemas/forecast.ts";
import { overrideSchema, overridesSchema, overrideValueSchema } from "../src/schemas/overrides.ts";
import { planningRunSchema } from "../src/schemas/planning-runs.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import {
  savedScenarioSchema,
  savedScenariosSchema,
  scenarioConflictSchema,
} from "../src/schemas/saved-scenarios.ts";
import { FRESH_MS } from "../src/sources.ts";
import { appOn, movableClock } from "./parts.ts";
import { LAST, loadPlanningChain, OPEN_STORES } from "./planning-chain.ts";

let database: TestDatabase;
let app: Api;
const clock = movableClock();

beforeAll(async () => {
  database = await createTestDatabase();
  await loadPlanningChain(database.db);
  app = appOn(database.db, { now: clock.now });
});
afterAll(async () => {
  await app?.close();
  await database?.close();
});

const send = (method: "POST" | "PUT" | "DELETE" | "GET", path: string, payload?: object, headers = {}) =>
  app.inject({ method, url: `/api/v1${path}`, payload, headers });

const runOf = async (runId: string) => {
  const answer = await send("GET", `/planning/runs/${runId}`);
  return answer.statusCode === 200 ? planningRunSchema.parse(answer.json()) : null;
};

const finished = (runId: string) =>
  vi.waitFor(
    async () => {
      const run = await runOf(runId);
      if (run === null || run.status === "RUNNING") throw new Error(`run ${runId} has not ended yet`);
      return run;
    },
    { timeout: 10_000 },
  );

describe("GET /planning/runs/{run_id}", () => {
  test("finds a portfolio again that was left", async () => {
    const answer = await send("POST", "/forecast/batch", {
      store_ids: OPEN_STORES,
      horizon_days: 14,
      background: true,
    });
    expect(answer.statusCode, answer.body).toBe(202);
    const { run_id, location } = batchStartedSchema.parse(answer.json());
    expect(answer.headers.location).toBe(location);
    expect(await runOf(run_id)).not.toBeNull();
    const run = await finished(run_id);
    expect(run).toMatchObject({ status: "COMPLETED", run_type: "batch", progress: null });
    const direct = await send("POST", "/forecast/batch", { store_ids: OPEN_STORES, horizon_days: 14 });
    expect(run.result).toEqual({ ...direct.json<object>(), run_id });
  });

  test("tells why a portfolio failed", async () => {
    const answer = await send("POST", "/forecast/batch", { store_ids: [99], background: true });
    const run = await finished(batchStartedSchema.parse(answer.json()).run_id);
    expect(run).toMatchObject({ status: "FAILED", result: null });
    expect(run.error_message).toContain("99");
  });

  test("finds a scenario again, as it was answered", async () => {
    const answer = await send("POST", "/scenario/run", { store_id: 1, promo_mode: "off", horizon_days: 7 });
    const body = answer.json<{ run_id: string }>();
    const run = await vi.waitFor(async () => {
      const found = await runOf(body.run_id);
      if (found === null) throw new Error("not recorded yet");
      return found;
    });
    expect(run.result).toEqual(body);
  });

  test("is 404 for a run nobody knows", async () => {
    const answer = await send("GET", "/planning/runs/nothing");
    expect(answer.statusCode).toBe(404);
    expect(problemSchema.parse(answer.json()).code).toBe("planning_run_not_found");
  });
});

describe("POST /forecast/batch with Accept: application/x-ndjson", () => {
  const lines = { accept: "application/x-ndjson", "accept-encoding": "br, gzip" };
  const eventsOf = (text: string) =>
    text
      .trim()
      .split("\n")
      .map((line) => batchEventSchema.parse(JSON.parse(line)));

  test("tells progress a line, then the result, and keeps the points for later sales", async () => {
    const answer = await send("POST", "/forecast/batch", { store_ids: [1, 2], horizon_days: 7 }, lines);
    expect(answer.headers["content-type"]).toContain("application/x-ndjson");
    expect(answer.headers["content-encoding"]).toBeUndefined();
    const events = eventsOf(answer.body);
    const run_id = answer.headers["x-forecast-run-id"];
    expect(events[0]).toMatchObject({ event: "progress", share: 0, run_id });
    for (const event of events) if (event.event === "progress") expect(event.run_id).toBe(run_id);
    const last = events.at(-1)!;
    expect(last.event).toBe("result");
    if (last.event === "result") batchSchema.parse(last.result);
    const run = await finished(String(answer.headers["x-forecast-run-id"]));
    expect(run.status).toBe("COMPLETED");
  });

  test("ends with the problem when nothing can be forecast", async () => {
    const answer = await send("POST", "/forecast/batch", { store_ids: [99] }, lines);
    expect(eventsOf(answer.body).at(-1)).toMatchObject({ event: "problem", code: "nothing_to_forecast" });
  });
});

describe("saved scenarios", () => {
  const content = {
    store_id: 1,
    horizon_days: 14,
    scenarios: [{ name: "No promotion", promo_mode: "off" }],
  };
  const create = async (name: string) =>
    savedScenarioSchema.parse((await send("POST", "/scenarios", { name, content })).json());

  test("are kept with name, author and version, and run as they were saved", async () => {
    const answer = await send("POST", "/scenarios", { name: " Summer ", note: "first idea", content });
    expect(answer.statusCode, answer.body).toBe(201);
    const saved = savedScenarioSchema.parse(answer.json());
    expect(saved).toMatchObject({ name: "Summer", note: "first idea", version: 1, author: "local" });
    expect(answer.headers.location).toBe(`/api/v1/scenarios/${saved.scenario_id}`);
    const shared = await send("GET", `/scenarios/${saved.scenario_id}`);
    expect(shared.json()).toEqual(saved);
    const run = await send("POST", "/scenario/compare", saved.content);
    expect(run.statusCode, run.body).toBe(200);
  });

  test("of two browsers that save the same one, the second is told of both versions and nothing is lost", async () => {
    const { scenario_id } = await create("Two browsers");
    const save = (name: string) => send("PUT", `/scenarios/${scenario_id}`, { name, content, version: 1 });
    const answers = await Promise.all([save("mine"), save("yours")]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    const [won, lost] = answers[0].statusCode === 200 ? answers : [answers[1], answers[0]];
    const conflict = scenarioConflictSchema.parse(lost.json());
    expect(lost.headers["content-type"]).toContain("application/problem+json");
    expect(conflict).toMatchObject({ code: "scenario_changed_meanwhile", current: won.json() });
    expect([conflict.current.name, conflict.submitted.name].sort()).toEqual(["mine", "yours"]);

    const again = await send("PUT", `/scenarios/${scenario_id}`, {
      ...conflict.submitted,
      version: conflict.current.version,
    });
    expect(savedScenarioSchema.parse(again.json())).toMatchObject({
      version: 3,
      name: conflict.submitted.name,
    });
    const versions = await send("GET", `/scenarios/${scenario_id}/versions`);
    expect(savedScenariosSchema.parse(versions.json()).map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  test("are listed newest change first, and leave the list when they are deleted", async () => {
    const first = await create("A");
    const second = await create("B");
    await send("PUT", `/scenarios/${first.scenario_id}`, { name: "A2", content, version: 1 });
    const names = async () =>
      savedScenariosSchema.parse((await send("GET", "/scenarios")).json()).map(({ name }) => name);
    expect((await names()).slice(0, 2)).toEqual(["A2", "B"]);
    expect((await send("DELETE", `/scenarios/${second.scenario_id}`)).statusCode).toBe(200);
    expect(await names()).not.toContain("B");
    expect((await send("GET", `/scenarios/${second.scenario_id}`)).statusCode).toBe(404);
    expect((await send("DELETE", `/scenarios/${second.scenario_id}`)).statusCode).toBe(404);
  });

  test.each([
    [{ name: " ", content }, 422],
    [{ name: "x", content: { ...content, scenarios: [] } }, 422],
    [{ name: "x", content, data_source_id: 4711 }, 404],
  ])("refuse %j", async (body, status) => {
    expect((await send("POST", "/scenarios", body)).statusCode).toBe(status);
  });
});

describe("corrections and forecasts that meet their sales", () => {
  const day = (ahead: number) => isoDate(LAST + ahead);
  const plain = async (store_id: number) =>
    forecastSchema.parse((await send("POST", "/forecast", { store_id, horizon_days: 14 })).json());

  test.each([
    [{ date_from: day(1), sales: 10, change_pct: 1 }, 400, "not both"],
    [{ date_from: day(1) }, 400, "either sales or change_pct"],
    [{ date_from: day(0), sales: 10 }, 400, "for coming days"],
    [{ date_from: day(181), sales: 10 }, 400, "for coming days"],
    [{ date_from: day(3), date_to: day(2), sales: 10 }, 400, "exchange"],
    [{ date_from: day(7), sales: 10 }, 400, "is closed"],
    [{ date_from: day(1), sales: -1 }, 422, "-1"],
    [{ date_from: day(1), sales: 10, reason: "" }, 422, "at least 3"],
  ])("refuse %j", async (body, status, said) => {
    const answer = await send("POST", "/forecast/overrides", { store_id: 1, reason: "a fair", ...body });
    expect(answer.statusCode, answer.body).toBe(status);
    expect(problemSchema.parse(answer.json()).detail).toContain(said);
  });

  test("stay beside the model's value, and show what they were worth once the sales are there", async () => {
    expect(weekday(LAST)).toBe(7);
    const before = await plain(1);
    const make = async (body: object) => {
      const answer = await send("POST", "/forecast/overrides", { store_id: 1, reason: "a fair", ...body });
      expect(answer.statusCode, answer.body).toBe(201);
      return overrideSchema.parse(answer.json());
    };
    const whole = await make({ date_from: day(1), date_to: day(7), change_pct: 20 });
    expect(whole).toMatchObject({ author: "local", reason: "a fair", origin: day(0), withdrawn_at: null });
    expect(whole.days.map(({ date }) => date)).toEqual([1, 2, 3, 4, 5, 6].map(day));
    whole.days.forEach((each, k) => {
      expect(each.model_sales).toBe(before[k]?.predicted_sales);
      expect(each.override_sales).toBeCloseTo(1.2 * each.model_sales, 8);
      expect(each.actual_sales).toBeNull();
    });
    const single = await make({ date_from: day(2), sales: 1234 });
    const wrong = await make({ date_from: day(3), sales: 1 });
    await send("DELETE", `/forecast/overrides/${wrong.override_id}`);

    const after = await plain(1);
    expect(after.map((point) => point.predicted_sales)).toEqual(before.map((point) => point.predicted_sales));
    expect(after[1]).toMatchObject({ override_sales: 1234, override_id: single.override_id });
    expect(after[2]).toMatchObject({ override_id: whole.override_id });
    expect(after[7]).toMatchObject({ override_sales: null, override_id: null });

    const list = async (query: string) =>
      overridesSchema.parse((await send("GET", `/forecast/overrides?${query}`)).json());
    expect((await list("store_id=1")).map((each) => each.override_id)).toEqual([
      single.override_id,
      whole.override_id,
    ]);
    expect((await list("include_withdrawn=true"))[0]).toMatchObject({
      override_id: wrong.override_id,
      withdrawn_by: "local",
    });
    const value = async () =>
      overrideValueSchema.parse((await send("GET", "/forecast/overrides/value")).json());
    expect(await value()).toMatchObject({ days: 0, wape_override: null, value_added_vs_model: null });

    // The week comes: Monday, Tuesday and Wednesday sell 1,000, 1,200 and 900.
    const sold = [1000, 1200, 900];
    await loadRows(database.db, {
      sales: sold.map((sales, k) => ({ storeId: 1, date: day(k + 1), sales, promo: 0, open: 1 })),
      kind: "incremental",
    });
    clock.pass(FRESH_MS);
    const overrides = [whole.days[0]!.override_sales, 1234, whole.days[2]!.override_sales];
    const errorOf = (said: readonly number[]) =>
      said.reduce((total, sales, k) => total + Math.abs(sales - sold[k]!), 0) / 3100;
    const measured = await value();
    const models = before.slice(0, 3).map((point) => point.predicted_sales);
    expect(measured.days).toBe(3);
    expect(measured.wape_override).toBeCloseTo(errorOf(overrides), 10);
    expect(measured.wape_model).toBeCloseTo(errorOf(models), 10);
    expect(measured.value_added_vs_model).toBeCloseTo(errorOf(models) - errorOf(overrides), 10);
    expect(measured.wape_naive).toBeCloseTo(errorOf(whole.days.slice(0, 3).map((d) => d.naive_sales)), 10);
    expect(measured.by_author).toMatchObject([{ author: "local", overrides: 2, days: 3 }]);
    expect((await list("store_id=1"))[1]?.days.slice(0, 4).map((each) => each.actual_sales)).toEqual([
      1000,
      1200,
      900,
      null,
    ]);

    const actuals = async (query: string) => {
      const answer = await send("GET", `/forecast/actuals?${query}`);
      expect(answer.statusCode, answer.body).toBe(200);
      return actualsSchema.parse(answer.json());
    };
    await vi.waitFor(async () => {
      expect((await actuals("store_id=1")).points).toBe(3);
    });
    const met = await actuals("store_id=1");
    expect(met.wape).toBeCloseTo(errorOf(models), 10);
    expect(met.bias).toBeCloseTo((models.reduce((a, b) => a + b) - 3100) / 3100, 10);
    expect(met.by_horizon).toMatchObject([{ from: 1, to: 7, points: 3 }]);
    expect(met.by_week).toMatchObject([{ date_from: day(1), points: 3 }]);
    expect(met.by_store).toMatchObject([{ store_id: 1, points: 3 }]);
    const inside = before
      .slice(0, 3)
      .filter((p, k) => Number(p.predicted_lower) <= sold[k]! && sold[k]! <= Number(p.predicted_upper));
    expect(met.coverage_80).toBeCloseTo(inside.length / 3, 10);
    expect((await actuals(`date_from=${day(2)}`)).points).toBe(2);
    expect((await actuals("store_id=2")).points).toBe(0);
  });

  test("keeps 80 % bounds in the record whatever level was asked for", async () => {
    await send("POST", "/forecast", { store_id: 2, horizon_days: 3, confidence_level: 0.95 });
    const [at80, at95] = await Promise.all(
      [0.8, 0.95].map(async (confidence_level) =>
        forecastSchema.parse(
          (await send("POST", "/forecast", { store_id: 2, horizon_days: 3, confidence_level })).json(),
        ),
      ),
    );
    expect(at95?.[0]?.predicted_upper).toBeGreaterThan(Number(at80?.[0]?.predicted_upper));
    await app.close();
    const runs = await listForecastRuns(database.db, { runType: "forecast", limit: 3 });
    const { forecastPoints } = await import("@rossmann/warehouse");
    for (const run of runs) {
      const points = await forecastPoints(database.db, run.runId);
      expect(points[0]?.predictedUpper).toBe(at80?.[0]?.predicted_upper);
    }
    app = appOn(database.db, { now: clock.now });
  });

  test("of another data source are not counted", async () => {
    const other = await createDataSource(database.db, { name: "Other" });
    await recordForecastRun(database.db, {
      runType: "forecast",
      status: "COMPLETED",
      dataSourceId: other.id,
      storeId: 1,
      origin: day(0),
      points: [
        {
          storeId: 1,
          targetDate: day(1),
          predictedSales: 1,
          predictedLower: 0,
          predictedUpper: 2,
          known: true,
        },
      ],
    });
    const answer = await send("GET", `/forecast/actuals?data_source_id=${other.id}`);
    expect(actualsSchema.parse(answer.json())).toMatchObject({ points: 0, wape: null, by_week: [] });
  });
});
