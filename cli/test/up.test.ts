import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSample } from "@rossmann/etl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAIN, rossmann } from "./run.ts";

/** One home, gone through in order: started, loaded again, killed, started again, stopped. */
let folder: string;
let data: string;
let child: ChildProcess | null = null;
const home = () => ({ ROSSMANN_HOME: join(folder, "home") });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-up-"));
  data = join(folder, "data");
  await writeSample(data, { stores: 4, days: 400, seed: 3 });
});
afterAll(async () => {
  child?.kill("SIGKILL");
  await rossmann(folder, ["doctor"], home());
  rmSync(folder, { recursive: true, force: true });
});

/** Start `up` and wait until it says where the dashboard is. */
function start(...words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    child = spawn(process.execPath, [MAIN, "up", "--data", data, "--port", "0", ...words], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", HOME: folder, TZ: "UTC", ...home() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        heard += chunk.toString();
        const url = /Dashboard\s+(http:\S+)/.exec(heard)?.[1];
        if (url !== undefined) resolve(url);
      });
    }
    child.once("close", (code) => reject(new Error(`up ended with ${code}:\n${heard}`)));
  });
}

const closed = () => new Promise((done) => child?.once("close", done));

const footprint = async (url: string) =>
  (await (await fetch(`${url}/api/v1/system/summary`)).json()) as Record<string, unknown>;

test("up loads, trains and serves; other commands of the same home join it", async () => {
  const url = await start();
  const summary = await footprint(url);
  expect(summary).toMatchObject({ stores_count: 4, model: { version: 1 } });

  const status = JSON.parse((await rossmann(folder, ["status", "--json"], home())).stdout) as {
    health: string;
  };
  expect(status.health).toBe("ready");
  const again = await rossmann(folder, ["up"], home());
  expect(again.stdout).toMatch(/already running since/);

  const csv = {
    train: join(data, "train.csv"),
    store: join(data, "store.csv"),
    future: join(data, "test.csv"),
  };
  const etl = await rossmann(
    folder,
    ["etl", "--train", csv.train, "--store", csv.store, "--future", csv.future, "--json"],
    home(),
  );
  const report = JSON.parse(etl.stdout) as { rowsRead: number; rowsUnchanged: number; rowsRejected: number };
  expect(report.rowsRead).toBe(summary.sales_rows_count);
  expect(report.rowsUnchanged).toBe(report.rowsRead);
  expect(report.rowsRejected).toBe(0);
});

test("a file that breaks its form is refused with line and column, and what was there is still there", async () => {
  const url = JSON.parse((await rossmann(folder, ["status", "--json"], home())).stdout).url as string;
  const before = await footprint(url);
  const [header, first, ...rest] = readFileSync(join(data, "train.csv"), "utf8").split("\n");
  const broken = join(folder, "broken.csv");
  writeFileSync(broken, [header?.replace("Sales", "Turnover"), first, ...rest].join("\n"));
  const refused = await rossmann(
    folder,
    ["etl", "--train", broken, "--store", join(data, "store.csv")],
    home(),
  );
  expect(refused.code).toBe(1);
  expect(refused.stderr.trim().split("\n").at(-1)).toMatch(/broken\.csv.*[Ss]ales/);

  const missing = await rossmann(
    folder,
    ["etl", "--train", join(folder, "none.csv"), "--store", join(data, "store.csv")],
    home(),
  );
  expect(missing.code).toBe(1);
  expect(missing.stderr).toMatch(/there is no file .*none\.csv/);
  expect(await footprint(url)).toEqual(before);
});

test("after a kill nothing is lost: status knows, and the next start takes over", async () => {
  const gone = closed();
  child?.kill("SIGKILL");
  await gone;
  expect((await rossmann(folder, ["status"], home())).stdout).toMatch(/nothing is running here/);
  const url = await start();
  expect(await footprint(url)).toMatchObject({ stores_count: 4, model: { version: 1 } });
});

test("down stops it, and a taken port is refused in one sentence", async () => {
  const gone = closed();
  expect((await rossmann(folder, ["down"], home())).stdout).toMatch(/^stopped/);
  await gone;

  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const port = (other.address() as { port: number }).port;
  try {
    const refused = await rossmann(folder, ["up", "--data", data, "--port", String(port)], home());
    expect(refused.code).toBe(1);
    expect(refused.stderr.trim().split("\n").at(-1)).toMatch(
      new RegExp(`port ${port} .*taken by another program`),
    );
  } finally {
    other.close();
  }
});
