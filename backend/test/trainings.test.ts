/** Trainings in processes of their own, their experiments, and the registry of models, on a chain of three stores. */
import type { ChildProcess } from "node:child_process";
import { type DayNumber, isoDate, parseIsoDate, weekday } from "@rossmann/core";
import { registerTraining, train } from "@rossmann/ml";
import {
  backtestScores,
  closeDatabase,
  createDataSource,
  findExperiment,
  listModelVersions,
  openDatabase,
  startExperiment,
} from "@rossmann/warehouse";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Api } from "../src/index.ts";
import {
  backtestTableSchema,
  type ExperimentItem,
  experimentSchema,
  experimentsSchema,
} from "../src/schemas/ml-experiments.ts";
import { modelVersionSchema, modelVersionsSchema } from "../src/schemas/ml-models.ts";
import { modelMetadataSchema } from "../src/schemas/model.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appOn, movableClock } from "./parts.ts";

/** The processes that were started, so that a test can kill one. */
const children = vi.hoisted((): ChildProcess[] => []);
vi.mock(import("node:child_process"), async (original) => {
  const real = await original();
  const fork = (...args: Parameters<typeof real.fork>) => {
    const child = real.fork(...args);
    children.push(child);
    return child;
  };
  return { ...real, fork: fork as typeof real.fork };
});

const LAST_DAY = "2015-05-31";
const HISTORY_DAYS = 120;
const STORES = [1, 2, 7];
const PATIENCE = { timeout: 50_000, interval: 50 };

let database: TestDatabase;
let app: Api;
let emptySource: number;
let shortSource: number;
const clock = movableClock();

const last = parseIsoDate(LAST_DAY) as DayNumber;
/** Closed on Sundays, better with a promotion, a ripple that no model can know. */
const sales = STORES.flatMap((storeId, s) =>
  Array.from({ length: HISTORY_DAYS }, (_, back) => {
    const day = last - back;
    const promo = day % 14 < 5 ? 1 : 0;
    const open = weekday(day) === 7 ? 0 : 1;
    const ripple = 1 + 0.05 * Math.sin(day * 12.9898 + s * 78.233);
    const amount = open * Math.round(1000 * (s + 1) * (1 + 0.3 * promo) * ripple);
    return { storeId, date: isoDate(day), sales: amount, promo, open };
  }),
);

beforeAll(async () => {
  database = await createTestDatabase();
  await loadRows(database.db, { sales });
  emptySource = (await createDataSource(database.db, { name: "Nothing loaded" })).id;
  shortSource = (await createDataSource(database.db, { name: "Ten days" })).id;
  await loadRows(database.db, { sales: sales.slice(0, 10), dataSourceId: shortSource });
  app = appOn(database.db, { now: clock.now });
});
afterAll(async () => {
  await app?.close();
  await database?.close();
});

const get = (path: string, on: Api = app) => on.inject(`/api/v1${path}`);
const post = (path: string, payload?: object, on: Api = app) =>
  on.inject({ method: "POST", url: `/api/v1${path}`, payload });
const cancel = (experimentId: string) =>
  app.inject({ method: "DELETE", url: `/api/v1/ml/trainings/${experimentId}` });

/** An answer of the form its schema says, nothing more and nothing less. */
function experimentOf(answer: Awaited<ReturnType<typeof get>>): ExperimentItem {
  const body: unknown = answer.json();
  const item = experimentSchema.parse(body);
  expect(body).toEqual(item);
  return item;
}

async function start(payload?: object, on: Api = app): Promise<ExperimentItem> {
  const answer = await post("/ml/trainings", payload, on);
  expect(answer.statusCode, answer.body).toBe(202);
  return experimentOf(answer);
}

/** The experiment once it is over. */
const outcomeOf = (experimentId: string) =>
  vi.waitFor(async () => {
    const item = experimentOf(await get(`/ml/experiments/${experimentId}`));
    if (item.status === "RUNNING") throw new Error(`still at ${JSON.stringify(item.progress)}`);
    return item;
  }, PATIENCE);

