import { createApiKey, createDataSource, listDataSources, startEtlRun } from "@rossmann/warehouse";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Api } from "../src/index.ts";
import { dataSourceSchema, dataSourcesSchema } from "../src/schemas/data-sources.ts";
import { preflightRunSchema } from "../src/schemas/preflight-runs.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appOn } from "./parts.ts";
import { recordRun } from "./preflight-parts.ts";

const URL = "/api/v1/data-sources";
let database: TestDatabase;
let app: Api;

beforeAll(async () => {
  database = await createTestDatabase();
  app = appOn(database.db);
});
afterAll(async () => {
  await app.close();
  await database.close();
});

const send = (method: "POST" | "PATCH" | "DELETE", url: string, payload?: object) =>
  app.inject({ method, url, ...(payload && { payload }) });
const add = async (body: object) => dataSourceSchema.parse((await send("POST", URL, body)).json());
const list = async (query = "") => dataSourcesSchema.parse((await app.inject(URL + query)).json());
const one = async (id: number) => dataSourceSchema.parse((await app.inject(`${URL}/${id}`)).json());
async function refused(method: "POST" | "PATCH" | "DELETE", url: string, payload?: object) {
  const answer = await send(method, url, payload);
  const { status, code, detail } = problemSchema.parse(answer.json());
  return { status, code, detail };
}

describe("POST /data-sources", () => {
  test("adds one with 201, trims, and makes blank texts null and a blank type cms", async () => {
    const answer = await send("POST", URL, { name: "  North  ", description: " ", source_type: "" });
    expect(answer.statusCode).toBe(201);
    const source = dataSourceSchema.parse(answer.json());
    expect(answer.headers.location).toBe(`${URL}/${source.id}`);
    expect(source).toMatchObject({
      name: "North",
      description: null,
      source_type: "cms",
      is_active: true,
      is_default: false,
      last_load: null,
      sales_rows_count: 0,
    });
  });

  test.each([
    [{ name: "North" }, 400, "data_source_exists", /named "North" exists already/],
    [{ name: " " }, 422, "validation_failed", /needs a name/],
    [{ name: "x".repeat(129) }, 422, "validation_failed", /at most 128/],
    [{ name: "x", is_active: false, is_default: true }, 400, "data_source_invalid", /must be active/],
    [
      { name: "x", related_contract_id: "nobody" },
      400,
      "contract_unknown",
      /no contract nobody; the registry lists/,
    ],
    [
      { name: "x", related_contract_id: "rossmann_input_contract", related_contract_version: "v9" },
      400,
      "contract_version_unknown",
      /no version v9; the registry lists v1/,
    ],
    [{ name: "x", related_contract_version: "v1" }, 400, "contract_unknown", /needs related_contract_id/],
  ])("refuses %j with %i", async (body, status, code, detail) => {
    expect(await refused("POST", URL, body)).toEqual({ status, code, detail: expect.stringMatching(detail) });
  });

  test("makes one the default, which takes the mark from the other; of two at once one has it in the end", async () => {
    const [first, second] = await Promise.all([
      add({ name: "Taker A", is_default: true }),
      add({ name: "Taker B", is_default: true }),
    ]);
    const defaults = (await list()).filter(({ is_default }) => is_default);
    expect(defaults).toHaveLength(1);
    expect([first.id, second.id]).toContain(defaults[0]?.id);
    await send("PATCH", `${URL}/1`, { is_default: true });
    await expect(
      sql`update data_source set is_default = true where name = 'Taker A'`.execute(database.db),
    ).rejects.toThrow(/data_source_one_default/);
  });
});

