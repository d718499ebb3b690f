import { accessSync, constants, existsSync, mkdirSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, totalmem } from "node:os";
import { resolve } from "node:path";
import { messageOf, type Settings, unknownVariables } from "@rossmann/core";
import { closeDatabase, embeddedBinaries, openDatabase, pendingMigrations } from "@rossmann/warehouse";
import pc from "picocolors";
import { examineAlertFiles } from "../alert-files.ts";
import { findDataFiles } from "../data-files.ts";
import { explainSettings } from "../explain-settings.ts";
import type { CommandModule } from "../run-cli.ts";
import { readRunning } from "../state.ts";

/** One prerequisite: what was found, and when it is not good, what to do. */
export interface Finding {
  name: string;
  ok: boolean;
  found: string;
  mend?: string;
}

const NEEDED_DISK_BYTES = 2e9;
const NEEDED_MEMORY_BYTES = 1.5e9;

export const doctorCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("doctor")
    .description("check every prerequisite and say how to mend what is wrong")
    .option("--settings", "explain every setting instead: its value, where that comes from, what it means")
    .option("--json", "one JSON document on stdout")
    .action(async (options: { settings?: boolean; json?: boolean }) => {
      const known = settings();
      if (options.settings) return explainSettings(terminal, options.json === true);
      const findings = await examine(known);
      if (options.json) {
        terminal.answer(JSON.stringify({ ok: findings.every((finding) => finding.ok), findings }));
      } else {
        for (const { ok, name, found, mend } of findings) {
          terminal.answer(
            `${ok ? pc.green("ok  ") : pc.red("MEND")}  ${name.padEnd(10)} ${found}${mend ? `\n      → ${mend}` : ""}`,
          );
        }
      }
      if (!findings.every((finding) => finding.ok)) process.exitCode = 1;
    });
};

async function examine(settings: Settings): Promise<Finding[]> {
  const running = readRunning(settings.home);
  return [
    node(),
    memory(),
    home(settings.home),
    disk(settings.home),
    settings.DATABASE_URL === undefined ? embedded() : await database(settings.DATABASE_URL),
    running === null
      ? await port(settings.BACKEND_HOST, settings.BACKEND_PORT)
      : { name: "port", ok: true, found: `in use by our own process ${running.pid} (${running.url})` },
    data(),
    await examineAlertFiles(settings),
    environmentFile(),
    browser(),
  ];
}

function node(): Finding {
  const ok = Number(process.versions.node.split(".")[0]) >= 24;
  return {
    name: "node",
    ok,
    found: process.version,
    ...(ok ? {} : { mend: "run npm ci: it brings Node 24 with the project" }),
  };
}

function memory(): Finding {
  const ok = totalmem() >= NEEDED_MEMORY_BYTES;
  return {
    name: "machine",
    ok,
    found: `${(totalmem() / 1e9).toFixed(1)} GB memory, ${availableParallelism()} cores`,
    ...(ok ? {} : { mend: "a load of a million rows and a training need about 1.5 GB" }),
  };
}

function home(path: string): Finding {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
    return { name: "home", ok: true, found: `${path} can be written` };
  } catch (error) {
    return {
      name: "home",
      ok: false,
      found: `${path} cannot be written (${(error as NodeJS.ErrnoException).code})`,
      mend: "give yourself write access, or set ROSSMANN_HOME to another folder",
    };
  }
}

function disk(path: string): Finding {
  if (!existsSync(path)) return { name: "disk", ok: false, found: "no home folder", mend: "see home" };
  const { bavail, bsize } = statfsSync(path);
  const ok = bavail * bsize >= NEEDED_DISK_BYTES;
  return {
    name: "disk",
    ok,
    found: `${((bavail * bsize) / 1e9).toFixed(1)} GB free`,
    ...(ok
      ? {}
      : { mend: "a million rows, twice while loading, need about 2 GB: free some, or set ROSSMANN_HOME" }),
  };
}

function embedded(): Finding {
  const binaries = embeddedBinaries();
  return binaries === null
    ? {
        name: "database",
        ok: false,
        found: `no bundled PostgreSQL for ${process.platform} ${process.arch}`,
        mend: "run npm ci; if your system is not served, set DATABASE_URL to a PostgreSQL 15 or newer",
      }
    : { name: "database", ok: true, found: `bundled PostgreSQL (${binaries})` };
}

async function database(url: string): Promise<Finding> {
  const db = openDatabase(url, { poolSize: 1, applicationName: "rossmann doctor" });
  try {
    const pending = await pendingMigrations(db);
    return {
      name: "database",
      ok: true,
      found: `DATABASE_URL answers${pending.length > 0 ? `, ${pending.length} migrations are applied at the next start` : ""}`,
    };
  } catch (error) {
    return {
      name: "database",
      ok: false,
      found: messageOf(error),
      mend: "start that server, or correct DATABASE_URL",
    };
  } finally {
    await closeDatabase(db);
  }
}

function port(host: string, wanted: number): Promise<Finding> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      done({
        name: "port",
        ok: false,
        found: `${host}:${wanted} ${error.code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${error.code})`}`,
        mend: "stop that program, or start with: rossmann up --port 0 (takes any free one)",
      }),
    );
    probe.listen(wanted, host, () =>
      probe.close(() => done({ name: "port", ok: true, found: `${host}:${wanted} is free` })),
    );
  });
}

function data(): Finding {
  try {
    const files = findDataFiles("data");
    return {
      name: "data",
      ok: true,
      found:
        files === null
          ? `no CSVs in ${resolve("data")}: the sample data set would be used`
          : `${files.train} and store.csv`,
    };
  } catch (error) {
    return { name: "data", ok: false, found: messageOf(error), mend: "see data/README.md" };
  }
}

/** Misspelt variables have no effect, which is hard to notice; other programs may own them too, so that it is no fault. */
function environmentFile(): Finding {
  const path = resolve(".env");
  if (!existsSync(path))
    return { name: ".env", ok: true, found: `no ${path}: every setting has its default` };
  const unknown = unknownVariables();
  return {
    name: ".env",
    ok: true,
    found:
      unknown.length === 0
        ? `${path} is read`
        : `${path} is read; not settings of the platform itself: ${unknown.join(", ")} (rossmann doctor --settings lists those)`,
  };
}

/** The dashboard needs none on this machine; said so that nobody looks for it. */
function browser(): Finding {
  const hasScreen =
    process.platform !== "linux" || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  return {
    name: "browser",
    ok: true,
    found: hasScreen
      ? "open the dashboard's address in any current browser"
      : "no screen here: open the dashboard from another machine, for example through ssh -L 8000:127.0.0.1:8000",
  };
}
