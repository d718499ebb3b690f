import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSettings, settingOrigin, unknownVariables } from "./settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("without any variable the API listens on loopback and the home is .rossmann in the folder", () => {
  const settings = readSettings({}, folder);
  expect(settings.BACKEND_HOST).toBe("127.0.0.1");
  expect(settings.BACKEND_PORT).toBe(8000);
  expect(settings.home).toBe(join(folder, ".rossmann"));
  expect(Object.isFrozen(settings)).toBe(true);
});

test(".env is read with a byte-order mark and Windows line ends, and the environment wins over it", () => {
  writeFileSync(join(folder, ".env"), "\uFEFFBACKEND_PORT=9001\r\nLOG_LEVEL=debug\r\n");
  expect(readSettings({}, folder)).toMatchObject({ BACKEND_PORT: 9001, LOG_LEVEL: "debug" });
  expect(readSettings({ BACKEND_PORT: "9002" }, folder).BACKEND_PORT).toBe(9002);
});

test("an empty value counts as absent", () => {
  expect(readSettings({ DATABASE_URL: "", DATA_SOURCE_ID: " " }, folder).DATABASE_URL).toBeUndefined();
});

test("the older platform's database URL is understood", () => {
  const { DATABASE_URL } = readSettings({ DATABASE_URL: "postgresql+psycopg2://u:p@db:5432/r" }, folder);
  expect(DATABASE_URL).toBe("postgresql://u:p@db:5432/r");
});

test("all faults are named at once, with what was found, and secrets are not shown", () => {
  expect(() =>
    readSettings(
      { BACKEND_PORT: "http", DATABASE_URL: "mysql://root:geheim@x/y", LOG_LEVEL: "loud" },
      folder,
    ),
  ).toThrow(/DATABASE_URL is \(hidden\).*BACKEND_PORT is "http".*LOG_LEVEL is "loud"/);
  expect(() => readSettings({ DATABASE_URL: "mysql://root:geheim@x/y" }, folder)).not.toThrow(/geheim/);
});

test("POSTGRES_HOST and its companions make the database's URL, whatever characters the password holds", () => {
  const parts = { POSTGRES_HOST: "db", POSTGRES_PASSWORD: "p@ss/wörd", POSTGRES_DB: "shops" };
  const { DATABASE_URL } = readSettings(parts, folder);
  expect(DATABASE_URL).toBe("postgresql://rossmann_user:p%40ss%2Fw%C3%B6rd@db:5432/shops");
  expect(readSettings({ ...parts, DATABASE_URL: "postgresql://u@x/y" }, folder).DATABASE_URL).toBe(
    "postgresql://u@x/y",
  );
  expect(() => readSettings({ POSTGRES_HOST: "db" }, folder)).toThrow(/POSTGRES_PASSWORD is not/);
});

test("a misspelt variable of .env is noticed", () => {
  writeFileSync(join(folder, ".env"), "BACKEND_PROT=9001\nLOG_LEVEL=debug\n");
  expect(unknownVariables(folder)).toEqual(["BACKEND_PROT"]);
  expect(settingOrigin("LOG_LEVEL", {}, folder)).toBe(".env");
  expect(settingOrigin("LOG_LEVEL", { LOG_LEVEL: "warn" }, folder)).toBe("environment");
  expect(settingOrigin("BACKEND_PORT", {}, folder)).toBe("default");
});

test("proxies are addresses or networks, and anything else is named", () => {
  expect(
    readSettings({ TRUSTED_PROXIES: "10.0.0.0/8, 127.0.0.1, fd00::/8" }, folder).TRUSTED_PROXIES,
  ).toEqual(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);
  for (const TRUSTED_PROXIES of ["proxy.example", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0"])
    expect(() => readSettings({ TRUSTED_PROXIES }, folder)).toThrow(/TRUSTED_PROXIES .* like 10\.0\.0\.0\/8/);
});
