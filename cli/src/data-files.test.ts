import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findDataFiles } from "./data-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-data-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (...names: string[]) => {
  for (const name of names) writeFileSync(join(folder, name), "");
};

test("an empty or absent folder has no delivery", () => {
  expect(findDataFiles(folder)).toBeNull();
  expect(findDataFiles(join(folder, "absent"))).toBeNull();
});

test("train.csv and store.csv are a delivery, test.csv joins when it is there", () => {
  put("train.csv", "store.csv");
  expect(findDataFiles(folder)).toEqual({
    train: join(folder, "train.csv"),
    store: join(folder, "store.csv"),
  });
  put("test.csv");
  expect(findDataFiles(folder)?.future).toBe(join(folder, "test.csv"));
});

test("half a delivery is refused, naming the file that is missing", () => {
  put("train.csv");
  expect(() => findDataFiles(folder)).toThrow(/train\.csv but no store\.csv/);
});
