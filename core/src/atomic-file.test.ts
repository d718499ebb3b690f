import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileAtomically } from "./atomic-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the file is whole, its folder is made, and no draft stays behind", () => {
  writeFileAtomically(join(folder, "a", "b.txt"), "täglich");
  expect(readFileSync(join(folder, "a", "b.txt"), "utf8")).toBe("täglich");
  expect(readdirSync(join(folder, "a"))).toEqual(["b.txt"]);
});

test("when it cannot be written, one sentence says why and the old content stays", () => {
  const path = join(folder, "kept.txt");
  writeFileSync(path, "old");
  // a folder under the name of the file below it cannot be made
  expect(() => writeFileAtomically(join(path, "below.txt"), "new")).toThrow(
    /below\.txt could not be written: .*unchanged/,
  );
  expect(readFileSync(path, "utf8")).toBe("old");
});
