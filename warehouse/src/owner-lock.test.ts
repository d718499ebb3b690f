import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { lockOwner, takeLock, thisProcess } from "./owner-lock.ts";

const root = mkdtempSync(join(tmpdir(), "owner-lock-"));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "f"));
});

const module = fileURLToPath(new URL("./owner-lock.ts", import.meta.url));

describe("takeLock", () => {
  it("takes a free folder, making it", () => {
    const fresh = join(folder, "not/there/yet");
    expect(takeLock(fresh)).toMatchObject({ held: true, recovered: false });
    expect(lockOwner(fresh)?.pid).toBe(process.pid);
  });

  it("names the living owner to whoever comes second", () => {
    takeLock(folder);
    const second = takeLock(folder);
    expect(second.held).toBe(false);
    expect(second.held ? null : second.owner).toMatchObject({
      pid: process.pid,
      since: expect.stringMatching(/^20.*Z$/),
    });
  });

  it("is free again after release, and was not recovered from anybody", () => {
    const first = takeLock(folder);
    if (first.held) first.release();
    expect(lockOwner(folder)).toBeNull();
    expect(takeLock(folder)).toMatchObject({ held: true, recovered: false });
  });

  it("recovers the lock of a process that was killed", () => {
    const script = `const { takeLock } = await import(${JSON.stringify(module)}); takeLock(${JSON.stringify(folder)}); process.kill(process.pid, "SIGKILL")`;
    spawnSync(process.execPath, ["--input-type=module", "-e", script]);
    expect(readdirSync(folder)).toContain("owner.1.json");
    expect(takeLock(folder)).toMatchObject({ held: true, recovered: true });
  });

  it("does not take another process with the same number for the owner", () => {
    const other = { ...thisProcess(), processStart: "another boot:1" };
    writeFileSync(join(folder, "owner.7.json"), JSON.stringify(other));
    expect(takeLock(folder)).toMatchObject({ held: true, recovered: true });
  });

  it("lets exactly one of many processes win a dead owner's lock", async () => {
    const dead = { pid: 2 ** 22 + 1, processStart: null, since: "2015-01-01T00:00:00Z" };
    writeFileSync(join(folder, "owner.1.json"), JSON.stringify(dead));
    const start = Date.now() + 1_500;
    const script = `
      const { takeLock } = await import(${JSON.stringify(module)});
      while (Date.now() < ${start});
      process.stdout.write(String(takeLock(${JSON.stringify(folder)}).held));
      process.stdin.resume(); process.stdin.on("end", () => process.exit());`;
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] }),
    );
    const answers = await Promise.all(
      children.map(
        (child) => new Promise<string>((done) => child.stdout.once("data", (data) => done(String(data)))),
      ),
    );
    // Only now may they end: a winner that is gone already would rightly be overtaken.
    for (const child of children) child.stdin.end();
    expect(answers.sort()).toEqual(["false", "false", "false", "false", "false", "true"]);
  });
});
