import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeFileAtomically } from "@rossmann/core";
import { type Db, type SourceTable, writeSourceRows } from "@rossmann/warehouse";
import { literal } from "../preflight/sql-text.ts";
import { openWorkbench, type Workbench } from "../workbench.ts";
import { ParquetError } from "./errors.ts";

/** Types of the columns that leave: nothing wider than 64 bits, ids as they are, amounts as doubles. */
const COLUMNS: Record<SourceTable, Record<string, string>> = {
  fact_sales_daily: {
    store_id: "INTEGER",
    date: "DATE",
    sales: "DOUBLE",
    customers: "INTEGER",
    promo: "INTEGER",
    state_holiday: "VARCHAR",
    school_holiday: "INTEGER",
    open: "INTEGER",
  },
  dim_store: {
    store_id: "INTEGER",
    store_type: "VARCHAR",
    assortment: "VARCHAR",
    competition_distance: "DOUBLE",
    competition_open_since_month: "INTEGER",
    competition_open_since_year: "INTEGER",
    promo2: "INTEGER",
    promo2_since_week: "INTEGER",
    promo2_since_year: "INTEGER",
    promo_interval: "VARCHAR",
  },
  known_future: {
    store_id: "INTEGER",
    date: "DATE",
    source_row_id: "BIGINT",
    promo: "INTEGER",
    state_holiday: "VARCHAR",
    school_holiday: "INTEGER",
    open: "INTEGER",
  },
};

export interface ExportedSource {
  id: number;
  name: string;
  rows: Record<SourceTable, number>;
}

/**
 * Write sales, stores and known future of data sources as Parquet, partitioned the way Spark, DuckDB and pandas read it:
 *
 * ```
 * <folder>/fact_sales_daily/data_source_id=1/part-0.parquet
 * <folder>/dim_store/…    <folder>/known_future/…    <folder>/export.json
 * ```
 *
 * @param folder new; it has its name only when it is complete
 * @throws {ParquetError} when the folder holds something already
 */
export async function exportParquet(
  db: Db,
  folder: string,
  sources: readonly { id: number; name: string }[],
  onTable: (source: string, table: SourceTable, rows: number) => void = () => {},
): Promise<ExportedSource[]> {
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new ParquetError("parquet_folder_taken", `${target} is not empty: name a new folder`);
  const draft = `${target}.part-${process.pid}`;
  const workbench = await openWorkbench();
  try {
    mkdirSync(draft, { recursive: true });
    const exported: ExportedSource[] = [];
    for (const { id, name } of sources) {
      const csv = (table: SourceTable) => join(draft, `${table}.csv`);
      await writeSourceRows(db, id, csv);
      const rows = {} as Record<SourceTable, number>;
      for (const table of Object.keys(COLUMNS) as SourceTable[]) {
        rows[table] = await convert(workbench, csv(table), join(draft, table, `data_source_id=${id}`), table);
        rmSync(csv(table));
        onTable(name, table, rows[table]);
      }
      exported.push({ id, name, rows });
    }
    const manifest = { exported_at: new Date().toISOString(), data_sources: exported };
    writeFileAtomically(join(draft, "export.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
    return exported;
  } finally {
    await workbench.close();
    if (existsSync(draft) && statSync(draft).isDirectory()) rmSync(draft, { recursive: true, force: true });
  }
}

async function convert(
  workbench: Workbench,
  csv: string,
  folder: string,
  table: SourceTable,
): Promise<number> {
  const types = Object.entries(COLUMNS[table])
    .map(([name, type]) => `${literal(name)}: ${literal(type)}`)
    .join(", ");
  const read = `read_csv(${literal(csv)}, header = true, columns = {${types}}, nullstr = '', allow_quoted_nulls = false, parallel = false)`;
  mkdirSync(folder, { recursive: true });
  await workbench.run(
    `copy (from ${read}) to ${literal(join(folder, "part-0.parquet"))} (format parquet, compression zstd)`,
  );
  const [counted] = await workbench.all<{ rows: number }>(
    `select count(*) as rows from read_parquet(${literal(join(folder, "part-0.parquet"))})`,
  );
  return counted!.rows;
}