/** While `work` goes on, no training gets its sales, so that none ends. */
async function whileHeld(work: () => Promise<void>): Promise<void> {
  const db = openDatabase(database.url, { poolSize: 1 });
  try {
    await db.transaction().execute(async (trx) => {
      await sql`lock table fact_sales_daily in access exclusive mode`.execute(trx);
      await work();
    });
  } finally {
    await closeDatabase(db);
  }
}

/** Resolves when the newest training process waits for its sales. */
const untilReading = () =>
  vi.waitFor(async () => {
    const { rows } = await sql`
      select 1 from pg_stat_activity
      where datname = current_database() and application_name = 'rossmann training' and wait_event_type = 'Lock'
    `.execute(database.db);
    if (rows.length === 0) throw new Error("no training waits yet");
  }, PATIENCE);

const untilGone = (child: ChildProcess | undefined) =>
  vi.waitFor(() => {
    if (child?.exitCode === null && child.signalCode === null) throw new Error("still there");
  }, PATIENCE);

describe("POST /ml/trainings", () => {
  test("trains in the background: 202 with the running experiment, then a model that serves", async () => {
    const answer = await post("/ml/trainings");
    expect(answer.statusCode, answer.body).toBe(202);
    const begun = experimentOf(answer);
    expect(answer.headers.location).toBe(`/api/v1/ml/experiments/${begun.experiment_id}`);
    expect(begun).toMatchObject({
      data_source_id: 1,
      model_type: "pending",
      profile: "quick",
      status: "RUNNING",
      metrics: {},
      version: null,
      error_message: null,
      training_period: { start: null, end: null },
      created_at: expect.stringMatching(/Z$/),
    });
    const done = await outcomeOf(begun.experiment_id);
    expect(done).toMatchObject({
      status: "COMPLETED",
      version: 1,
      progress: null,
      hyperparameters: { profile: "quick", random_state: 42 },
      training_period: { start: isoDate(last - HISTORY_DAYS + 1), end: LAST_DAY },
      validation_period: { end: LAST_DAY },
    });
    expect(done.metrics.best).toEqual(done.metrics[done.model_type]);
    expect(done.metrics.rmse).toBe(done.metrics.best?.rmse);
    if (done.metrics.boosting) expect(done.metrics.catboost).toEqual(done.metrics.boosting);
    expect(done.metrics.seasonal_naive).toMatchObject({ wape: expect.any(Number) });
    await untilGone(children.at(-1));
    expect(children.at(-1)?.exitCode).toBe(0);
  });

  test("takes seed and origin", async () => {
    const { experiment_id } = await start({ seed: "7", origin: "2015-05-17", profile: "quick" });
    expect(await outcomeOf(experiment_id)).toMatchObject({
      status: "COMPLETED",
      version: 2,
      hyperparameters: { random_state: 7, origin: "2015-05-17" },
      training_period: { end: "2015-05-17" },
    });
  });

  test("refuses a second training of the same source with 409, naming the first, and cancels that one", async () => {
    await whileHeld(async () => {
      const first = await start();
      const second = await post("/ml/trainings");
      expect(second.statusCode).toBe(409);
      expect(problemSchema.parse(second.json())).toMatchObject({
        code: "training_in_progress",
        detail: expect.stringContaining(first.experiment_id),
      });
      await untilReading();
      const running = await vi.waitFor(async () => {
        const item = experimentOf(await get(`/ml/experiments/${first.experiment_id}`));
        if (item.progress === null) throw new Error("not a word yet");
        return item;
      }, PATIENCE);
      expect(running).toMatchObject({ status: "RUNNING", progress: { stage: "read", share: 0 } });

      const cancelled = await cancel(first.experiment_id);
      expect(cancelled.statusCode, cancelled.body).toBe(200);
      expect(experimentOf(cancelled)).toMatchObject({
        status: "FAILED",
        model_type: "failed",
        progress: null,
        error_message: expect.stringMatching(
          /^cancelled by local \(request .+\); the serving model is unchanged$/,
        ),
      });
      await untilGone(children.at(-1));
      const again = await cancel(first.experiment_id);
      expect(again.statusCode).toBe(409);
      expect(problemSchema.parse(again.json()).code).toBe("experiment_not_running");
    });
    const next = await start();
    expect(await outcomeOf(next.experiment_id)).toMatchObject({ status: "COMPLETED", version: 3 });
  });

  test("is refused where there is nothing to learn from, and from days without sales", async () => {
    const empty = await post("/ml/trainings", { data_source_id: emptySource });
    expect(empty.statusCode).toBe(409);
    expect(problemSchema.parse(empty.json())).toMatchObject({
      code: "history_empty",
      detail: expect.stringContaining("rossmann etl"),
    });
    const late = await post("/ml/trainings", { origin: "2015-06-01" });
    expect(late.statusCode).toBe(400);
    expect(problemSchema.parse(late.json())).toMatchObject({
      code: "origin_invalid",
      detail: expect.stringContaining(`to ${LAST_DAY}, got 2015-06-01`),
    });
  });

  test("tells by its experiment what the workshop refused", async () => {
    const { experiment_id } = await start({ data_source_id: shortSource });
    expect(await outcomeOf(experiment_id)).toMatchObject({
      status: "FAILED",
      data_source_id: shortSource,
      error_message: expect.stringMatching(/at least 21 days of history, this source has 10/),
    });
  });

  test.each([
    ["profile", { profile: "slow" }],
    ["seed", { seed: -1 }],
    ["seed", { seed: 1.5 }],
    ["origin", { origin: "2015-02-30" }],
    ["data_source_id", { data_source_id: 0 }],
    ["body", []],
  ])("refuses a wrong %s with 422: %j", async (name, payload) => {
    const answer = await post("/ml/trainings", payload);
    expect(answer.statusCode).toBe(422);
    expect(problemSchema.parse(answer.json()).detail).toContain(name);
  });
});

