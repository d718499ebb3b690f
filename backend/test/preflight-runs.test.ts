/** The registry of preflight runs as the API tells it. */
import { createDataSource } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import {
  preflightRunDetailSchema,
  preflightRunSchema,
  preflightRunsSchema,
} from "../src/schemas/preflight-runs.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appOn } from "./parts.ts";
import { recordRun } from "./preflight-parts.ts";

let database: TestDatabase;
let app: Api;
let other: number;
const get = (path: string) => app.inject(`/api/v1/diagnostics/preflight${path}`);
const list = async (path: string) => preflightRunsSchema.parse((await get(path)).json());

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  other = (await createDataSource(db, { name: "Another chain" })).id;
  app = appOn(db);
  const warned = { semantic_status: "WARN", final_status: "WARN" };
  await recordRun(db, { run_id: "a", created_at: "2026-03-01T10:00:00.000Z", data_source_id: 1 });
  await recordRun(db, {
    run_id: "a",
    source_name: "store",
    created_at: "2026-03-01T10:00:01.000Z",
    data_source_id: 1,
    ...warned,
  });
  await recordRun(db, { run_id: "b", created_at: "2026-03-02T10:00:00.000Z", data_source_id: other });
  // One run id for two sources: what is told of one must not tell of the other.
  await recordRun(db, {
    run_id: "b",
    source_name: "store",
    created_at: "2026-03-02T10:00:00.000Z",
    data_source_id: 1,
    mode: "report_only",
    validation_status: "FAIL",
    semantic_status: "SKIPPED",
    final_status: "FAIL",
    used_unified: false,
    used_input_path: "store.csv",
    contract_id: null,
    contract_version: null,
    manifest_path: null,
    summary_json: {
      validation: { status: "FAIL", errors_count: 2, warnings_count: 1 },
      semantic: { status: "SKIPPED", counts: { total: 0, passed: 0, warned: 0, failed: 0 } },
      file: { name: "store.csv", size_bytes: 120, sha256: "ab" },
      rows: { read: 9, accepted: 7, rejected: 2 },
      profile: "store",
      elapsed_ms: 12,
    },
  });
  await recordRun(db, {
    run_id: "c",
    created_at: "2026-03-03T10:00:00.000Z",
    data_source_id: 1,
    validation_status: "FAIL",
    final_status: "FAIL",
    blocked: true,
    block_reason: "validation_fail",
    used_unified: false,
  });
});
afterAll(async () => {
  await app?.close();
  await database?.close();
});

const names = (items: { run_id: string; source_name: string }[]) =>
  items.map((item) => `${item.run_id}/${item.source_name}`);

describe("GET /diagnostics/preflight/runs", () => {
  test("lists examined files, newest first", async () => {
    const { items, limit, next_cursor } = await list("/runs");
    expect(names(items)).toEqual(["c/train", "b/store", "b/train", "a/store", "a/train"]);
    expect(limit).toBe(20);
    expect(next_cursor).toBeNull();
  });

  test("goes on where the page before ended, also among runs of one moment", async () => {
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 5; page++) {
      const { items, next_cursor } = await list(`/runs?limit=2${cursor}`);
      seen.push(...names(items));
      if (next_cursor === null) break;
      cursor = `&cursor=${next_cursor}`;
    }
    expect(seen).toEqual(["c/train", "b/store", "b/train", "a/store", "a/train"]);
  });

  test("filters, and says by what", async () => {
    const answer = await list(`/runs?source_name=store&data_source_id=1&final_status=fail&mode=report_only`);
    expect(names(answer.items)).toEqual(["b/store"]);
    expect(answer).toMatchObject({
      source_name: "store",
      data_source_id: 1,
      final_status: "FAIL",
      mode: "report_only",
    });
    expect(names((await list(`/runs?data_source_id=${other}`)).items)).toEqual(["b/train"]);
  });

  test("tells what the run kept of the file; a contract that is not known stays null", async () => {
    const { items } = await list("/runs?mode=report_only");
    expect(items[0]).toMatchObject({
      file_name: "store.csv",
      file_size_bytes: 120,
      rows_read: 9,
      rows_rejected: 2,
      errors_count: 2,
      warnings_count: 1,
      contract_id: null,
      contract_version: null,
      used_input_path: "store.csv",
    });
  });

  test.each([
    "limit=0",
    "limit=101",
    "source_name=sales",
    "mode=strict",
    "final_status=BAD",
    "cursor=nonsense",
    `cursor=${Buffer.from('["a","b","c"]').toString("base64url")}`,
    "data_source_id=0",
  ])("refuses ?%s with 422", async (query) => {
    const answer = await get(`/runs?${query}`);
    expect(answer.statusCode).toBe(422);
    expect(problemSchema.parse(answer.json()).errors[0]?.pointer).toBe(`/query/${query.split("=")[0]}`);
  });
});

describe("GET /diagnostics/preflight/runs/{run_id}", () => {
  test("tells the worst verdict of its files", async () => {
    const run = preflightRunDetailSchema.parse((await get("/runs/a")).json());
    expect(run).toMatchObject({
      run_id: "a",
      final_status: "WARN",
      blocked: false,
      created_at: "2026-03-01T10:00:01.000000Z",
    });
    expect(names(run.records)).toEqual(["a/store", "a/train"]);
  });

  test("answers 404 for a run that nobody knows", async () => {
    const answer = await get("/runs/unheard-of");
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "preflight_run_unknown" });
  });
});

describe("GET /diagnostics/preflight/latest", () => {
  test("is the newest run", async () => {
    const run = preflightRunDetailSchema.parse((await get("/latest")).json());
    expect(run).toMatchObject({ run_id: "c", blocked: true });
  });

  test("of one data source shows no file of another", async () => {
    const run = preflightRunDetailSchema.parse((await get(`/latest?data_source_id=${other}`)).json());
    expect(names(run.records)).toEqual(["b/train"]);
  });

  test("of one file", async () => {
    const store = preflightRunSchema.parse((await get("/latest/store")).json());
    expect(names([store])).toEqual(["b/store"]);
    expect((await get("/latest/sales")).statusCode).toBe(422);
    const future = await get("/latest/future");
    expect(future.statusCode).toBe(404);
    expect(future.json().detail).toContain("no future file has been examined");
  });
});
