/** What the application does by itself: nothing here reaches a database, and the one it was given is away. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appWithoutDatabase } from "./parts.ts";

let app: Api;
let close: () => Promise<void>;
const folder = mkdtempSync(join(tmpdir(), "dashboard-"));

beforeAll(async () => {
  mkdirSync(join(folder, "assets"));
  writeFileSync(
    join(folder, "index.html"),
    "<!doctype html><title>Shops</title><script>theme()</script><div id=root></div>",
  );
  writeFileSync(join(folder, "assets", "index-8f3a.js"), `console.log("${"shop ".repeat(1000)}")`);
  writeFileSync(join(folder, "favicon.svg"), "<svg/>");
  ({ app, close } = appWithoutDatabase({
    dashboardDir: folder,
    settings: { CORS_ORIGINS: ["http://shops.example"] },
  }));
  await app.ready();
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

const FORECAST = { method: "POST", url: "/api/v1/forecast" } as const;

describe("health", () => {
  test.each(["/api/v1/health", "/api/v1/health/live", "/api/v1/health/"])(
    "%s is ok without a database",
    async (url) => {
      const answer = await app.inject(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual({ status: "ok" });
    },
  );

  test("/health/ready is 503 and names what fails, in under a second", async () => {
    const start = performance.now();
    const answer = await app.inject("/api/v1/health/ready");
    expect(performance.now() - start).toBeLessThan(1000);
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({
      status: "not_ready",
      checks: { database: "failed", migrations: "failed", model: "failed" },
    });
  });
});

describe("with the database away", () => {
  test.each([
    "/api/v1/stores",
    "/api/v1/kpi/summary?date_from=2015-01-01&date_to=2015-01-31",
    "/api/v1/kpi/promo-impact",
    "/api/v1/kpi/movers?date_from=2015-01-01&date_to=2015-01-31",
    "/api/v1/sales/timeseries?date_from=2015-01-01&date_to=2015-01-31",
    "/api/v1/sales/timeseries?date_from=2015-01-01&date_to=2015-01-31&aggregate=chain",
    "/api/v1/forecast/chain",
    "/api/v1/forecast/accuracy",
    "/api/v1/system/summary",
    "/api/v1/model/metadata",
    "/api/v1/ml/experiments",
    "/api/v1/ml/experiments/ml_1/backtest",
    "/api/v1/ml/models",
  ])("GET %s is a 503 problem in under a second", async (url) => {
    const start = performance.now();
    const answer = await app.inject(url);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.headers["retry-after"]).toBe("2");
    expect(problemSchema.parse(answer.json())).toMatchObject({ status: 503, code: "database_unavailable" });
    expect(answer.body).not.toMatch(/localhost|127\.0\.0\.1|ECONNREFUSED|select/i);
  });

  test("POST /forecast is a 503 problem too", async () => {
    const answer = await app.inject({ ...FORECAST, payload: { store_id: 1 } });
    expect(answer.statusCode).toBe(503);
    expect(problemSchema.parse(answer.json()).code).toBe("database_unavailable");
  });
});

describe("refusals", () => {
  test("name every fault of a query with a pointer, and in one sentence", async () => {
    const answer = await app.inject("/api/v1/kpi/summary?date_from=2015-02-30&store_id=x");
    expect(answer.statusCode).toBe(422);
    const problem = problemSchema.parse(answer.json());
    expect(problem).toMatchObject({
      code: "validation_failed",
      instance: "/api/v1/kpi/summary",
      title: "Unprocessable Entity",
    });
    expect(problem.errors).toEqual([
      { pointer: "/query/date_from", detail: 'must be a date like 2015-07-31, got "2015-02-30"' },
      { pointer: "/query/date_to", detail: "is required: a date like 2015-07-31" },
      { pointer: "/query/store_id", detail: 'must be a whole number, got "x"' },
    ]);
    expect(problem.detail).toBe(
      'date_from must be a date like 2015-07-31, got "2015-02-30"; date_to is required: a date like 2015-07-31; ' +
        'store_id must be a whole number, got "x"',
    );
  });

  test.each([
    ["an empty value", "store_id="],
    ["a repeated parameter", "store_id=1&store_id=2"],
    ["a huge id", "store_id=99999999999999999999"],
    ["a fraction", "store_id=1.5"],
    ["not a number", "store_id=NaN"],
    ["a nested name", "date_to[x]=1&date_to=x"],
    ["an empty date", "date_to="],
    ["a repeated date", "date_to=2015-01-01&date_to=2015-01-02"],
    ["a data source that is no id", "data_source_id=0"],
    ["the first day there was", "date_to=0001-01-01"],
    ["a year of five digits", "date_to=12015-01-01"],
  ])("refuse %s with 422", async (_what, query) => {
    const answer = await app.inject(`/api/v1/kpi/summary?date_from=2015-01-01&${query}`);
    expect(answer.statusCode).toBe(422);
    expect(problemSchema.parse(answer.json()).errors.length).toBeGreaterThan(0);
  });

  test.each([
    ["summary", "/api/v1/kpi/summary?date_from=2015-02-01&date_to=2015-01-01"],
    ["movers", "/api/v1/kpi/movers?date_from=2015-02-01&date_to=2015-01-01"],
    ["timeseries", "/api/v1/sales/timeseries?date_from=2015-02-01&date_to=2015-01-01"],
    [
      "comparison",
      "/api/v1/kpi/summary?date_from=2015-01-01&date_to=2015-01-02&compare_from=2014-02-01&compare_to=2014-01-01",
    ],
    [
      "half a comparison",
      "/api/v1/kpi/summary?date_from=2015-01-01&date_to=2015-01-02&compare_from=2014-02-01",
    ],
  ])("refuse a period that is none (%s) with 400, without asking anybody", async (_what, url) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(400);
    expect(problemSchema.parse(answer.json()).code).toBe("period_invalid");
  });

  test("refuse one store of a chain sum with 400", async () => {
    const answer = await app.inject(
      "/api/v1/sales/timeseries?date_from=2015-01-01&date_to=2015-01-02&aggregate=chain&store_id=1",
    );
    expect(answer.statusCode).toBe(400);
    expect(problemSchema.parse(answer.json()).code).toBe("aggregate_conflict");
  });

  test.each([
    ["nothing", undefined, 422],
    ["NaN", '{"store_id": NaN}', 422],
    ["half an object", '{"store_id": 1', 422],
    ["empty text", "", 422],
    ["null", "null", 422],
    ["a list", "[1]", 422],
    ["a number", "1", 422],
    ["no store", "{}", 422],
    ["store 0", '{"store_id": 0}', 422],
    ["store -1", '{"store_id": -1}', 422],
    ["a huge store", '{"store_id": 1e300}', 422],
    ["a fraction of a store", '{"store_id": 1.5}', 422],
    ["a store that is true", '{"store_id": true}', 422],
    ["horizon 0", '{"store_id": 1, "horizon_days": 0}', 422],
    ["horizon 181", '{"store_id": 1, "horizon_days": 181}', 422],
    ["horizon null", '{"store_id": 1, "horizon_days": null}', 422],
    ["data source 0", '{"store_id": 1, "data_source_id": 0}', 422],
    ["a prototype", '{"store_id": 1, "__proto__": {"a": 1}}', 422],
  ])("refuse a body of %s with %s", async (_what, payload, status) => {
    const answer = await app.inject({
      ...FORECAST,
      payload,
      headers: { "content-type": "application/json" },
    });
    expect(answer.statusCode).toBe(status);
    expect(problemSchema.parse(answer.json()).detail.length).toBeGreaterThan(10);
  });

  test("refuse a body that is too large with 413, of another type with 415, compressed with 415", async () => {
    const large = await app.inject({ ...FORECAST, payload: { store_id: 1, note: "x".repeat(300_000) } });
    expect(large.statusCode).toBe(413);
    expect(problemSchema.parse(large.json()).code).toBe("body_too_large");
    const text = await app.inject({
      ...FORECAST,
      payload: "store_id=1",
      headers: { "content-type": "text/csv" },
    });
    expect(text.statusCode).toBe(415);
    expect(problemSchema.parse(text.json()).code).toBe("media_type_unsupported");
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const packed = await app.inject({ ...FORECAST, payload: "{}", headers });
    expect(packed.statusCode).toBe(415);
    expect(problemSchema.parse(packed.json()).code).toBe("content_encoding_unsupported");
  });

  test("say 404 for an unknown route and 405 with Allow for a wrong method", async () => {
    const unknown = await app.inject("/api/v1/shops?x=1");
    expect(unknown.statusCode).toBe(404);
    expect(problemSchema.parse(unknown.json())).toMatchObject({
      code: "route_not_found",
      instance: "/api/v1/shops",
    });
    const wrong = await app.inject({ method: "DELETE", url: "/api/v1/stores" });
    expect(wrong.statusCode).toBe(405);
    expect(wrong.headers.allow).toBe("GET, HEAD");
    expect(problemSchema.parse(wrong.json()).code).toBe("method_not_allowed");
    expect((await app.inject("/api/v1/forecast")).headers.allow).toBe("POST");
  });

  test("answer an address that cannot be decoded", async () => {
    const answer = await app.inject("/api/v1/%E0%A4%A");
    expect(answer.statusCode).toBe(400);
    expect(problemSchema.parse(answer.json()).code).toBe("url_invalid");
    expect(answer.headers["x-request-id"]).toBeDefined();
  });
});

describe("every answer", () => {
  test.each([
    ["a success", "/api/v1/health", 200],
    ["a 404", "/api/v1/none", 404],
    ["a 422", "/api/v1/kpi/summary", 422],
    ["a 503", "/api/v1/stores", 503],
    ["the dashboard", "/", 200],
  ])("has the security headers and its request id (%s)", async (_what, url, status) => {
    const headers = { origin: "http://shops.example", "x-request-id": "from.client_1-2" };
    const answer = await app.inject({ url, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({
      "x-request-id": "from.client_1-2",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "access-control-allow-origin": "http://shops.example",
      "access-control-allow-credentials": "true",
    });
    expect(answer.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  });

  test.each(["a b", "x".repeat(129), "<script>", "ü", "a\tb", ""])(
    "takes no request id like %j",
    async (sent) => {
      const answer = await app.inject({ url: "/api/v1/health", headers: { "x-request-id": sent } });
      expect(answer.headers["x-request-id"]).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    },
  );

  test("refuses to change anything for a page of another site, whatever that page asks", async () => {
    const ask = (site: string, origin: string, method: "GET" | "POST" = "POST") =>
      app.inject({
        method,
        url: method === "GET" ? "/api/v1/health" : "/api/v1/ml/models/rollback",
        headers: { "sec-fetch-site": site, origin },
      });
    for (const site of ["cross-site", "same-site"]) {
      const refused = await ask(site, "http://evil.example");
      expect(refused.statusCode).toBe(403);
      expect(problemSchema.parse(refused.json()).code).toBe("cross_site_refused");
      expect((await ask(site, "http://shops.example")).statusCode).toBe(503);
      expect((await ask(site, "http://evil.example", "GET")).statusCode).toBe(200);
    }
    expect((await ask("same-origin", "http://anywhere.example")).statusCode).toBe(503);
  });

  test("allows no other origin, and answers a preflight for those on the list", async () => {
    const foreign = await app.inject({
      url: "/api/v1/health",
      headers: { origin: "http://elsewhere.example" },
    });
    expect(foreign.headers["access-control-allow-origin"]).toBeUndefined();
    const headers = { origin: "http://shops.example", "access-control-request-method": "POST" };
    const preflight = await app.inject({ method: "OPTIONS", url: "/api/v1/forecast", headers });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-max-age": "600",
      "access-control-allow-origin": "http://shops.example",
    });
    expect(preflight.headers["x-request-id"]).toBeDefined();
    expect((await app.inject({ method: "OPTIONS", url: "/api/v1/forecast" })).statusCode).toBe(204);
  });
});

describe("documentation", () => {
  test("is OpenAPI 3.1 with the routes of the API", async () => {
    const answer = await app.inject("/openapi.json");
    expect(answer.statusCode).toBe(200);
    const document = answer.json<{ openapi: string; paths: Record<string, object> }>();
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(
        [
          "/health",
          "/health/live",
          "/health/ready",
          "/session",
          "/stores",
          "/kpi/summary",
          "/kpi/promo-impact",
          "/kpi/movers",
          "/sales/timeseries",
          "/forecast",
          "/forecast/chain",
          "/forecast/accuracy",
          "/forecast/batch",
          "/forecast/actuals",
          "/forecast/calendar",
          "/forecast/overrides",
          "/forecast/overrides/value",
          "/forecast/overrides/{override_id}",
          "/planning/runs/{run_id}",
          "/scenarios",
          "/scenarios/{scenario_id}",
          "/scenarios/{scenario_id}/versions",
          "/forecast/scenario",
          "/scenario/compare",
          "/scenario/run",
          "/system/summary",
          "/model/metadata",
          "/ml/experiments",
          "/ml/experiments/{experiment_id}",
          "/ml/experiments/{experiment_id}/backtest",
          "/ml/models",
          "/ml/models/{version}/promote",
          "/ml/models/rollback",
          "/ml/trainings",
          "/ml/trainings/{experiment_id}",
        ].map((path) => `/api/v1${path}`),
      ),
    );
  });

  test("has a page whose scripts the content security policy allows", async () => {
    const answer = await app.inject("/docs");
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toContain("text/html");
    const inline = [...answer.body.matchAll(/<script(?![^>]*\ssrc=)[^>]*>/g)];
    expect(inline).toEqual([]);
  });
});

describe("dashboard", () => {
  test.each(["/", "/stores?store=1", "/forecast/", "/some/deep/page"])(
    "shows its page at %s, never from a stale cache",
    async (url) => {
      const answer = await app.inject(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers["content-type"]).toContain("text/html");
      expect(answer.headers["cache-control"]).toBe("no-cache");
      expect(answer.body).toContain("<title>Shops</title>");
      expect(answer.headers["content-security-policy"]).toMatch(/script-src 'self' 'sha256-/);
    },
  );

  test("serves hashed files for ever, others to be revalidated, and both compressed", async () => {
    const plain = await app.inject("/assets/index-8f3a.js");
    expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const brotli = await app.inject({
      url: "/assets/index-8f3a.js",
      headers: { "accept-encoding": "br, gzip" },
    });
    expect(brotli.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain.body);
    const gzip = await app.inject({ url: "/assets/index-8f3a.js", headers: { "accept-encoding": "gzip" } });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body);
    expect((await app.inject("/favicon.svg")).headers["cache-control"]).toBe("no-cache");
  });

  test.each([
    "/assets/none.js",
    "/missing.png",
    "/../package.json",
    "/..%2f..%2fetc%2fpasswd.txt",
    "/api/v1/none",
    "/api/none",
  ])("is no answer for %s", async (url) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  });

  test("absent, the API answers alone", async () => {
    const alone = appWithoutDatabase({});
    try {
      expect((await alone.app.inject("/")).statusCode).toBe(404);
      expect((await alone.app.inject("/api/v1/health")).statusCode).toBe(200);
    } finally {
      await alone.close();
    }
  });
});

test("more requests than the limit are refused with 429 and the time to wait, health never", async () => {
  const limited = appWithoutDatabase({ settings: { RATE_LIMIT_PER_MINUTE: 3 } });
  try {
    const ask = (url: string) => limited.app.inject(url);
    for (let n = 0; n < 3; n++) expect((await ask("/openapi.json")).statusCode).toBe(200);
    const refused = await ask("/openapi.json");
    expect(refused.statusCode).toBe(429);
    expect(problemSchema.parse(refused.json()).code).toBe("too_many_requests");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask("/api/v1/health")).statusCode).toBe(200);
  } finally {
    await limited.close();
  }
});