describe("GET /data-sources", () => {
  test("tells of each what it holds, its last load, and the worst file of its last examination", async () => {
    const { id } = await add({ name: "South" });
    await loadRows(database.db, { dataSourceId: id, sales: [{ storeId: 7, date: "2015-07-31", sales: 10 }] });
    const at = "2026-03-01T10:00:00.000Z";
    await recordRun(database.db, { run_id: "p", source_name: "store", created_at: at, data_source_id: id });
    await recordRun(database.db, {
      run_id: "p",
      source_name: "train",
      created_at: at,
      data_source_id: id,
      semantic_status: "WARN",
      final_status: "WARN",
    });
    const source = (await list()).find((each) => each.id === id);
    expect(source).toMatchObject({
      stores_count: 1,
      sales_rows_count: 1,
      date_from: "2015-07-31",
      last_load: { status: "COMPLETED", error_message: null },
      last_preflight_status: "WARN",
      last_preflight_at: at,
      last_preflight_run_id: "p",
    });
    expect(await one(id)).toEqual(source);
    const runs = z.array(preflightRunSchema).parse((await app.inject(`${URL}/${id}/preflight-runs`)).json());
    expect(runs.map(({ source_name }) => source_name).sort()).toEqual(["store", "train"]);
    expect((await app.inject(`${URL}/1/preflight-runs`)).json()).toEqual([]);
  });

  test("puts the default first and leaves out what is switched off when asked to", async () => {
    const { id } = await add({ name: "Asleep", is_active: false });
    expect((await list())[0]).toMatchObject({ id: 1, is_default: true });
    expect((await list()).map((each) => each.id)).toContain(id);
    expect((await list("?include_inactive=false")).map((each) => each.id)).not.toContain(id);
    expect(await one(id)).toMatchObject({ is_active: false });
  });

  test("shows a bound key its own sources and no other, and lets it take no mark from another", async () => {
    const { id } = await add({ name: "Bound" });
    const scopes = ["data:read", "data:write"];
    const { secret } = await createApiKey(database.db, {
      name: "bound",
      scopes,
      createdBy: "test",
      dataSourceIds: [id],
    });
    const headers = { "x-api-key": secret };
    const seen = dataSourcesSchema.parse((await app.inject({ url: URL, headers })).json());
    expect(seen.map((each) => each.id)).toEqual([id]);
    expect((await app.inject({ url: `${URL}/1`, headers })).statusCode).toBe(403);
    const summary = await app.inject({ url: "/api/v1/system/summary", headers });
    expect(summary.json()).toMatchObject({ data_source: { id } });
    const other = await app.inject({ url: "/api/v1/system/summary?data_source_id=1", headers });
    expect(other.statusCode).toBe(403);
    const mark = { method: "PATCH", url: `${URL}/${id}`, headers, payload: { is_default: true } } as const;
    expect((await app.inject(mark)).statusCode).toBe(403);
    expect(await one(1)).toMatchObject({ is_default: true });
  });

  test.each(["/9999", "/9999/preflight-runs"])("says 404 for %s and names those there are", async (path) => {
    const answer = await app.inject(URL + path);
    expect(answer.statusCode).toBe(404);
    expect(problemSchema.parse(answer.json()).detail).toMatch(/known are: 1 "Rossmann Default"/);
  });
});

describe("PATCH /data-sources/{id}", () => {
  test("changes what is named and leaves the rest; a source that is switched off can no more be asked", async () => {
    const before = await add({
      name: "Before",
      description: "kept",
      related_contract_id: "rossmann_input_contract",
    });
    const url = `${URL}/${before.id}`;
    expect((await app.inject(`/api/v1/stores?data_source_id=${before.id}`)).statusCode).toBe(200);
    const after = dataSourceSchema.parse(
      (await send("PATCH", url, { name: "After", is_active: false })).json(),
    );
    expect(after).toMatchObject({ name: "After", description: "kept", is_active: false });
    const refusal = await app.inject(`/api/v1/stores?data_source_id=${before.id}`);
    expect(problemSchema.parse(refusal.json())).toMatchObject({ status: 400, code: "data_source_inactive" });
    expect(
      dataSourceSchema.parse((await send("PATCH", url, { related_contract_id: null })).json()),
    ).toMatchObject({
      related_contract_id: null,
    });
  });

  test.each([
    [
      "1",
      { is_active: false },
      400,
      /is the default and must be active: make another source the default first/,
    ],
    ["1", { is_default: false }, 400, /there must be a default data source/],
    ["1", { name: "North" }, 400, /named "North" exists already/],
    ["1", { related_contract_id: "nobody" }, 400, /no contract nobody/],
    ["1", { related_contract_version: "v9" }, 400, /no version v9/],
    ["1", {}, 422, /names nothing to change/],
    ["1", { colour: "red" }, 422, /colour/],
    ["9999", { name: "x" }, 404, /no data source 9999/],
  ])("of %s refuses %j with %i", async (id, body, status, detail) => {
    expect(await refused("PATCH", `${URL}/${id}`, body)).toMatchObject({
      status,
      detail: expect.stringMatching(detail),
    });
  });
});

describe("DELETE /data-sources/{id}", () => {
  test("removes one that holds nothing, the records of its failed loads with it", async () => {
    const source = await createDataSource(database.db, { name: "Never used" });
    const run = await startEtlRun(database.db, { dataSource: source });
    expect(await refused("DELETE", `${URL}/${source.id}`)).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/holds a load that is at work/),
    });
    await run.fail("no file");
    await run.release();
    expect((await send("DELETE", `${URL}/${source.id}`)).statusCode).toBe(200);
    expect((await listDataSources(database.db)).map(({ id }) => id)).not.toContain(source.id);
    expect((await send("DELETE", `${URL}/${source.id}`)).statusCode).toBe(404);
  });

  test("refuses the default, and one that holds data, which stays as it is", async () => {
    expect(await refused("DELETE", `${URL}/1`)).toMatchObject({
      status: 409,
      code: "data_source_in_use",
      detail: expect.stringMatching(/it is the default: make another source the default first/),
    });
    const { id } = await add({ name: "Full" });
    await loadRows(database.db, { dataSourceId: id, sales: [{ storeId: 7, date: "2015-07-31", sales: 10 }] });
    expect(await refused("DELETE", `${URL}/${id}`)).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/it holds sales, stores: switch it off instead/),
    });
    expect(await one(id)).toMatchObject({ sales_rows_count: 1 });
  });
});
