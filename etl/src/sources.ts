import type { StoreRow } from "@rossmann/warehouse";
import {
  noteMissingOpen,
  rejectDuplicateDays,
  rejectDuplicateStores,
  rejectUnknownStores,
} from "./checks.ts";
import { NothingAcceptedError } from "./errors.ts";
import type { Findings } from "./findings.ts";
import { type ReadTable, readCsv } from "./read-csv.ts";
import { FUTURE, STORE, TRAIN } from "./source-specs.ts";
import type { Workbench } from "./workbench.ts";

/** A source's file on the workbench, checked: the rows that are left in `table` are good. */
export interface CheckedTable {
  /** null when there was no file */
  file: FileRecord | null;
  table: string;
  lines: number;
  read: number;
  rejected: number;
  /** the file has a column that says whether a store is open */
  hasOpen: boolean;
}

/** What is kept of a file in the run's summary. */
export interface FileRecord {
  name: string;
  sizeBytes: number;
  sha256: string;
}

export interface CheckedStores extends CheckedTable {
  /** where the stores come from, for messages */
  fileName: string;
  /** null when there was no file */
  rows: StoreRow[] | null;
}

const KNOWN_STORES = "known_stores";

/**
 * Read and check the store file. Afterwards the workbench knows every store that sales may name: those of the file and, in an
 * incremental load, those that the warehouse has.
 */
export async function readStores(
  bench: Workbench,
  path: string | null,
  alreadyKnown: readonly number[],
  findings: Findings,
): Promise<CheckedStores> {
  await bench.run(`create table ${KNOWN_STORES} (store_id integer primary key)`);
  if (alreadyKnown.length > 0) {
    await bench.run(
      `insert into ${KNOWN_STORES} values ${alreadyKnown.map((id) => `(${Math.trunc(id)})`).join(", ")}`,
    );
  }
  if (path === null) {
    return {
      file: null,
      table: "",
      lines: 0,
      read: 0,
      rejected: 0,
      hasOpen: false,
      fileName: "the stores of the warehouse",
      rows: null,
    };
  }
  const read = await readCsv(bench, path, STORE, findings);
  const rejected = read.refused + (await rejectDuplicateStores(bench, read, findings));
  if (rejected === read.rows) throw new NothingAcceptedError(path, read.rows, findings);
  await bench.run(`insert or ignore into ${KNOWN_STORES} select store_id from ${read.table}`);
  const rows = await bench.all<{ [name in keyof StoreRow]: StoreRow[name] }>(`
    select
      store_id as "storeId",
      store_type as "storeType",
      assortment,
      competition_distance::double as "competitionDistance",
      competition_open_since_month as "competitionOpenSinceMonth",
      competition_open_since_year as "competitionOpenSinceYear",
      promo2,
      promo2_since_week as "promo2SinceWeek",
      promo2_since_year as "promo2SinceYear",
      promo_interval as "promoInterval"
    from ${read.table} order by store_id`);
  return { ...checked(read, rejected), fileName: read.file.name, rows };
}

/** Read and check the sales file: shape and cells, then stores that nobody knows, then days that stand twice. */
export async function readSales(
  bench: Workbench,
  path: string,
  storeFile: string,
  findings: Findings,
  onRows: (rows: number) => void = () => {},
): Promise<CheckedTable> {
  const read = await readCsv(bench, path, TRAIN, findings);
  onRows(read.rows);
  let rejected = read.refused;
  rejected += await rejectUnknownStores(bench, read, KNOWN_STORES, storeFile, findings);
  rejected += await rejectDuplicateDays(bench, read, findings);
  return checked(read, rejected);
}

/** Read and check the file of coming days, if there is one. */
export async function readFuture(
  bench: Workbench,
  path: string | null,
  storeFile: string,
  findings: Findings,
): Promise<CheckedTable> {
  if (path === null) return { file: null, table: "", lines: 0, read: 0, rejected: 0, hasOpen: false };
  const read = await readCsv(bench, path, FUTURE, findings);
  let rejected = read.refused;
  rejected += await rejectUnknownStores(bench, read, KNOWN_STORES, storeFile, findings);
  rejected += await rejectDuplicateDays(bench, read, findings);
  await noteMissingOpen(bench, read, findings);
  return checked(read, rejected);
}

function checked({ file, table, rows, header }: ReadTable, rejected: number): CheckedTable {
  const record = { name: file.name, sizeBytes: file.sizeBytes, sha256: file.sha256 };
  return {
    file: record,
    table,
    lines: file.lines,
    read: rows,
    rejected,
    hasOpen: header.positions.has("open"),
  };
}
