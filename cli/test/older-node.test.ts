import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../bin/rossmann.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "rossmann-node-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** This Node, made to say that it is version 18. */
const AS_NODE_18 = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.0.0"}});Object.defineProperty(process,"version",{value:"v18.0.0"})`;
const start = (bin: string) =>
  spawnSync(process.execPath, ["--import", AS_NODE_18, bin, "--version"], { cwd: folder, encoding: "utf8" });

test("an older Node hands over to the one that the project brings", () => {
  const { status, stdout } = start(BIN);
  expect([status, stdout]).toEqual([0, "2.0.0\n"]);
});

test("an older Node without it is told to run npm ci", () => {
  mkdirSync(join(folder, "cli", "bin"), { recursive: true });
  const alone = join(folder, "cli", "bin", "rossmann.mjs");
  copyFileSync(BIN, alone);
  const { status, stderr } = start(alone);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^rossmann needs Node 24 or newer, this is v18\.0\.0.*run "npm ci" first\.\n$/);
});
