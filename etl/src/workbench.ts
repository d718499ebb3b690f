import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type JS } from "@duckdb/node-api";
import { messageOf } from "@rossmann/core";
import { DiskFullError } from "@rossmann/warehouse";

const PREFIX = "rossmann-etl-";
/** Memory DuckDB may use; what does not fit is spilled to the workbench's own folder. */
const MEMORY_LIMIT = "80MB";

/** A DuckDB database in a temporary folder, for the rows of one load. */
export interface Workbench {
  /** Run statements without an answer. @throws {DiskFullError} when the temporary folder is full */
  run(sql: string): Promise<void>;
  /** Rows of a query; 64-bit integers arrive as numbers, decimals as numbers, dates as texts. */
  all<T extends Record<string, unknown>>(sql: string): Promise<T[]>;
  /** Close it and remove its folder. */
  close(): Promise<void>;
}

/** @throws {DiskFullError} when the temporary folder is full */
export async function openWorkbench(): Promise<Workbench> {
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const instance = await DuckDBInstance.create(join(folder, "rows.duckdb"), {
    memory_limit: MEMORY_LIMIT,
    temp_directory: join(folder, "spill"),
    threads: "2",
    // Rows carry the number of their line; keeping them in order besides would cost memory.
    preserve_insertion_order: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  return {
    run: (sql) => guarded(async () => void (await connection.run(sql))),
    all: <T extends Record<string, unknown>>(sql: string) => guarded(() => rowsOf<T>(connection, sql)),
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function rowsOf<T extends Record<string, unknown>>(
  connection: DuckDBConnection,
  sql: string,
): Promise<T[]> {
  const reader = await connection.runAndReadAll(sql);
  const rows: Record<string, JS>[] = reader.getRowObjectsJS();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) if (typeof value === "bigint") row[name] = Number(value);
  }
  return rows as unknown as T[];
}

/** A killed process leaves its folder behind; it carries the number of its process. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    // Another user's folder cannot be removed, and need not be.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (
      /no space left|disk (is )?full|could not write file|failed to offload data block/i.test(
        messageOf(error),
      )
    ) {
      throw new DiskFullError(`the temporary folder ${tmpdir()}`, { cause: error });
    }
    throw error;
  }
}
