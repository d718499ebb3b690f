import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layCable, type Serving, startServing } from "./serving.ts";
import { ask, steadyLoad, until } from "./steady-load.ts";

const PERIOD = "date_from=2015-01-01&date_to=2015-01-31";
const PATHS = [`/api/v1/kpi/summary?${PERIOD}`, "/api/v1/stores", "/api/v1/health", "/api/v1/system/summary"];

let folder: string;
let database: TestDatabase;
let serving: Serving | null = null;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-load-"));
  database = await createTestDatabase();
  await loadRows(database.db, { sales: [{ storeId: 1, date: "2015-01-05", sales: 100 }] });
});
afterAll(async () => {
  serving?.child.kill("SIGKILL");
  await serving?.ended;
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const serve = (url: string) =>
  startServing(folder, ["serve", "--port", "0"], {
    DATABASE_URL: url,
    RATE_LIMIT_PER_MINUTE: "1000000",
    MODEL_PATH: "not-asked-for",
  });

test("a stop under 100 requests a second answers everything it has taken, and ends by itself", async () => {
  serving = await serve(database.url);
  const load = steadyLoad(serving.url, PATHS, 100);
  await until(() => load.fates.length > 150);
  serving.child.kill("SIGTERM");
  const code = await serving.ended;
  await load.stop();
  expect(code).toBe(0);
  expect(load.fates.filter(({ kind }) => kind === "dropped")).toEqual([]);
  const answered = load.fates.filter(({ kind }) => kind === "answered");
  expect(answered.length).toBeGreaterThan(150);
  expect(answered.filter(({ status }) => status !== 200)).toEqual([]);
});

test("while the database is away every question gets a problem, and answers come back with it", async () => {
  const { hostname, port } = new URL(database.url);
  const cable = await layCable(hostname, Number(port));
  const url = new URL(database.url);
  url.port = String(cable.port);
  serving = await serve(url.href);
  const questions = [
    PATHS[0]!,
    "/api/v1/system/summary",
    `/api/v1/sales/timeseries?granularity=daily&${PERIOD}`,
  ];
  expect((await ask(`${serving.url}${PATHS[0]}`)).status).toBe(200);

  await cable.cut();
  for (const path of [...questions, ...questions]) {
    const answer = await fetch(`${serving.url}${path.replace("2015-01-01", "2015-01-03")}`);
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([
      path,
      503,
      expect.stringContaining("application/problem+json"),
    ]);
    expect(JSON.stringify(await answer.json())).not.toMatch(/ECONN|password|select/i);
  }
  expect((await ask(`${serving.url}/api/v1/health/ready`)).status).toBe(503);
  expect((await ask(`${serving.url}/api/v1/health`)).status).toBe(200);

  await cable.mend();
  await until(async () => (await ask(`${serving!.url}/api/v1/health/ready`)).status === 200);
  for (const path of questions) expect((await ask(`${serving.url}${path}`)).status).toBe(200);

  serving.child.kill("SIGTERM");
  expect(await serving.ended).toBe(0);
  // nothing had to be cut or ended by force
  expect(serving.heard()).not.toMatch(/still waiting|by force/);
  await cable.cut();
});

test("a database that goes while the process starts keeps it neither from answering later nor from ending", async () => {
  const url = new URL(database.url);
  const cable = await layCable(url.hostname, Number(url.port));
  url.port = String(cable.port);
  serving = await serve(url.href);
  await cable.cut();
  expect((await ask(`${serving.url}${PATHS[0]}`)).status).toBe(503);
  await cable.mend();
  await until(async () => (await ask(`${serving!.url}${PATHS[0]}`)).status === 200);
  serving.child.kill("SIGTERM");
  expect(await serving.ended).toBe(0);
  expect(serving.heard()).not.toMatch(/still waiting|by force/);
  await cable.cut();
});