describe("a training", () => {
  test("whose process is killed is FAILED at once", async () => {
    await whileHeld(async () => {
      const { experiment_id } = await start();
      await untilReading();
      children.at(-1)?.kill("SIGKILL");
      expect(await outcomeOf(experiment_id)).toMatchObject({
        status: "FAILED",
        error_message:
          "the training process was ended by SIGKILL, maybe for lack of memory; the serving model is unchanged",
      });
    });
  });

  test("does not outlive a server that vanished", async () => {
    await whileHeld(async () => {
      const { experiment_id } = await start();
      await untilReading();
      children.at(-1)?.disconnect();
      expect((await outcomeOf(experiment_id)).error_message).toMatch(
        /^stopped because the server that ran it ended unexpectedly/,
      );
      await untilGone(children.at(-1));
    });
  });

  test("is stopped with its server, which says so", async () => {
    await whileHeld(async () => {
      const second = appOn(database.db);
      const { experiment_id } = await start({}, second);
      await untilReading();
      await second.close();
      expect(children.at(-1)?.signalCode).toBe("SIGTERM");
      expect(await findExperiment(database.db, experiment_id)).toMatchObject({
        status: "FAILED",
        errorMessage: expect.stringMatching(/^stopped because the server was stopped/),
      });
    });
  });

  test("of another process is cancelled too, and leaves no model", async () => {
    const before = (await listModelVersions(database.db, 1)).length;
    const experimentId = await registerTraining(database.db, { dataSourceId: 1 });
    let training: Promise<unknown> = Promise.resolve();
    await whileHeld(async () => {
      training = train(database.db, { dataSourceId: 1, experimentId });
      training.catch(() => {});
      expect((await cancel(experimentId)).statusCode).toBe(200);
    });
    await expect(training).rejects.toMatchObject({ kind: "conflict" });
    expect((await findExperiment(database.db, experimentId)).errorMessage).toMatch(/^cancelled by/);
    expect(await listModelVersions(database.db, 1)).toHaveLength(before);
  });

  test("of a process that is gone is found by a server that starts", async () => {
    const experimentId = await startExperiment(database.db, { dataSourceId: 1 });
    await database.db
      .updateTable("ml_experiment_registry")
      .set({ heartbeat_at: new Date(Date.now() - 300_000) })
      .where("experiment_id", "=", experimentId)
      .execute();
    const second = appOn(database.db);
    await second.listen({ host: "127.0.0.1", port: 0 });
    try {
      expect((await outcomeOf(experimentId)).error_message).toContain("ended without a word");
    } finally {
      await second.close();
    }
  });

  test("that nobody knows cannot be cancelled", async () => {
    const answer = await cancel("ml_unknown");
    expect(answer.statusCode).toBe(404);
    expect(problemSchema.parse(answer.json()).code).toBe("experiment_not_found");
    expect((await cancel("%00")).statusCode).toBe(422);
  });
});

