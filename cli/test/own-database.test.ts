import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@rossmann/core";
import { closeDatabase, openDatabase, pingDatabase } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";

let server: TestDatabase;
let folder: string;
const name = `shops_${process.pid}`;

beforeAll(async () => {
  server = await createTestDatabase({ empty: true });
  folder = mkdtempSync(join(tmpdir(), "rossmann-own-"));
});
afterAll(async () => {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`drop database if exists ${name}`);
  await admin.query(`drop role if exists ${name}`);
  await admin.end();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const create = (password: string) => {
  const { hostname, port, username } = new URL(server.url);
  const words = [
    "--host",
    hostname,
    "--port",
    port,
    "--superuser",
    username,
    "--user",
    name,
    "--database",
    name,
  ];
  return rossmann(folder, ["create-database", ...words], { PG_SUPERPASSWORD: password });
};

test("create-database makes a role and a database with a password of their own, and names them in .env", async () => {
  const { code, stdout } = await create(new URL(server.url).password);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/role .* created, database .* created[\s\S]*\.env/),
  ]);
  const { DATABASE_URL } = readSettings({}, folder);
  const db = openDatabase(DATABASE_URL!);
  try {
    expect(await pingDatabase(db)).toMatch(/^\d/);
  } finally {
    await closeDatabase(db);
  }
  expect(readFileSync(join(folder, ".env"), "utf8")).toBe(`DATABASE_URL=${DATABASE_URL}\n`);
});

test("a second time nothing changes", async () => {
  const before = readFileSync(join(folder, ".env"), "utf8");
  const { code, stdout } = await create(new URL(server.url).password);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/was there.*was there[\s\S]*stays as it is/)]);
  expect(readFileSync(join(folder, ".env"), "utf8")).toBe(before);
});

test("a wrong or missing password of the superuser is told in one sentence", async () => {
  const wrong = await create("geheim");
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/^rossmann: the database at .* refuses the connection: .*\n$/);
  expect(wrong.stderr).not.toContain("geheim");
  expect((await rossmann(folder, ["create-database"])).stderr).toMatch(/PG_SUPERPASSWORD/);
});
