/** Whatever is asked: never a 5xx, always a body of the one form, nothing internal in it. */
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appOn } from "./parts.ts";

const RUNS = { numRuns: 400, seed: 20_150_731 };

let database: TestDatabase;
let app: Api;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadRows(database.db, { sales: [{ storeId: 1, date: "2015-01-30", sales: 100 }] });
  app = appOn(database.db, { settings: { RATE_LIMIT_PER_MINUTE: 1_000_000 } });
});
afterAll(async () => {
  await app?.close();
  await database?.close();
});

const ROUTES = [
  "/stores",
  "/kpi/summary",
  "/kpi/promo-impact",
  "/kpi/movers",
  "/sales/timeseries",
  "/forecast/chain",
  "/forecast/accuracy",
  "/system/summary",
  "/model/metadata",
  "/ml/experiments",
  "/ml/experiments/ml_1/backtest",
  "/ml/models",
  "/contracts",
  "/contracts/rossmann_input_contract/diff",
  "/diagnostics/preflight/runs",
  "/diagnostics/preflight/stats",
  "/diagnostics/preflight/trends",
  "/diagnostics/preflight/rules/top",
  "/diagnostics/preflight/latest",
  "/diagnostics/preflight/latest/train",
];
const NAMES = [
  "date_from",
  "date_to",
  "store_id",
  "granularity",
  "aggregate",
  "data_source_id",
  "horizon_days",
  "limit",
  "compare_from",
  "compare_to",
  "segment_kind",
  "model_type",
  "source_name",
  "final_status",
  "mode",
  "cursor",
  "days",
  "bucket",
  "from",
  "to",
  "__proto__",
  "constructor",
];

const awkward = fc.constantFrom(
  "",
  " ",
  "0",
  "-1",
  "1",
  "1.0",
  "1e309",
  "NaN",
  "Infinity",
  "null",
  "2147483647",
  "2147483648",
  "-2147483649",
  "9".repeat(400),
  "2015-01-30",
  "2015-02-30",
  "1900-01-01",
  "2200-12-31",
  "0000-00-00",
  "9999-12-31",
  "-271821-04-20",
  "2015-01-30T00:00:00Z",
  "8640000000000",
  "daily",
  "monthly",
  "chain",
  "' or 1=1 --",
  "\u0000",
  "%00",
  "\ud800",
  "[]",
  "{}",
);
const value = fc.oneof(
  { weight: 4, arbitrary: awkward },
  fc.string({ maxLength: 30, unit: "binary" }),
  fc.integer().map(String),
  fc.double().map(String),
  fc
    .date({ noInvalidDate: true, min: new Date("1800-01-01"), max: new Date("2300-01-01") })
    .map((date) => date.toISOString().slice(0, 10)),
);
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
const query = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...NAMES) }, fc.string({ maxLength: 5 })),
      value,
    ),
    { maxLength: 6 },
  )
  .map((pairs) => pairs.map(([name, text]) => `${encoded(name)}=${encoded(text)}`).join("&"));
/** What a program would send that has its parameters right but not their values. */
const plausible = fc
  .tuple(value, value, query)
  .map(([from, to, rest]) => `date_from=${encoded(from)}&date_to=${encoded(to)}&${rest}`);

const body = fc.oneof(
  fc.json(),
  fc.string({ maxLength: 50 }),
  fc
    .record(
      {
        store_id: fc.oneof(value, fc.integer(), fc.double(), fc.constant(1), fc.jsonValue()),
        horizon_days: fc.oneof(value, fc.integer(), fc.jsonValue()),
        data_source_id: fc.oneof(value, fc.constant(null), fc.integer(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    .map((object) => JSON.stringify(object)),
  fc.constantFrom(
    "[".repeat(20_000),
    `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
    '{"store_id":NaN}',
    '{"store_id":1,"store_id":2}',
  ),
);

/** 503 is the right word for a source without a model, which is what this chain is; nothing else of the fives is. */
function expectDecent(answer: Awaited<ReturnType<Api["inject"]>>): void {
  if (answer.statusCode < 400) return;
  const problem = problemSchema.strict().parse(answer.json());
  expect(problem.status).toBe(answer.statusCode);
  if (answer.statusCode >= 500) expect(problem.code).toBe("model_missing");
  expect(answer.body).not.toMatch(/\bat .+:\d+:\d+|node_modules|\/src\/|syntax error|relation "/);
}

describe("malformed requests never give a 5xx", () => {
  test("as queries", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ROUTES), fc.oneof(query, plausible), async (route, text) => {
        expectDecent(await app.inject(`/api/v1${route}?${text}`));
      }),
      RUNS,
    );
  });

  test("as bodies", async () => {
    const route = fc.constantFrom("/forecast", "/ml/models/1/promote", "/ml/models/rollback");
    await fc.assert(
      fc.asyncProperty(route, body, async (path, payload) => {
        const headers = { "content-type": "application/json" };
        expectDecent(await app.inject({ method: "POST", url: `/api/v1${path}`, payload, headers }));
      }),
      RUNS,
    );
  });

  test.each([
    ["POST", "/data-sources", { name: "a\0b" }],
    ["POST", "/scenarios", { name: "a", content: { store_id: 1, scenarios: [{ name: "\0" }] } }],
    ["POST", "/scenarios", { name: "a", content: { store_id: 1, scenarios: [{ name: "\ud800" }] } }],
    ["POST", "/diagnostics/preflight/alerts/silences", { ends_at: "2030-01-01", policy_id: "\0" }],
    ["GET", "/planning/runs/%00", undefined],
    ["GET", "/diagnostics/preflight/alerts/audit?actor=%00", undefined],
  ] as const)("as texts that cannot be kept: %s %s %j", async (method, path, payload) => {
    const answer = await app.inject({ method, url: `/api/v1${path}`, ...(payload && { payload }) });
    expect(problemSchema.parse(answer.json())).toMatchObject({ status: 422, code: "text_unreadable" });
  });

  test("as paths, methods and headers", async () => {
    const path = fc.oneof(
      fc.webPath({ size: "small" }).map((path) => (path.startsWith("/") ? path : `/${path}`)),
      fc.string({ maxLength: 20 }).map((text) => `/${encoded(text)}`),
      fc.constantFrom(
        "/api/v1/../../etc/passwd",
        "/api/v1/%2e%2e/%2e%2e/x",
        "//",
        "/%",
        "/api/v1/stores/%c0%ae",
        "/docs/../x",
        "/api/v1/ml/experiments/%00",
        "/api/v1/ml/trainings/%00",
        "/api/v1/ml/models/9999999999/promote",
      ),
    );
    const headers = fc.record({
      "x-request-id": fc.string({ maxLength: 200, unit: "grapheme-ascii" }),
      "if-none-match": fc.string({ maxLength: 50, unit: "grapheme-ascii" }),
      "accept-encoding": fc.constantFrom("br", "gzip;q=0", "x", "*", ";;;", "br;q=abc"),
      origin: fc.constantFrom("null", "http://x", "javascript:1", ""),
      "content-type": fc.constantFrom(
        "application/json",
        "x",
        "",
        "multipart/form-data",
        "application/json; charset=x",
      ),
    });
    const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
    await fc.assert(
      fc.asyncProperty(path, method, headers, async (url, verb, sent) => {
        const answer = await app.inject({ method: verb as "GET", url, headers: sent });
        expect(answer.statusCode).toBeLessThan(500);
        expect(String(answer.headers["x-request-id"])).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
      }),
      RUNS,
    );
  });
});