describe("GET /ml/experiments", () => {
  test("lists the trainings of a source, newest first, as many as asked for", async () => {
    const answer = await get("/ml/experiments?limit=2");
    expect(answer.statusCode, answer.body).toBe(200);
    const body: unknown = answer.json();
    const page = experimentsSchema.parse(body);
    expect(body).toEqual(page);
    expect(page).toMatchObject({ limit: 2, data_source_id: 1 });
    expect(page.items).toHaveLength(2);
    const all = experimentsSchema.parse((await get("/ml/experiments")).json());
    expect(all.limit).toBe(100);
    const times = all.items.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted().reverse());
    expect(new Set(all.items.map(({ status }) => status))).toEqual(new Set(["COMPLETED", "FAILED"]));
    expect(all.items.every((item) => (item.error_message === null) === (item.status === "COMPLETED"))).toBe(
      true,
    );
    const other = experimentsSchema.parse(
      (await get(`/ml/experiments?data_source_id=${emptySource}`)).json(),
    );
    expect(other).toEqual({ items: [], limit: 100, data_source_id: emptySource });
  });

  test.each(["limit=0", "limit=501", "limit=x", "data_source_id=0"])("refuses %s", async (query) => {
    expect((await get(`/ml/experiments?${query}`)).statusCode).toBe(422);
  });

  test("is 404 for an unknown experiment and an unknown source", async () => {
    expect((await get("/ml/experiments/ml_unknown")).statusCode).toBe(404);
    expect((await get("/ml/experiments/ml_unknown/backtest")).statusCode).toBe(404);
    expect((await get("/ml/experiments?data_source_id=4711")).statusCode).toBe(404);
  });
});

describe("GET /ml/experiments/{experiment_id}/backtest", () => {
  const tableOf = async (query = "") => {
    const [first] = (await listModelVersions(database.db, 1)).slice(-1);
    const answer = await get(`/ml/experiments/${first?.experimentId}/backtest${query}`);
    expect(answer.statusCode, answer.body).toBe(200);
    const body: unknown = answer.json();
    const table = backtestTableSchema.parse(body);
    expect(body).toEqual(table);
    return table;
  };

  test("is every score of every model, those of single stores left out", async () => {
    const { experiment_id, rows } = await tableOf();
    const stored = await backtestScores(database.db, experiment_id);
    expect(rows).toHaveLength(stored.length);
    const kinds = new Set(rows.map((row) => row.segment_kind));
    expect([...kinds].filter((kind) => kind === "store" || kind === "store_horizon")).toEqual([]);
    for (const kind of ["all", "horizon", "weekday", "promo", "store_type", "store_decile"])
      expect(kinds).toContain(kind);
    expect(new Set(rows.map((row) => row.model_type))).toContain("seasonal_naive");
    for (const { metrics, points } of rows) {
      expect(points).toBeGreaterThan(0);
      expect(metrics.wape).toBeGreaterThanOrEqual(0);
    }
  });

  test("is narrowed to a kind and a model; single stores come when asked for", async () => {
    const { rows } = await tableOf("?segment_kind=weekday&model_type=ridge");
    expect(new Set(rows.map((row) => `${row.model_type} ${row.segment_kind}`))).toEqual(
      new Set(["ridge weekday"]),
    );
    expect(new Set(rows.map((row) => row.segment))).toEqual(new Set(["1", "2", "3", "4", "5", "6"]));
    const stores = (await tableOf("?segment_kind=store")).rows.map((row) => row.segment);
    expect(new Set(stores)).toEqual(new Set(["1", "2", "7"]));
    expect((await tableOf("?segment_kind=moon")).rows).toEqual([]);
  });

  test("refuses a kind that is no name", async () => {
    expect((await get("/ml/experiments/ml_1/backtest?segment_kind=%00")).statusCode).toBe(422);
  });
});

