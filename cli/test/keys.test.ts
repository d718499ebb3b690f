import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDataSource } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-keys-"));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const keys = (...words: string[]) => rossmann(folder, ["keys", ...words], { DATABASE_URL: database.url });

test("a key is printed once, listed without its secret, and revoked by its name", async () => {
  const { id } = await createDataSource(database.db, { name: "North" });
  const made = await keys(
    ...["create", "--name", "ops", "--scopes", "diagnostics:read, data:read", "--data-source", "North"],
    ...["--expires", "90d", "--json"],
  );
  expect(made.code, made.stderr).toBe(0);
  const { client, api_key } = JSON.parse(made.stdout);
  expect(api_key).toMatch(/^ros_[0-9a-z]{39}$/);
  expect(client).toMatchObject({
    name: "ops",
    scopes: ["diagnostics:read", "data:read"],
    data_source_ids: [id],
    is_active: true,
    state: "in use",
  });
  expect(Date.parse(client.expires_at) - Date.parse(client.created_at)).toBeGreaterThan(89 * 86_400_000);

  const listed = await keys("list", "--json");
  expect(listed.stdout).not.toContain(api_key);
  expect(JSON.parse(listed.stdout).items).toEqual([client]);

  expect((await keys("revoke", "ops")).stdout).toMatch(/^revoked ops \(key_\w+\)/);
  expect(JSON.parse((await keys("list", "--json")).stdout).items).toEqual([]);
  expect((await keys("list", "--all")).stdout).toMatch(/ops .*revoked/);
});

test("a key that may operate and not read is made, with a word about it", async () => {
  const { code, stdout, stderr } = await keys("create", "--name", "pager", "--scopes", "diagnostics:operate");
  expect(code).toBe(0);
  expect(stdout).toMatch(/ros_[0-9a-z]{39}\n\nThe key is shown this once/);
  expect(stderr).toMatch(/cannot list what it operates on; add the scope diagnostics:read/);
});

test("a sign-in link holds its code behind #, which is sent to nobody", async () => {
  const { stdout } = await keys("link");
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:8000\/sign-in#code=roslink_[0-9a-z]{39}\n$/);
});

test.each([
  [["create", "--name", "x", "--scopes", "data:reed"], 1, /out of data:read, .*; got "data:reed"/],
  [
    ["create", "--name", "x", "--scopes", "data:read", "--expires", "soon"],
    2,
    /expected 12h, 90d, 4w or a date/,
  ],
  [["revoke", "nobody"], 1, /no key in use is "nobody"; in use are: pager/],
])("rossmann keys %j is refused in one line", async (words, code, message) => {
  const outcome = await keys(...words);
  expect(outcome.code).toBe(code);
  expect(outcome.stderr).toMatch(message);
  expect(outcome.stdout).toBe("");
});
