import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSample } from "@rossmann/etl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";

let folder: string;
const run = (home: string, ...words: string[]) =>
  rossmann(folder, words, { ROSSMANN_HOME: join(folder, home) });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-backup-"));
  await writeSample(join(folder, "data"), { stores: 3, days: 120, seed: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what one installation backs up, another one restores: data, model and forecasts are the same", async () => {
  expect((await run("one", "bootstrap")).code).toBe(0);
  const backup = await run("one", "backup", "--out", "copy", "--json");
  const made = JSON.parse(backup.stdout) as { rows: number };
  expect(made.rows).toBeGreaterThan(300);

  expect((await run("two", "restore", "--from", "copy", "--check")).stdout).toMatch(
    /copy is whole: \d+ tables/,
  );
  expect((await run("two", "restore", "--from", "copy")).stdout).toMatch(
    /restored into the embedded server and compared/,
  );
  const forecast = ["forecast", "--store-id", "1", "--horizon-days", "7", "--json"];
  const answers = [await run("one", ...forecast), await run("two", ...forecast)].map(({ stdout }) =>
    JSON.parse(stdout),
  );
  expect(answers[1].points ?? answers[1]).toEqual(answers[0].points ?? answers[0]);

  const again = await run("two", "restore", "--from", "copy");
  expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/holds data already.*--replace/)]);
  const absent = await run("two", "restore", "--from", "none");
  expect([absent.code, absent.stderr]).toEqual([1, expect.stringMatching(/none holds no backup/)]);
});