describe("the registry of models", () => {
  const models = async () => {
    const body: unknown = (await get("/ml/models")).json();
    const items = modelVersionsSchema.parse(body);
    expect(body).toEqual(items);
    return items;
  };
  const served = async () => modelMetadataSchema.parse((await get("/model/metadata")).json()).model_version;

  test("GET /ml/models lists every version, newest first, with what the gate said", async () => {
    const items = await models();
    expect(items.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(items.at(-1)).toMatchObject({
      trained_to: LAST_DAY,
      gate: "first model of this data source",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(items.filter(({ aliases }) => aliases.includes("champion"))).toHaveLength(1);
    const empty = await get(`/ml/models?data_source_id=${emptySource}`);
    expect(empty.json()).toEqual([]);
    expect((await get("/ml/models?data_source_id=4711")).statusCode).toBe(404);
  });

  test("a promoted version serves at once, and a rollback brings back the one before", async () => {
    const [champion] = (await models()).filter(({ aliases }) => aliases.includes("champion"));
    const other = champion?.version === 1 ? 2 : 1;
    const promoted = await post(`/ml/models/${other}/promote`);
    expect(promoted.statusCode, promoted.body).toBe(200);
    const item = modelVersionSchema.parse(promoted.json());
    expect(item.version).toBe(other);
    expect(item.aliases).toContain("champion");
    // The clock of the application stands still: nothing that it remembered has grown old.
    expect(await served()).toBe(other);

    const back = await post("/ml/models/rollback");
    expect(back.statusCode, back.body).toBe(200);
    expect(modelVersionSchema.parse(back.json())).toMatchObject({ version: champion?.version });
    expect(await served()).toBe(champion?.version);
  });

  test("a version can be made challenger, and then does not serve", async () => {
    const before = await served();
    const answer = await post("/ml/models/2/promote", { alias: "challenger" });
    expect(modelVersionSchema.parse(answer.json()).aliases).toContain("challenger");
    expect(await served()).toBe(before);
  });

  test("refuses what it does not have with 404 or 409, and what makes no sense with 422", async () => {
    const unknown = await post("/ml/models/99/promote");
    expect(unknown.statusCode).toBe(404);
    expect(problemSchema.parse(unknown.json())).toMatchObject({
      code: "model_not_found",
      detail: expect.stringContaining("99"),
    });
    const nothingBefore = await post(`/ml/models/rollback?data_source_id=${emptySource}`);
    expect(nothingBefore.statusCode).toBe(409);
    expect(problemSchema.parse(nothingBefore.json()).code).toBe("no_previous_model");
    expect((await post("/ml/models/0/promote")).statusCode).toBe(422);
    expect((await post("/ml/models/x/promote")).statusCode).toBe(422);
    expect((await post("/ml/models/1/promote", { alias: "king" })).statusCode).toBe(422);
    expect((await post("/ml/models/1/promote?data_source_id=4711")).statusCode).toBe(404);
  });

  test("GET /model/metadata names version, source and gate of the champion", async () => {
    const metadata = modelMetadataSchema.parse((await get("/model/metadata")).json());
    const champion = (await models()).find(({ aliases }) => aliases.includes("champion"));
    expect(metadata).toMatchObject({
      model_version: champion?.version,
      trained_to: champion?.trained_to,
      gate: champion?.gate,
      data_source_id: 1,
    });
  });
});
