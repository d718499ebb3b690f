import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";

const HEADER = "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-preflight-"));
  writeFileSync(join(folder, "good.csv"), `${HEADER}\n1,1,2015-06-01,5263,555,1,1,0,1\n`);
  writeFileSync(join(folder, "bad.csv"), `${HEADER}\n1,1,2015-06-01,abc,555,1,1,0,1\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const preflight = (...words: string[]) => rossmann(folder, ["preflight", "--source", "train", ...words]);

test("a file that keeps its contract ends with 0 and one JSON document", async () => {
  const { code, stdout } = await preflight("--file", "good.csv", "--json", "--artifact-dir", "reports");
  expect(code).toBe(0);
  const outcome = JSON.parse(stdout);
  expect(outcome).toMatchObject({ finalStatus: "PASS", rowsAccepted: 1, contractVersion: "v1" });
  expect(existsSync(join(folder, "reports", outcome.runId, "train", "preflight_report.html"))).toBe(true);
});

test("a file that breaks it ends with 1 and names the cell", async () => {
  const { code, stdout, stderr } = await preflight("--file", "bad.csv");
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/FAIL: types: 1 cell of sales cannot be read: "abc" on line 2/);
});

test.each([
  [["--contract", "nobody"], /there is no contract nobody; the registry lists rossmann_input_contract/],
  [["--version", "v9"], /has no version v9; the registry lists v1/],
  [["--profile", "shops"], /the contract has no profile shops; it has train, store, known_future/],
])("%j is refused in one line", async (words, message) => {
  const { code, stderr } = await preflight("--file", "good.csv", ...words);
  expect(code).toBe(1);
  expect(stderr.trim().split("\n").at(-1)).toMatch(message);
  expect(stderr).not.toMatch(/node_modules|\bat .*\.ts:\d+/);
});

test("a load with an unknown mode is refused before anything is started", async () => {
  const { code, stderr } = await rossmann(folder, [
    ...["etl", "--train", "good.csv", "--store", "good.csv", "--preflight-mode", "strict"],
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/must be off, report_only, enforce, got "strict"/);
});
