/** Every route of the API, asked by every kind of caller. */
import { createApiKey, createDataSource, revokeApiKey, SCOPES, type Scope } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import type { RouteOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Access, LOCAL_SCOPES, rightsOf } from "../src/access.ts";
import type { Api } from "../src/index.ts";
import { sourceFieldsOf } from "../src/source-binding.ts";
import { appOn } from "./parts.ts";

interface Role {
  name: string;
  key: string | null;
  /** null for a key that does not count at all */
  scopes: readonly Scope[] | null;
}

const UNAUTHORISED = new Set([
  "key_required",
  "key_invalid",
  "scope_missing",
  "source_not_allowed",
  "cross_site_refused",
]);
/** Every route takes values like these, or says that there is no such thing. */
const PATH_VALUES: Record<string, string> = { source_name: "train", version: "1", artifact_type: "manifest" };
const routes: { method: string; url: string; access: Access; route: RouteOptions }[] = [];
const roles: Role[] = [{ name: "nobody", key: null, scopes: [] }];
let database: TestDatabase;
let local: Api;
let exposed: Api;
let bound: string;
let ownSource: number;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const make = async (name: string, scopes: readonly Scope[], more: object = {}) =>
    (await createApiKey(db, { name, scopes, createdBy: "test", ...more })).secret;
  for (const scope of SCOPES) roles.push({ name: scope, key: await make(scope, [scope]), scopes: [scope] });
  roles.push({ name: "every scope", key: await make("every scope", SCOPES), scopes: SCOPES });
  roles.push({ name: "revoked", key: await make("revoked", SCOPES), scopes: null });
  await revokeApiKey(db, "revoked", "test");
  roles.push({ name: "expired", key: await make("expired", SCOPES), scopes: null });
  await db
    .updateTable("api_key")
    .set({ expires_at: new Date(0) })
    .where("name", "=", "expired")
    .execute();
  roles.push({ name: "invented", key: "ros_0123456789abcdefghjkmnpqrstvwxyz0123456", scopes: null });
  ownSource = (await createDataSource(db, { name: "Own" })).id;
  bound = await make("bound", SCOPES, { dataSourceIds: [ownSource] });

  local = appOn(db, { scopes: null });
  exposed = appOn(db, { scopes: null, settings: { BACKEND_HOST: "0.0.0.0" } });
  local.addHook("onRoute", (route) => {
    const method = String(route.method);
    if (!route.url.startsWith("/api/") || method === "OPTIONS") return;
    routes.push({ method, url: route.url, access: route.config?.access ?? "public", route });
  });
  await Promise.all([local.ready(), exposed.ready()]);
});
afterAll(async () => {
  await local.close();
  await exposed.close();
  await database.close();
});

let address = 0;

/** What a request comes to: its status, and the code of its problem where it was refused. */
async function ask(
  app: Api,
  { method, url }: { method: string; url: string },
  key: string | null,
  more: { query?: Record<string, string>; payload?: object; path?: Record<string, string> } = {},
): Promise<{ status: number; code: string | null }> {
  const path = url.replaceAll(
    /:(\w+)|\*/g,
    (_, name = "rest") => more.path?.[name] ?? PATH_VALUES[name] ?? "0",
  );
  address++;
  const answer = await app.inject({
    method: method as "GET",
    url: path,
    query: more.query,
    headers: key === null ? {} : { "x-api-key": key },
    // Each from an address of its own: wrong keys are not what is counted here.
    remoteAddress: `10.1.${address >> 8}.${address & 255}`,
    ...(more.payload && { payload: more.payload }),
    // An answer that never ends, like a stream of events, has said enough with its first line.
    payloadAsStream: true,
  });
  if (answer.statusCode < 400 || method === "HEAD") {
    answer.stream().destroy();
    return { status: answer.statusCode, code: null };
  }
  const text = (await answer.stream().toArray()).join("");
  return { status: answer.statusCode, code: (JSON.parse(text) as { code: string }).code };
}

/** Whether an answer is a refusal for lack of rights. */
const isRefused = ({ status, code }: Awaited<ReturnType<typeof ask>>) =>
  code === null ? status === 401 || status === 403 : UNAUTHORISED.has(code);

describe("all routes and all roles", () => {
  test("there are routes for each scope", () => {
    const asked = new Set(routes.map(({ access }) => access));
    expect([...asked]).toEqual(
      expect.arrayContaining(["public", "data:read", "data:write", "diagnostics:read"]),
    );
    expect(routes.length).toBeGreaterThan(40);
  });

  test("on more than loopback nobody gets in but by the scope a route names, and with it everybody", async () => {
    for (const route of routes) {
      for (const { name, key, scopes } of roles) {
        const may =
          route.access === "public" ||
          (scopes !== null &&
            scopes.length > 0 &&
            (route.access === "key" || rightsOf(scopes).has(route.access)));
        // A key that does not count is refused where somebody asks who it is, and the session route does.
        if (route.url === "/api/v1/session") continue;
        const answer = await ask(exposed, route, key);
        expect(isRefused(answer), `${name}: ${route.method} ${route.url} → ${JSON.stringify(answer)}`).toBe(
          !may,
        );
      }
    }
  });

  test("on loopback business data asks for no key, the diagnostics always do", async () => {
    for (const route of routes) {
      const answer = await ask(local, route, null);
      const may = ["public", "key", ...LOCAL_SCOPES].includes(route.access);
      expect(isRefused(answer), `${route.method} ${route.url} → ${JSON.stringify(answer)}`).toBe(!may);
    }
  });

  test("a key that is bound to a data source gets nothing of another one", async () => {
    const other = "1";
    for (const route of routes) {
      const fields = sourceFieldsOf(route.route.schema);
      if (route.access === "public" || route.access === "key" || fields === null) continue;
      const answer = await ask(exposed, route, bound, {
        query: fields.includes("query") ? { data_source_id: other } : {},
        path: { data_source_id: other },
        ...(fields.includes("body") && { payload: { data_source_id: 1 } }),
      });
      expect(answer.status, `${route.method} ${route.url} → ${JSON.stringify(answer)}`).toBeGreaterThan(399);
    }
  });

  test("a bound key that names no source means its own, and is refused where a route knows no sources", async () => {
    for (const route of routes) {
      if (route.access === "public" || route.access === "key") continue;
      const fields = sourceFieldsOf(route.route.schema);
      const isHeld = fields !== null || route.route.config?.keepsToSources === true;
      const answer = await ask(exposed, route, bound, { path: { data_source_id: String(ownSource) } });
      expect(isRefused(answer), `${route.method} ${route.url} → ${JSON.stringify(answer)}`).toBe(!isHeld);
    }
  });
});
