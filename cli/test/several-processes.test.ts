import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SunkDelivery, startWebhookSink } from "@rossmann/alerts";
import { writeSample } from "@rossmann/etl";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";
import { type Serving, startServing } from "./serving.ts";
import { until } from "./steady-load.ts";

/** Two APIs behind a plain proxy and two workers, all on one database; the alert of a blocked delivery goes to one receiver. */
let folder: string;
let database: TestDatabase;
const processes: Serving[] = [];
const heard: SunkDelivery[] = [];
const closers: (() => Promise<unknown>)[] = [];
let environment: Record<string, string>;
let key: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-several-"));
  database = await createTestDatabase();
  const sink = await startWebhookSink({
    host: "127.0.0.1",
    port: 0,
    onDelivery: (delivery) => heard.push(delivery),
  });
  closers.push(() => sink.close());
  const channels = join(folder, "channels.yaml");
  writeFileSync(
    channels,
    `version: v2\nchannels:\n  - id: receiver\n    type: webhook\n    enabled: true\n    target_url: ${sink.url}\n    group_by: [policy_id]\n    group_wait: 0\n    repeat_interval: 0\n`,
  );
  environment = {
    DATABASE_URL: database.url,
    ROSSMANN_HOME: join(folder, "home"),
    PREFLIGHT_ARTIFACT_DIR: join(folder, "reports"),
    PREFLIGHT_NOTIFICATION_CHANNELS_PATH: channels,
    PREFLIGHT_NOTIFICATIONS_ALLOWED_CIDRS: "127.0.0.1/32",
    PREFLIGHT_ALERTS_SCHEDULER_INTERVAL_SECONDS: "1",
    PREFLIGHT_NOTIFICATIONS_INTERVAL_SECONDS: "1",
  };
  await writeSample(join(folder, "data"), { stores: 2, days: 60, seed: 3 });
  const train = readFileSync(join(folder, "data", "train.csv"), "utf8");
  writeFileSync(join(folder, "broken.csv"), train.replace("\n", "\nno store,7,2015-99-99,x,y,2,0,q,1\n"));
  const made = await run("keys", "create", "--name", "several", "--scopes", "data:read,data:write", "--json");
  key = (JSON.parse(made.stdout) as { api_key: string }).api_key;
  for (const words of [["serve", "--port", "0"], ["serve", "--port", "0"], ["worker"], ["worker"]])
    processes.push(await startServing(folder, words, environment));
});
afterAll(async () => {
  for (const { child } of processes) child.kill("SIGTERM");
  for (const { ended } of processes) await ended;
  for (const close of closers) await close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...words: string[]) => rossmann(folder, words, environment);
const apis = () => processes.filter(({ url }) => url !== "").map(({ url }) => url);

/** Takes turns; a GET that finds nobody goes to the next one. @returns its address, and how often each was asked */
async function plainProxy(): Promise<{ url: string; asked: Map<string, number> }> {
  const asked = new Map<string, number>();
  let turn = 0;
  const server = createServer((from, to) => {
    const pass = (tries: number): void => {
      const api = apis()[turn++ % apis().length]!;
      const onward = request(
        `${api}${from.url}`,
        { method: from.method, headers: from.headers },
        (answer) => {
          asked.set(api, (asked.get(api) ?? 0) + 1);
          to.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(to);
        },
      );
      onward.on("error", () => (tries > 0 && from.method === "GET" ? pass(tries - 1) : to.destroy()));
      from.pipe(onward);
    };
    pass(1);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closers.push(async () => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test("both APIs answer behind the proxy, and every upload is loaded once", async () => {
  const proxy = await plainProxy();
  const headers = { "x-api-key": key };
  const sources = await Promise.all(
    ["North", "South", "East", "West"].map(async (name) => {
      const made = await fetch(`${proxy.url}/api/v1/data-sources`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ name }),
      });
      expect(made.status).toBe(201);
      return ((await made.json()) as { id: number }).id;
    }),
  );
  const file = (name: string) => new Blob([readFileSync(join(folder, "data", name))], { type: "text/csv" });
  await Promise.all(
    sources.map(async (id) => {
      const form = new FormData();
      form.append("train", file("train.csv"), "train.csv");
      form.append("store", file("store.csv"), "store.csv");
      const sent = await fetch(`${proxy.url}/api/v1/data-sources/${id}/uploads`, {
        method: "POST",
        headers,
        body: form,
      });
      expect([id, sent.status]).toEqual([id, 202]);
    }),
  );
  const runs = async () =>
    (
      await sql<{ source: number; status: string; runs: number }>`
        select data_source_id as source, status, count(*) as runs from etl_run_registry group by 1, 2 order by 1
      `.execute(database.db)
    ).rows;
  await until(
    async () => (await runs()).filter(({ status }) => status === "COMPLETED").length >= sources.length,
  );
  expect(await runs()).toEqual(
    sources.toSorted((a, b) => a - b).map((source) => ({ source, status: "COMPLETED", runs: 1 })),
  );

  for (let i = 0; i < 20; i++) {
    const answer = await fetch(
      `${proxy.url}/api/v1/kpi/summary?date_from=2015-01-01&date_to=2015-12-31&data_source_id=${sources[0]}`,
      { headers },
    );
    expect(answer.status).toBe(200);
  }
  expect([...proxy.asked.keys()].sort()).toEqual(apis().sort());
});

test("ticks are shared by all four processes, each taken once, and a blocked delivery is told once", async () => {
  const files = ["--train", "broken.csv", "--store", "data/store.csv", "--preflight-mode", "enforce"];
  expect((await run("etl", ...files)).code).toBe(1);
  const evaluations = async () =>
    (
      await sql<{ count: number; slot: number }>`
        select (select last_value from preflight_alert_evaluation_no) as count, last_slot as slot
        from preflight_scheduler_job where job_name = 'alerts'
      `.execute(database.db)
    ).rows[0]!;
  const before = await evaluations();
  await until(() => heard.length > 0);
  await until(async () => (await evaluations()).slot >= before.slot + 5);
  const after = await evaluations();
  // one evaluation per slot at most, whoever took it; the slot of the first look may be under way
  expect(after.count - before.count).toBeLessThanOrEqual(after.slot - before.slot + 1);
  expect(after.count - before.count).toBeGreaterThan(0);
  const told = heard.filter(({ body }) => body.toString().includes("blocked_runs_any_7d"));
  expect(told.map(({ isRepeated }) => isRepeated)).toEqual([false]);
});

test("when one API is gone, the other goes on answering", async () => {
  const proxy = await plainProxy();
  const gone = processes.find(({ url }) => url !== "")!;
  gone.child.kill("SIGTERM");
  expect(await gone.ended).toBe(0);
  for (let i = 0; i < 6; i++) expect((await fetch(`${proxy.url}/api/v1/health/live`)).status).toBe(200);
});
