import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rossmann } from "./run.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One line on stderr, nothing of our insides in it. */
function expectOneClearLine(stderr: string, words: RegExp): void {
  const lines = stderr.trim().split("\n");
  expect(lines.at(-1)).toMatch(words);
  expect(stderr).not.toMatch(/node_modules|\bat .*\.ts:\d+/);
}

describe("wrong usage ends with 2 and names what was expected", () => {
  test.each([
    [["fly"], /unknown command 'fly'/],
    [["forecast"], /--store-id/],
    [["forecast", "--store-id", "one"], /whole number from 1/],
    [["forecast", "--store-id", "1", "--horizon-days", "181"], /from 1 to 180/],
    [["train", "--origin", "2015-02-30"], /real date/],
    [["train", "--profile", "huge"], /quick, full/],
    [["up", "--port", "99999"], /from 0 to 65535/],
    [["sample"], /--out/],
    [["model", "import"], /missing required argument 'file'/],
    [["model", "import", "f.json", "--target", "sales"], /log_sales, usual_day, ridge/],
    [["model", "rows", "--out", "r.csv", "--rows", "all"], /stagger, month_ahead, far/],
  ])("rossmann %j", async (words, complaint) => {
    const { code, stderr } = await rossmann(folder, words);
    expect(code).toBe(2);
    expect(stderr).toMatch(complaint);
  });
});

test("settings that cannot be used are all named at once", async () => {
  const { code, stderr } = await rossmann(folder, ["status"], {
    BACKEND_PORT: "many",
    RATE_LIMIT_PER_MINUTE: "0",
  });
  expect(code).toBe(1);
  expectOneClearLine(stderr, /BACKEND_PORT is "many".*RATE_LIMIT_PER_MINUTE is "0"/);
});

test("a model file that is not there is named before anything is started", async () => {
  const { code, stderr } = await rossmann(folder, ["model", "import", "nowhere.json"]);
  expect(code).toBe(1);
  expectOneClearLine(stderr, /there is no file .*nowhere\.json: check the path/);
});

test("a database that does not answer is named without its password", async () => {
  const { code, stderr } = await rossmann(folder, ["train"], {
    DATABASE_URL: "postgresql://planner:geheim@127.0.0.1:9/shop",
  });
  expect(code).toBe(1);
  expectOneClearLine(stderr, /127\.0\.0\.1:9.*does not answer/);
  expect(stderr).not.toContain("geheim");
});

test("half a delivery is refused before anything is started", async () => {
  const data = mkdtempSync(join(folder, "half-"));
  writeFileSync(join(data, "train.csv"), "Store\n");
  const { code, stderr } = await rossmann(folder, ["up", "--data", data]);
  expect(code).toBe(1);
  expectOneClearLine(stderr, /holds train\.csv but no store\.csv/);
});

test("status and down say that nothing runs", async () => {
  const status = await rossmann(folder, ["status"]);
  expect(status.code).toBe(1);
  expect(status.stdout).toMatch(/nothing is running here/);
  expect((await rossmann(folder, ["status", "--json"])).stdout).toBe('{"running":false,"health":null}\n');
  expect((await rossmann(folder, ["down"])).stdout).toMatch(/nothing is running here/);
});

test("a state file left by a killed process does not count as running", async () => {
  const home = mkdtempSync(join(folder, "home-"));
  writeFileSync(
    join(home, "up.json"),
    JSON.stringify({
      // a process id beyond every system's largest
      pid: 4_194_305,
      startedAt: "2026-01-01T00:00:00.000Z",
      url: "http://127.0.0.1:1",
      dashboardUrl: "http://127.0.0.1:1",
      dataSource: "x",
    }),
  );
  const { stdout } = await rossmann(folder, ["status"], { ROSSMANN_HOME: home });
  expect(stdout).toMatch(/nothing is running here/);
});

describe("with a port that is taken", () => {
  let other: Server;
  let port: number;
  beforeAll(async () => {
    other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    port = (other.address() as { port: number }).port;
  });
  afterAll(() => other.close());

  test("doctor says so and how to mend it", async () => {
    const { code, stdout } = await rossmann(folder, ["doctor"], { BACKEND_PORT: String(port) });
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`MEND\\s+port\\s+127\\.0\\.0\\.1:${port} is taken by another program`));
    expect(stdout).toContain("--port 0");
  });
});

test("doctor finds nothing to mend on this machine", async () => {
  const { code, stdout } = await rossmann(folder, ["doctor", "--json"], { BACKEND_PORT: "0" });
  const report = JSON.parse(stdout) as { ok: boolean; findings: { name: string; ok: boolean }[] };
  expect(report.findings.filter((finding) => !finding.ok)).toEqual([]);
  expect(code).toBe(0);
});
