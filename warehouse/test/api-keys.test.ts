import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey, listApiKeys, revokeApiKey } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const make = (name: string, more: Partial<Parameters<typeof createApiKey>[1]> = {}) =>
  createApiKey(database.db, { name, scopes: ["data:read"], createdBy: "test", ...more });

describe("createApiKey", () => {
  test("keeps nothing that lets anybody in", async () => {
    const { key, secret } = await make("kept");
    const stored = database.db.selectFrom("api_key").selectAll().where("key_id", "=", key.keyId);
    const row = JSON.stringify(await stored.executeTakeFirst());
    expect(row).not.toContain(secret);
    expect(row).not.toContain(secret.slice(8, -4));
    expect(JSON.stringify(key)).not.toContain("sha256");
  });

  test.each([
    ["no name", " ", {}, /needs a name/],
    ["a name that is too long", "x".repeat(129), {}, /at most 128 characters, got 129/],
    ["a name of two lines", "a\nb", {}, /one line of text/],
    ["the name of somebody without a key", "legacy-local", {}, /mistaken for somebody without a key/],
    ["the name of the scheduler", "system:scheduler", {}, /mistaken for somebody without a key/],
    ["no scope", "x", { scopes: [] }, /out of data:read, .*; got none/],
    ["a mistyped scope", "x", { scopes: ["data:reed"] }, /got "data:reed"/],
    ["an end in the past", "x", { expiresAt: new Date(0) }, /would expire at 1970-01-01T00:00:00.000Z/],
    ["a source that does not exist", "x", { dataSourceIds: [1, 99] }, /there is no data source 99/],
    ["no source at all", "x", { dataSourceIds: [] }, /name the data sources/],
  ])("refuses %s", async (_what, name, more, message) => {
    await expect(make(name, more)).rejects.toMatchObject({
      code: "api_key_invalid",
      message: expect.stringMatching(message),
    });
  });

  test("gives a name to one key at a time, whatever its case; a revoked one frees it", async () => {
    await make("Ops");
    await expect(make("ops")).rejects.toMatchObject({ code: "api_key_exists" });
    await revokeApiKey(database.db, "OPS", "test");
    await expect(make("ops")).resolves.toMatchObject({ key: { name: "ops" } });
  });
});

describe("revokeApiKey", () => {
  test("takes a name, an id or the characters a list shows, and says which keys there are otherwise", async () => {
    const { key } = await make("by its id");
    expect(await revokeApiKey(database.db, key.keyId, "boss")).toMatchObject({ revokedBy: "boss" });
    const { key: other } = await make("by its start");
    expect((await revokeApiKey(database.db, other.keyStart, "boss")).keyId).toBe(other.keyId);
    await expect(revokeApiKey(database.db, "", "boss")).rejects.toMatchObject({ code: "api_key_not_found" });
    await expect(revokeApiKey(database.db, other.keyId, "boss")).rejects.toThrow(/in use are: .*kept/);
    const names = (await listApiKeys(database.db)).map(({ name }) => name);
    expect(names).not.toContain("by its start");
    expect((await listApiKeys(database.db, { withRevoked: true })).map(({ name }) => name)).toContain(
      "by its start",
    );
  });
});
