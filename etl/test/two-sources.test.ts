import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeSample } from "../src/index.ts";
import { testFolder } from "./files.ts";
import { killOneOfTwo } from "./two-loads.ts";

const files = testFolder();
let warehouse: TestDatabase;
beforeAll(async () => {
  warehouse = await createTestDatabase();
});
afterAll(async () => {
  await warehouse.close();
  files.remove();
});

it("a load that is killed beside another shows its old data or its new, and the other source never changes", async () => {
  await writeSample(files.path("one"), { stores: 5, days: 200, seed: 1 });
  await writeSample(files.path("two"), { stores: 8, days: 200, seed: 2 });
  const other = await writeSample(files.path("other"), { stores: 6, days: 200, seed: 3 });
  const rounds = 3;
  const seen = await killOneOfTwo(
    warehouse.db,
    warehouse.url,
    { one: files.path("one"), two: files.path("two"), other },
    rounds,
    7,
  );
  expect(seen).toMatchObject({ otherChanged: 0, neitherOldNorNew: 0, wrongRuns: 0, otherFailed: 0 });
  expect(seen.looks).toBeGreaterThan(rounds);
});
