/** The notification routes: one alert told to two receivers, one of which refuses everything. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import { appOn } from "./parts.ts";
import { recordRun } from "./preflight-parts.ts";

const ROOT = "/api/v1/diagnostics/preflight";
const BASE = `${ROOT}/notifications`;
const folder = mkdtempSync(join(tmpdir(), "notification-routes-"));
const received: { path: string; eventId: unknown }[] = [];

let database: TestDatabase;
let receiver: Server;
let app: Api;
let url: string;
beforeAll(async () => {
  database = await createTestDatabase();
  receiver = createServer((request, response) => {
    received.push({ path: request.url ?? "", eventId: request.headers["x-preflight-event-id"] });
    request
      .resume()
      .on("end", () => response.writeHead(request.url === "/broken" ? 404 : 204).end("no such hook"));
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const policies = join(folder, "policies.yaml");
  const channels = join(folder, "channels.yaml");
  writeFileSync(
    policies,
    'policies: [{id: blocked, severity: HIGH, metric_type: blocked_count, operator: ">=", threshold: 1}]',
  );
  writeFileSync(
    channels,
    `channels:
  - {id: good, enabled: true, target_url: "${address}/good?token=s3cret", group_wait: 0, repeat_interval: 0}
  - {id: broken, enabled: true, target_url: "${address}/broken", group_wait: 0, max_attempts: 1}
  - {id: spare, enabled: false}
`,
  );
  app = appOn(database.db, {
    settings: {
      home: folder,
      PREFLIGHT_ALERT_POLICY_PATH: policies,
      PREFLIGHT_NOTIFICATION_CHANNELS_PATH: channels,
      PREFLIGHT_NOTIFICATIONS_ALLOWED_CIDRS: ["127.0.0.1/32"],
      PREFLIGHT_ALERTS_ALLOW_EVALUATE: true,
    },
  });
  url = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  await app.close();
  receiver.close();
  receiver.closeAllConnections();
  await database.close();
  rmSync(folder, { recursive: true });
});

const get = async (path: string) => (await app.inject(`${BASE}${path}`)).json();
const post = (path: string) =>
  app.inject({ method: "POST", url: path.startsWith("/api") ? path : `${BASE}${path}` });

test("endpoints tell how they fare, and never path, query or secret of an address", async () => {
  const { items, refusal } = await get("/endpoints");
  expect(refusal).toBeNull();
  expect(items.map(({ id, state, enabled }: Record<string, unknown>) => [id, state, enabled])).toEqual([
    ["good", "unused", true],
    ["broken", "unused", true],
    ["spare", "unused", false],
  ]);
  expect(items[0]).toMatchObject({ has_target_url: true, max_attempts: 8, backoff_seconds: 5 });
  expect(items[0].target_hint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(JSON.stringify(items)).not.toContain("s3cret");
});

test("a change is heard by whoever listens to the events", async () => {
  const stop = new AbortController();
  const answer = await fetch(`${url}${ROOT}/events`, { signal: stop.signal });
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const hear = async (what: string) => {
    while (!heard.includes(what)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended after ${heard}`);
      heard += value;
    }
  };
  await hear("event: hello");
  // Begun after the feed's first look, whenever that is: evaluating again changes the marks again.
  const evaluating = (async () => {
    while (!heard.includes("change")) await post(`${ROOT}/alerts/evaluate`);
  })();
  await hear("event: change\ndata: ");
  await evaluating;
  stop.abort();
  expect(heard).toContain('"evaluations"');
});

test("an open stream of events does not hold the stop up, and ends with it", async () => {
  const other = appOn(database.db);
  const address = await other.listen({ port: 0, host: "127.0.0.1" });
  const answer = await fetch(`${address}${ROOT}/events`);
  const text = answer.text();
  await other.close();
  expect(await text).toContain("event: hello");
});

describe("a blocked load is told", () => {
  test("dispatch delivers what is due and counts how it ended", async () => {
    await recordRun(database.db, {
      run_id: randomUUID(),
      created_at: new Date().toISOString(),
      blocked: true,
    });
    await post(`${ROOT}/alerts/evaluate`);
    expect((await get("/outbox")).items.map((item: { status: string }) => item.status)).toEqual([
      "PENDING",
      "PENDING",
    ]);
    const report = (await post("/dispatch")).json();
    expect(report).toMatchObject({
      actor: "tester",
      processed_count: 2,
      sent_count: 1,
      dead_count: 1,
      failed_count: 1,
    });
    expect(received.map(({ path }) => path).sort()).toEqual(["/broken", "/good?token=s3cret"]);
  });

  test("history and attempts tell what came of it", async () => {
    const { items } = await get("/history");
    const broken = items.find((item: { channel_target: string }) => item.channel_target === "broken");
    expect(broken).toMatchObject({
      status: "DEAD",
      attempt_count: 1,
      last_http_status: 404,
      last_error_code: "HTTP_ERROR",
    });
    expect(await get("/outbox")).toMatchObject({ items: [], next_cursor: null });
    const everything = (await get("/outbox?status=ALL")).items;
    expect(everything.map((item: { id: string }) => item.id)).toEqual(
      items.map((item: { id: string }) => item.id),
    );
    const attempts = await get(`/attempts?outbox_item_id=${broken.id}`);
    expect(attempts.items).toHaveLength(1);
    expect(attempts.items[0]).toMatchObject({
      attempt_status: "DEAD",
      replayed_from_id: null,
      response_excerpt: "no such hook",
    });
    expect(await get(`/attempts/${attempts.items[0].attempt_id}`)).toEqual(attempts.items[0]);
    expect((await app.inject(`${BASE}/attempts/none`)).statusCode).toBe(404);
  });

  test("replay-dead copies what was given up once, under the same event id, and statistics are exact", async () => {
    const first = (await post("/outbox/replay-dead")).json();
    expect(first).toMatchObject({ actor: "tester", replayed_count: 1 });
    expect((await post("/outbox/replay-dead")).json()).toMatchObject({ replayed_count: 0, items: [] });
    const again = (await post(`/outbox/${first.items[0].replayed_from_id}/replay`)).json();
    expect(again).toMatchObject({ replayed_count: 0, items: [{ id: first.items[0].id }] });
    await post("/dispatch");
    expect(
      new Set(received.filter(({ path }) => path === "/broken").map(({ eventId }) => eventId)).size,
    ).toBe(1);

    const stats = await get("/stats");
    expect(stats).toMatchObject({
      total_events: 3,
      sent_count: 1,
      dead_count: 2,
      replay_count: 1,
      pending_count: 0,
    });
    expect(stats.success_rate).toBeCloseTo(1 / 3);
    expect(stats.filters.days).toBe(30);
    expect(stats.runtime_observability.counters).toMatchObject({
      enqueue_total: { "ALERT_FIRING|good": 1, "ALERT_FIRING|broken": 1 },
      dispatch_dead_total: { "ALERT_FIRING|broken|HTTP_ERROR": 2 },
      replay_total: { "ALERT_FIRING|broken": 1 },
    });
    expect(stats.runtime_observability.latency.end_to_end_latency_ms.count).toBe(1);
    expect(
      (await get("/channels")).items.map((each: Record<string, unknown>) => [
        each.channel_target,
        each.top_error_codes,
      ]),
    ).toEqual([
      ["broken", [{ error_code: "HTTP_ERROR", count: 2 }]],
      ["good", []],
    ]);
    expect(
      (await get("/trends?bucket=hour")).items.reduce(
        (sum: number, each: { dead_count: number }) => sum + each.dead_count,
        0,
      ),
    ).toBe(2);
  });

  test("deliveries are numbered pages over the ledger, attempts are pages by cursor", async () => {
    const second = await get("/deliveries?page=2&page_size=2");
    expect(second).toMatchObject({ page: 2, page_size: 2, total: 3, status: null });
    expect(second.items).toHaveLength(1);
    expect(await get("/deliveries?status=dead")).toMatchObject({ total: 2, status: "DEAD" });
    const first = await get("/attempts?limit=2");
    const rest = await get(`/attempts?limit=2&cursor=${first.next_cursor}`);
    expect(rest.next_cursor).toBeNull();
    expect(new Set([...first.items, ...rest.items].map((each) => each.attempt_id)).size).toBe(3);
  });

  test("a test message goes out past the outbox and says that it is one", async () => {
    expect((await post("/endpoints/good/test")).json()).toMatchObject({ delivered: true, http_status: 204 });
    expect((await post("/endpoints/spare/test")).json()).toMatchObject({ code: "channel_not_found" });
    expect((await post("/endpoints/good/enable")).json()).toEqual({
      channel_target: "good",
      was_disabled: false,
    });
    expect((await get("/deliveries")).total).toBe(3);
  });
});

describe("what cannot be understood is refused", () => {
  test.each([
    ["/outbox?status=lost", 400, /status must be one of PENDING, RETRYING.*got "LOST"/],
    ["/stats?event_type=party", 400, /event_type must be one of ALERT_FIRING, ALERT_RESOLVED/],
    ["/stats?days=7&date_from=2026-01-01", 400, /days cannot stand together/],
    ["/trends?date_from=2026-02-30", 400, /date_from must be a date like 2026-03-01/],
    ["/channels?date_from=2026-02-02&date_to=2026-02-01", 400, /lies after/],
    ["/attempts?attempt_status=PENDING", 400, /attempt_status must be one of STARTED/],
    ["/deliveries?status=gone", 400, /status must be one of/],
    ["/trends?bucket=week", 422, /bucket/],
    ["/deliveries?page=0", 422, /page/],
  ])("%s", async (path, status, detail) => {
    const answer = await app.inject(`${BASE}${path}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().detail).toMatch(detail);
  });

  test.each([["/outbox/none/replay", 404, "delivery_not_found"]])("POST %s", async (path, status, code) => {
    const answer = await post(path);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
  });
});
