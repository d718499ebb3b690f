import { availableParallelism } from "node:os";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Values as reports hold them. */
export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

/** What DuckDB may hold in memory; more goes to files in the working folder. */
const MEMORY_LIMIT = "128MB";

/** One DuckDB in memory, with its overflow in the working folder. */
export interface CheckDatabase {
  /** Run statements that give no rows. Statements run at the same time use connections of their own. */
  run: (sql: string) => Promise<void>;
  /** Rows of a query. Whole numbers come as numbers, dates as YYYY-MM-DD. */
  rows: (sql: string) => Promise<Row[]>;
  /** The only row of a query. */
  row: (sql: string) => Promise<Row>;
  connection: DuckDBConnection;
  close: () => void;
}

/**
 * Open a DuckDB for one run.
 *
 * @param workFolder where it may spill
 * @param readOnlyFiles when given, the database can read these files and nothing else, and cannot write at all
 */
export async function openCheckDatabase(
  workFolder: string,
  readOnlyFiles?: string[],
): Promise<CheckDatabase> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: MEMORY_LIMIT,
    threads: String(Math.min(4, availableParallelism())),
    temp_directory: `${workFolder}/spill`,
    // The unified file has its rows in the order of the delivery.
    preserve_insertion_order: "true",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  if (readOnlyFiles !== undefined) {
    const allowed = readOnlyFiles.map((path) => `'${path.replaceAll("'", "''")}'`).join(", ");
    await connection.run(`set allowed_paths = [${allowed}]`);
    await connection.run("set enable_external_access = false");
    await connection.run("set lock_configuration = true");
  }
  const spare: DuckDBConnection[] = [connection];
  const withConnection = async <T>(work: (one: DuckDBConnection) => Promise<T>): Promise<T> => {
    const one = spare.pop() ?? (await instance.connect());
    try {
      return await work(one);
    } finally {
      spare.push(one);
    }
  };
  const rows = (sql: string) =>
    withConnection(async (one) => {
      const reader = await one.runAndReadAll(sql);
      return reader.getRowObjectsJS().map(plainRow);
    });
  return {
    run: (sql) =>
      withConnection(async (one) => {
        await one.run(sql);
      }),
    rows,
    row: async (sql) => {
      const [first] = await rows(sql);
      if (first === undefined) throw new Error("the query gave no row");
      return first;
    },
    connection,
    close: () => {
      for (const one of spare) one.closeSync();
      instance.closeSync();
    },
  };
}

function plainRow(row: Record<string, unknown>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  return String(value);
}
