/** Who may do what: every route, with every kind of caller. */
import { createApiKey, newSignInCode, revokeApiKey, SCOPES, type Scope } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allows } from "../src/access.ts";
import type { Api } from "../src/index.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { sessionSchema } from "../src/schemas/session.ts";
import { appOn } from "./parts.ts";

let database: TestDatabase;
let local: Api;
let exposed: Api;
let otherSource: number;
const keys = {} as Record<Scope | "all" | "expired" | "revoked" | "bound", string>;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const make = async (name: string, scopes: readonly string[], more: object = {}) =>
    (await createApiKey(db, { name, scopes, createdBy: "test", ...more })).secret;
  for (const scope of SCOPES) keys[scope] = await make(scope, [scope]);
  keys.all = await make("all", SCOPES);
  keys.revoked = await make("revoked", SCOPES);
  await revokeApiKey(db, "revoked", "test");
  keys.expired = await make("expired", SCOPES, { expiresAt: new Date(Date.now() + 60_000) });
  await db
    .updateTable("api_key")
    .set({ expires_at: new Date(0) })
    .where("name", "=", "expired")
    .execute();
  const source = await db
    .insertInto("data_source")
    .values({ name: "Other", description: null, related_contract_id: null, related_contract_version: null })
    .returning("id")
    .executeTakeFirstOrThrow();
  otherSource = source.id;
  keys.bound = await make("bound", SCOPES, { dataSourceIds: [otherSource] });
  local = appOn(db, { scopes: null });
  exposed = appOn(db, { scopes: null, settings: { BACKEND_HOST: "0.0.0.0" } });
  await Promise.all([local.ready(), exposed.ready()]);
});
afterAll(async () => {
  await local.close();
  await exposed.close();
  await database.close();
});

const problem = (answer: LightMyRequestResponse) => problemSchema.parse(answer.json());
const ask = (app: Api, url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
const METADATA = "/api/v1/ml/models";

describe("a key", () => {
  test("is taken from X-API-Key and from Authorization: Bearer, and the first wins", async () => {
    expect((await ask(exposed, METADATA, { "x-api-key": ` ${keys.all} ` })).statusCode).toBe(200);
    expect((await ask(exposed, METADATA, { authorization: `bearer ${keys.all}` })).statusCode).toBe(200);
    const both = { "x-api-key": keys.revoked, authorization: `Bearer ${keys.all}` };
    expect((await ask(exposed, METADATA, both)).statusCode).toBe(401);
  });
});
