import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSample } from "@rossmann/etl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";

/** One home in the background, gone through in order: prepared, started, started again, killed, stopped. */
let folder: string;
const home = () => ({ ROSSMANN_HOME: join(folder, "home"), BACKEND_PORT: "0" });
const run = (...words: string[]) => rossmann(folder, words, home());
const status = async () =>
  JSON.parse((await run("status", "--json")).stdout) as { pid: number; url: string; dashboardUrl: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-detached-"));
  await writeSample(join(folder, "data"), { stores: 3, days: 200, seed: 3 });
});
afterAll(async () => {
  await run("down");
  rmSync(folder, { recursive: true, force: true });
});

test("bootstrap prepares database, data and model without serving, and has nothing to do the second time", async () => {
  const first = await run("bootstrap");
  expect(first.code).toBe(0);
  expect(first.stderr).toMatch(/loaded .* rows[\s\S]*trained version 1/);
  const second = await run("bootstrap");
  expect(second.stderr).not.toMatch(/loaded|trained/);
  expect(second.stdout).toMatch(/prepared: data source "Rossmann Default"/);
});

test("up --detach returns when the page answers, and a second start says that one runs", async () => {
  const { code, stdout } = await run("up", "--detach");
  expect(code).toBe(0);
  const { pid, url } = await status();
  expect(stdout).toContain(`process ${pid}`);
  expect((await fetch(url)).status).toBe(200);
  const again = await run("up", "--detach");
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(new RegExp(`already running since .* \\(process ${pid}\\)`));
});

test("after a kill, down stops the database that was left behind and says so", async () => {
  const { pid } = await status();
  process.kill(pid, "SIGKILL");
  await expect.poll(async () => (await run("status")).code, { timeout: 30_000 }).toBe(1);
  expect((await run("down")).stdout).toMatch(/database of a killed start; it is stopped/);
  expect((await run("down")).stdout).toBe("nothing is running here\n");
});

test("a start whose dashboard port is taken ends with one sentence and leaves nothing running", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  try {
    const refused = await run("up", "--detach", "--dashboard-port", String(port));
    expect(refused.code).toBe(1);
    expect(refused.stderr.trim().split("\n").at(-1)).toMatch(
      new RegExp(`port ${port} .*taken by another program`),
    );
    expect((await run("down")).stdout).toBe("nothing is running here\n");
  } finally {
    other.close();
  }
});

test("a stop while the start still loads gives the load up and ends it", async () => {
  const data = join(folder, "large");
  await writeSample(data, { stores: 120, days: 700, seed: 5 });
  const other = { ROSSMANN_HOME: join(folder, "other"), BACKEND_PORT: "0" };
  const start = rossmann(folder, ["up", "--data", data], other);
  await expect
    .poll(async () => (await rossmann(folder, ["status"], other)).stdout, { timeout: 30_000 })
    .toMatch(/starting since/);
  expect((await rossmann(folder, ["down"], other)).stdout).toMatch(/^stopped/);
  expect((await start).stderr).toMatch(/a load or training under way is given up/);
});

test("a home that cannot be written is told in one sentence", async () => {
  writeFileSync(join(folder, "file"), "");
  const { code, stderr } = await rossmann(folder, ["bootstrap"], {
    ROSSMANN_HOME: join(folder, "file", "home"),
  });
  expect(code).toBe(1);
  expect(stderr.trim()).toMatch(/^rossmann: the home folder .* cannot be written .*ROSSMANN_HOME/);
});

test("a database of another PostgreSQL is refused with the way out, and is not touched", async () => {
  // as root the data may lie elsewhere
  const state = readFileSync(join(folder, "home", "database", "server.json"), "utf8");
  const version = join((JSON.parse(state) as { dataDir: string }).dataDir, "PG_VERSION");
  const before = readFileSync(version, "utf8");
  writeFileSync(version, "12\n");
  try {
    const { code, stderr } = await run("migrate");
    expect(code).toBe(1);
    expect(stderr).toMatch(/made by PostgreSQL 12.*brings PostgreSQL \d+.*rossmann backup.*rossmann restore/);
  } finally {
    writeFileSync(version, before);
  }
  expect((await run("migrate", "--dry-run")).stdout).toMatch(/nothing to do/);
});

test("migrate --dry-run runs what is pending and changes nothing", async () => {
  const fresh = { ROSSMANN_HOME: join(folder, "fresh") };
  const trial = await rossmann(folder, ["migrate", "--dry-run"], fresh);
  expect(trial.stdout).toMatch(/0001_star_schema\.sql.*would be applied without a fault/);
  expect((await rossmann(folder, ["migrate"], fresh)).stdout).toMatch(
    /0001_star_schema\.sql.* applied; version/,
  );
});

test(".env with a byte-order mark and Windows line ends reaches every command, and doctor explains each setting", async () => {
  const place = join(folder, "windows");
  mkdirSync(place);
  writeFileSync(join(place, ".env"), "\uFEFFBACKEND_PORT=8123\r\nBACKEND_PROT=1\r\nROSSMANN_HOME=inside\r\n");
  const { stdout } = await rossmann(place, ["doctor", "--settings", "--json"]);
  const settings = JSON.parse(stdout) as { name: string; value: string; origin: string; meaning: string }[];
  expect(settings.find(({ name }) => name === "BACKEND_PORT")).toMatchObject({
    value: "8123",
    origin: ".env",
  });
  expect(settings.every(({ meaning }) => meaning.length > 10)).toBe(true);
  expect((await rossmann(place, ["doctor"])).stdout).toMatch(
    /not settings of the platform itself: BACKEND_PROT/,
  );
});
