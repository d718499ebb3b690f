/** A model file that cannot serve: planning says so clearly, and forgets it as soon as a whole one is there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeArtifact, encodeArtifact } from "@rossmann/ml";
import { loadModelVersion } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchSchema } from "../src/schemas/batch.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appOn } from "./parts.ts";
import { loadPlanningChain, OPEN_STORES } from "./planning-chain.ts";

let database: TestDatabase;
let folder: string;
let whole: Uint8Array;

beforeAll(async () => {
  database = await createTestDatabase();
  await loadPlanningChain(database.db);
  whole = (await loadModelVersion(database.db, 1, "champion")).artifact;
  folder = mkdtempSync(join(tmpdir(), "planning-model-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.close();
});

const OF_ANOTHER_CHAIN = () => {
  const trained = decodeArtifact(whole);
  return encodeArtifact({ ...trained, storeIds: trained.storeIds.map((id) => id + 5000) });
};
const OF_OTHER_YEARS = () => {
  const trained = decodeArtifact(whole);
  return encodeArtifact({
    ...trained,
    trainedFrom: trained.trainedFrom + 5000,
    trainedTo: trained.trainedTo + 5000,
  });
};

describe("a model file", () => {
  test.each([
    ["that was cut off", () => whole.subarray(0, whole.length / 2)],
    ["that was edited", () => Buffer.from(Buffer.from(whole).toString("utf8").replace('"parts"', '"Parts"'))],
    ["of another data source", OF_ANOTHER_CHAIN],
    ["of other years", OF_OTHER_YEARS],
  ])("%s is refused by every planning route, and nothing of the server leaks", async (_, bytes) => {
    const path = join(folder, "model.json");
    writeFileSync(path, bytes());
    const app = appOn(database.db, { settings: { MODEL_PATH: path } });
    try {
      for (const [url, payload] of [
        ["/forecast", { store_id: 1 }],
        ["/forecast/batch", { store_ids: [1, 2] }],
        ["/scenario/run", { store_id: 1 }],
      ] as const) {
        const answer = await app.inject({ method: "POST", url: `/api/v1${url}`, payload });
        expect(answer.statusCode, answer.body).toBe(503);
        expect(problemSchema.parse(answer.json()).code).toBe("model_file_invalid");
        expect(answer.body).not.toContain(folder);
      }
      writeFileSync(path, whole);
      const mended = await app.inject({
        method: "POST",
        url: "/api/v1/forecast/batch",
        payload: { store_ids: OPEN_STORES, horizon_days: 7 },
      });
      expect(mended.statusCode, mended.body).toBe(200);
      expect(batchSchema.parse(mended.json()).model_version).toBeNull();
    } finally {
      await app.close();
    }
  });
});
