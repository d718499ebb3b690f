/** Keys, sessions and switches: who is let in, and what everybody else is told. */
import {
  createApiKey,
  listApiKeys,
  newSignInCode,
  revokeApiKey,
  SCOPES,
  type Scope,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import type { LightMyRequestResponse } from "fastify";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { accessNotices } from "../src/access-notices.ts";
import type { Api } from "../src/index.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { sessionSchema } from "../src/schemas/session.ts";
import { appOn, settingsWith } from "./parts.ts";

const DATA = "/api/v1/ml/models";
const DIAGNOSTICS = "/api/v1/diagnostics/preflight/runs";
const SESSION = "/api/v1/session";

let database: TestDatabase;
let local: Api;
let exposed: Api;
let key: string;

const makeKey = async (name: string, scopes: readonly Scope[] = SCOPES) =>
  (await createApiKey(database.db, { name, scopes, createdBy: "test" })).secret;

beforeAll(async () => {
  database = await createTestDatabase();
  local = appOn(database.db, { scopes: null });
  exposed = appOn(database.db, { scopes: null, settings: { BACKEND_HOST: "0.0.0.0" } });
  key = await makeKey("ops");
});
beforeEach(() => sql`truncate api_key_guess`.execute(database.db));
afterAll(async () => {
  await local.close();
  await exposed.close();
  await database.close();
});

const problem = (answer: LightMyRequestResponse) => problemSchema.parse(answer.json());
const session = (answer: LightMyRequestResponse) => sessionSchema.parse(answer.json());
const ask = (app: Api, url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
const signIn = (app: Api, payload: object, headers: Record<string, string> = {}) =>
  app.inject({ method: "POST", url: SESSION, payload, headers });
const cookieOf = (answer: LightMyRequestResponse) => String(answer.headers["set-cookie"]).split(";")[0] ?? "";

describe("a key", () => {
  test("is taken from X-API-Key and from Authorization: Bearer, and the first wins", async () => {
    expect((await ask(exposed, DATA, { "x-api-key": ` ${key} ` })).statusCode).toBe(200);
    expect((await ask(exposed, DATA, { authorization: `bearer ${key}` })).statusCode).toBe(200);
    const both = { "x-api-key": "wrong", authorization: `Bearer ${key}` };
    expect((await ask(exposed, DATA, both)).statusCode).toBe(401);
  });

  test("that is missing, unknown, mistyped, revoked or expired gets 401; the last four hear the same words", async () => {
    const missing = await ask(exposed, DATA);
    expect(missing.statusCode).toBe(401);
    expect(missing.headers["www-authenticate"]).toBe('Bearer realm="rossmann"');
    expect(problem(missing)).toMatchObject({
      code: "key_required",
      detail: expect.stringMatching(/X-API-Key/),
    });
    const revoked = await makeKey("revoked");
    await revokeApiKey(database.db, "revoked", "test");
    const expired = await makeKey("expired");
    await sql`update api_key set expires_at = now() where name = 'expired'`.execute(database.db);
    const mistyped = `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`;
    const words = [];
    for (const wrong of [revoked, expired, mistyped, "anything"]) {
      const answer = await ask(exposed, DATA, { "x-api-key": wrong });
      expect(answer.statusCode).toBe(401);
      expect(answer.body).not.toContain(wrong);
      words.push(problem(answer).detail);
    }
    expect(new Set(words).size).toBe(1);
  });

  test("without the scope a route asks for gets 403, which names the scope", async () => {
    const reader = await makeKey("reader", ["diagnostics:read"]);
    const answer = await ask(exposed, DATA, { "x-api-key": reader });
    expect(answer.statusCode).toBe(403);
    expect(problem(answer)).toMatchObject({
      code: "scope_missing",
      detail: expect.stringContaining("data:read"),
    });
    expect((await ask(exposed, DIAGNOSTICS, { "x-api-key": reader })).statusCode).toBe(200);
  });

  test("changes what it may do with the next request", async () => {
    const changing = await makeKey("changing", ["data:read"]);
    expect((await ask(exposed, DATA, { "x-api-key": changing })).statusCode).toBe(200);
    await sql`update api_key set scopes = '{forecast:run}' where name = 'changing'`.execute(database.db);
    expect((await ask(exposed, DATA, { "x-api-key": changing })).statusCode).toBe(403);
  });

  test("is asked for before a body is read, and before the body is found to be wrong", async () => {
    const answer = await exposed.inject({
      method: "POST",
      url: "/api/v1/forecast",
      headers: { "content-type": "application/json" },
      payload: "{ this is no JSON",
    });
    expect(answer.statusCode).toBe(401);
  });

  test("has its use written down, at most once a minute", async () => {
    const used = await makeKey("used");
    const lastUse = async () =>
      (await listApiKeys(database.db)).find(({ name }) => name === "used")?.lastUsedAt;
    await ask(exposed, DATA, { "x-api-key": used });
    const first = await vi.waitFor(async () => {
      const at = await lastUse();
      if (at == null) throw new Error("not yet");
      return at;
    });
    await ask(exposed, DATA, { "x-api-key": used });
    await ask(exposed, DATA, { "x-api-key": used });
    expect(await lastUse()).toEqual(first);
    await sql`update api_key set last_used_at = now() - interval '61 seconds' where name = 'used'`.execute(
      database.db,
    );
    await ask(exposed, DATA, { "x-api-key": used });
    await vi.waitFor(async () =>
      expect((await lastUse())?.getTime()).toBeGreaterThanOrEqual(first.getTime()),
    );
  });

  test("in an address is refused with 400 and stands in no answer, wherever it is put", async () => {
    for (const url of [
      `${DATA}?api_key=${key}`,
      `${DATA}?data_source_id=${key}`,
      `${DATA}?X-API-Key=anything`,
      `/api/v1/ml/experiments/${key}`,
      `${SESSION}?key=${key}`,
    ]) {
      const answer = await ask(local, url);
      expect(answer.statusCode, url).toBe(400);
      expect(problem(answer)).toMatchObject({
        code: "key_in_url",
        detail: expect.stringMatching(/X-API-Key/),
      });
      expect(answer.body).not.toContain(key);
    }
  });

  test("is looked up only as often as an address may ask at all", async () => {
    const app = appOn(database.db, {
      scopes: null,
      settings: { BACKEND_HOST: "0.0.0.0", RATE_LIMIT_PER_MINUTE: 1 },
    });
    expect((await ask(app, DATA, { "x-api-key": "wrong" })).statusCode).toBe(401);
    expect(problem(await ask(app, DATA, { "x-api-key": "wrong" })).code).toBe("too_many_requests");
    await app.close();
  });

  test("after ten wrong ones from an address the next are not looked at for a minute; a known holder there stays in", async () => {
    expect((await ask(exposed, DATA, { "x-api-key": key })).statusCode).toBe(200);
    for (let guess = 1; guess <= 10; guess++) {
      expect((await ask(exposed, DATA, { "x-api-key": `ros_${guess}` })).statusCode).toBe(401);
    }
    const late = await makeKey("late");
    for (const secret of ["ros_11", late]) {
      const answer = await ask(exposed, DATA, { "x-api-key": secret });
      expect(answer.statusCode).toBe(429);
      expect(answer.headers["retry-after"]).toBe("60");
      expect(problem(answer).code).toBe("too_many_wrong_keys");
    }
    expect((await signIn(exposed, { api_key: late })).statusCode).toBe(429);
    expect((await ask(exposed, DATA, { "x-api-key": key })).statusCode).toBe(200);
    const elsewhere = { url: DATA, headers: { "x-api-key": late }, remoteAddress: "10.0.0.9" };
    expect((await exposed.inject(elsewhere)).statusCode).toBe(200);
    await sql`update api_key_guess set window_started_at = now() - interval '61 seconds'`.execute(
      database.db,
    );
    expect((await ask(exposed, DATA, { "x-api-key": late })).statusCode).toBe(200);
  });
});

describe("on loopback", () => {
  test("business data asks for no key, and whoever asks is called local", async () => {
    expect((await ask(local, DATA)).statusCode).toBe(200);
    expect(session(await ask(local, SESSION))).toEqual({
      signed_in: false,
      name: "local",
      kind: "local",
      scopes: ["data:read", "data:write", "forecast:run"],
      data_source_ids: null,
      expires_at: null,
      key_required: false,
    });
  });

  test("a key adds its rights to those that need none, and a wrong one is refused all the same", async () => {
    const reader = await makeKey("diagnostics reader", ["diagnostics:read"]);
    expect((await ask(local, DATA, { "x-api-key": reader })).statusCode).toBe(200);
    expect((await ask(local, DIAGNOSTICS, { "x-api-key": reader })).statusCode).toBe(200);
    expect((await ask(local, DATA, { "x-api-key": "wrong" })).statusCode).toBe(401);
  });

  test.each([
    ["a foreign name that leads here", { host: "shops.example" }],
    ["a proxy", { "x-forwarded-for": "203.0.113.9" }],
    ["a proxy that says Forwarded", { forwarded: "for=203.0.113.9" }],
    ["a proxy that says Via", { via: "1.1 edge" }],
    ["a proxy that says X-Real-IP", { "x-real-ip": "203.0.113.9" }],
    ["a tunnel", { "cf-connecting-ip": "203.0.113.9" }],
  ])("a request by way of %s is not from this machine and asks for a key", async (_way, headers) => {
    expect((await ask(local, DATA, headers)).statusCode).toBe(401);
    expect((await ask(local, DATA, { ...headers, "x-api-key": key })).statusCode).toBe(200);
    expect(session(await ask(local, SESSION, headers))).toMatchObject({
      kind: "anonymous",
      key_required: true,
    });
  });
});

describe("a session", () => {
  test("is had for a key, lives in a cookie that no script reads, and holds the key's rights", async () => {
    const answer = await signIn(exposed, { api_key: key });
    expect(answer.statusCode).toBe(200);
    expect(session(answer)).toMatchObject({
      signed_in: true,
      name: "ops",
      kind: "session",
      scopes: [...SCOPES],
    });
    expect(answer.headers["set-cookie"]).toMatch(
      /^rossmann_session=rossession_\w+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    expect(answer.headers["cache-control"]).toBe("no-store");
    const cookie = cookieOf(answer);
    expect((await ask(exposed, DATA, { cookie })).statusCode).toBe(200);
    expect(session(await ask(exposed, SESSION, { cookie }))).toMatchObject({
      name: "ops",
      key_required: true,
    });
  });

  test("is for https alone when it was opened by https", async () => {
    const answer = await signIn(exposed, { api_key: key }, { origin: "https://localhost:80" });
    expect(answer.headers["set-cookie"]).toMatch(/; Secure$/);
  });

  test("ends with signing out, with its time, and with its key", async () => {
    const first = cookieOf(await signIn(exposed, { api_key: key }));
    const headers = { cookie: first, "sec-fetch-site": "same-origin" };
    const out = await exposed.inject({ method: "DELETE", url: SESSION, headers });
    expect(session(out)).toMatchObject({ signed_in: false, kind: "anonymous", scopes: [] });
    expect(out.headers["set-cookie"]).toMatch(/^rossmann_session=; .*Max-Age=0$/);
    expect((await ask(exposed, DATA, { cookie: first })).statusCode).toBe(401);

    const second = cookieOf(await signIn(exposed, { api_key: key }));
    await sql`update api_session set expires_at = now()`.execute(database.db);
    expect((await ask(exposed, DATA, { cookie: second })).statusCode).toBe(401);

    const third = cookieOf(await signIn(exposed, { api_key: await makeKey("leaving") }));
    expect((await ask(exposed, DATA, { cookie: third })).statusCode).toBe(200);
    await revokeApiKey(database.db, "leaving", "test");
    expect((await ask(exposed, DATA, { cookie: third })).statusCode).toBe(401);
  });

  test("that has ended takes nothing away of what needs no key", async () => {
    const cookie = "rossmann_session=rossession_0123456789abcdefghjkmnpqrstvwxyz0123456";
    expect((await ask(local, DATA, { cookie })).statusCode).toBe(200);
    expect((await ask(local, DIAGNOSTICS, { cookie })).statusCode).toBe(401);
  });

  test("changes something only for pages of this site, or of one on the list", async () => {
    const cookie = cookieOf(await signIn(exposed, { api_key: key }));
    const change = async (headers: NodeJS.Dict<string>) => {
      const answer = await exposed.inject({
        method: "POST",
        url: "/api/v1/ml/models/rollback",
        headers: { cookie, ...headers },
      });
      return problem(answer).code;
    };
    for (const headers of [
      {},
      { origin: "http://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: "http://localhost:9999" },
    ]) {
      expect(await change(headers), JSON.stringify(headers)).toBe("cross_site_refused");
    }
    for (const headers of [
      { "sec-fetch-site": "same-origin" },
      { origin: "http://localhost:8000", host: "localhost:8000" },
      { "sec-fetch-site": "same-site", origin: "http://localhost:5173" },
    ]) {
      expect(await change(headers), JSON.stringify(headers)).not.toBe("cross_site_refused");
    }
  });

  test("is refused for a wrong key, for both, for neither, and for fields nobody knows", async () => {
    expect(problem(await signIn(exposed, { api_key: "wrong" })).code).toBe("key_invalid");
    for (const body of [
      {},
      { api_key: key, code: "x" },
      { key },
      { api_key: "" },
      { api_key: "x".repeat(300) },
    ]) {
      const answer = await signIn(exposed, body);
      expect(answer.statusCode, JSON.stringify(body)).toBe(422);
      expect(answer.body).not.toContain(key);
    }
  });

  test("is had once for the code of a sign-in link, in its time", async () => {
    const make = (minutes: number) => newSignInCode(database.db, { name: "local", scopes: SCOPES, minutes });
    const code = await make(5);
    const answer = await signIn(local, { code });
    expect(session(answer)).toMatchObject({
      signed_in: true,
      name: "local",
      kind: "session",
      scopes: [...SCOPES],
    });
    expect((await ask(local, DIAGNOSTICS, { cookie: cookieOf(answer) })).statusCode).toBe(200);
    expect(problem(await signIn(local, { code })).code).toBe("code_invalid");
    expect(problem(await signIn(local, { code: await make(0) })).code).toBe("code_invalid");
    expect(problem(await signIn(local, { code: key })).code).toBe("code_invalid");
  });
});

describe("the switches", () => {
  test("DIAGNOSTICS_AUTH_ENABLED=0 opens the diagnostics and nothing else, wrong keys included", async () => {
    const app = appOn(database.db, {
      scopes: null,
      settings: { DIAGNOSTICS_AUTH_ENABLED: false, BACKEND_HOST: "0.0.0.0" },
    });
    expect((await ask(app, DIAGNOSTICS)).statusCode).toBe(200);
    expect((await ask(app, DIAGNOSTICS, { "x-api-key": "wrong" })).statusCode).toBe(200);
    expect((await ask(app, DATA)).statusCode).toBe(401);
    await app.close();
  });

  test("DIAGNOSTICS_AUTH_ALLOW_LEGACY_ACTOR=1 lets in without a key, under a name nobody with a key can have", async () => {
    const app = appOn(database.db, {
      scopes: null,
      settings: { DIAGNOSTICS_AUTH_ALLOW_LEGACY_ACTOR: true },
    });
    app.addHook("onSend", async (request, reply) => {
      reply.header("x-seen", request.caller.name);
    });
    expect((await ask(app, DIAGNOSTICS)).headers["x-seen"]).toBe("legacy-local");
    expect((await ask(app, DIAGNOSTICS, { "x-actor": "ops" })).headers["x-seen"]).toBe("legacy:ops");
    expect((await ask(app, DIAGNOSTICS, { "x-actor": "a\tb" })).headers["x-seen"]).toBe("legacy-local");
    expect((await ask(app, DIAGNOSTICS, { "x-api-key": key })).headers["x-seen"]).toBe("ops");
    expect((await ask(app, DIAGNOSTICS, { "x-api-key": "wrong" })).statusCode).toBe(401);
    await app.close();
  });

  test("DIAGNOSTICS_METRICS_AUTH_DISABLED=1 opens the metrics and no other route", async () => {
    const metrics = "/api/v1/diagnostics/metrics";
    expect((await ask(local, metrics)).statusCode).toBe(401);
    const operator = await makeKey("operator", ["diagnostics:operate"]);
    expect((await ask(local, metrics, { "x-api-key": operator })).statusCode).toBe(403);
    const app = appOn(database.db, {
      scopes: null,
      settings: { DIAGNOSTICS_METRICS_AUTH_DISABLED: true, BACKEND_HOST: "0.0.0.0" },
    });
    expect((await ask(app, metrics)).statusCode).toBe(200);
    expect((await ask(app, DIAGNOSTICS)).statusCode).toBe(401);
    expect((await ask(app, DATA)).statusCode).toBe(401);
    await app.close();
  });

  test("without them X-Actor is nobody", async () => {
    expect((await ask(local, DIAGNOSTICS, { "x-actor": "ops" })).statusCode).toBe(401);
  });

  test("are announced at the start, and so is listening on more than loopback", () => {
    const notices = (host: string, settings: Parameters<typeof settingsWith>[0] = {}) =>
      accessNotices(settingsWith(settings), host).join("\n");
    expect(notices("127.0.0.1")).toBe("");
    expect(notices("::1")).toBe("");
    expect(notices("127.0.0.1", { DIAGNOSTICS_AUTH_ENABLED: false })).toMatch(/without a key/);
    expect(notices("127.0.0.1", { DIAGNOSTICS_AUTH_ALLOW_LEGACY_ACTOR: true })).toMatch(/LEGACY_ACTOR=1/);
    expect(notices("0.0.0.0", { DIAGNOSTICS_METRICS_AUTH_DISABLED: true })).toMatch(
      /EVERYBODY WHO REACHES THIS ADDRESS may read the metrics/,
    );
    expect(notices("0.0.0.0")).toMatch(/everything but health asks for a key/);
  });
});

describe("a route", () => {
  test("of the API that does not say who may use it keeps the application from starting", async () => {
    const app = appOn(database.db);
    app.register(async (scope) => {
      scope.get("/api/v1/forgotten", async () => "everything");
    });
    await expect(app.ready()).rejects.toThrow(/GET \/api\/v1\/forgotten does not say who may use it/);
    await app.close();
  });
});
