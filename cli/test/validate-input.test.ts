import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSample } from "@rossmann/etl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-validate-"));
  await writeSample(join(folder, "data"), { stores: 3, days: 60, seed: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("validate-input writes the report and the canonical file where it is told, else into validation_reports", async () => {
  const words = ["validate-input", "--file", "data/store.csv", "--profile", "store"];
  const { code, stdout } = await rossmann(folder, [
    ...words,
    "--output",
    "out/report.json",
    "--emit-unified",
  ]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^(PASS|WARN) {2}data\/store\.csv/)]);
  expect(JSON.parse(readFileSync(join(folder, "out", "report.json"), "utf8"))).toMatchObject({
    status: "PASS",
  });
  expect(readdirSync(join(folder, "validation_reports")).sort()).toEqual([
    expect.stringMatching(/^store_manifest_\d{8}T\d{6}Z\.json$/),
    expect.stringMatching(/^store_unified_\d{8}T\d{6}Z\.csv$/),
  ]);
});

test("a file that fails ends with 1, an unknown profile with 2", async () => {
  writeFileSync(join(folder, "broken.csv"), "Store,StoreType\n1,a\n");
  const words = ["validate-input", "--file", "broken.csv", "--profile"];
  const { code, stdout } = await rossmann(folder, [...words, "train", "--output", "broken.json"]);
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^FAIL {2}broken\.csv/)]);
  const unknown = await rossmann(folder, [...words, "shops"]);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/expected one of train, store/)]);
});
