import { type Findings, SAMPLES_PER_CODE } from "./findings.ts";
import type { ReadTable } from "./read-csv.ts";
import type { Workbench } from "./workbench.ts";

/** A store may stand in the store file once. @returns rows rejected: the later ones */
export async function rejectDuplicateStores(
  bench: Workbench,
  stores: ReadTable,
  findings: Findings,
): Promise<number> {
  return rejectDuplicates(bench, stores, findings, {
    code: "duplicate_store",
    column: "store_id",
    key: ["store_id"],
    value: "store_id::varchar",
    message: (value, first) => `store ${value} stands in line ${first} already`,
  });
}

/** A store has at most one row for a day. @returns rows rejected: the later ones */
export async function rejectDuplicateDays(
  bench: Workbench,
  days: ReadTable,
  findings: Findings,
): Promise<number> {
  return rejectDuplicates(bench, days, findings, {
    code: "duplicate_store_day",
    column: "full_date",
    key: ["store_id", "full_date"],
    value: "store_id || ' ' || full_date",
    message: (value, first) => `store and day ${value} stand in line ${first} already`,
  });
}

const KEYS_AT_ONCE = 1_000_000;
const KEY_COLUMNS = ["store_id integer", "store_id integer, full_date date"];

interface Duplicates {
  code: string;
  column: string;
  key: string[];
  /** SQL of the key as a text */
  value: string;
  message: (value: string, firstLine: number) => string;
}

async function rejectDuplicates(
  bench: Workbench,
  { table, rows }: ReadTable,
  findings: Findings,
  rule: Duplicates,
): Promise<number> {
  const source = sourceOf(table);
  const key = rule.key.join(", ");
  await bench.run(`create table ${source}_repeated (${KEY_COLUMNS[rule.key.length - 1]}, first_line bigint)`);
  // A part of the stores at a time: the keys of all rows at once would not fit into a small memory.
  const parts = Math.ceil(rows / KEYS_AT_ONCE);
  for (let part = 0; part < parts; part++) {
    await bench.run(`
      insert into ${source}_repeated
      select ${key}, min(line) from ${table} where store_id % ${parts} = ${part} group by ${key} having count(*) > 1`);
  }
  await bench.run(`
    create table ${source}_duplicates as
    select r.line, d.first_line, ${rule.value.replaceAll(/\b(store_id|full_date)\b/g, "r.$1")} as value
    from ${source}_repeated d
    join ${table} r using (${key})
    where r.line <> d.first_line`);
  const total = await countRows(bench, `${source}_duplicates`);
  const samples = await bench.all<{ line: number; first_line: number; value: string }>(
    `select line, first_line, value from ${source}_duplicates order by line limit ${SAMPLES_PER_CODE}`,
  );
  findings.add(
    { source, code: rule.code, severity: "error", column: rule.column },
    total,
    samples.map(({ line, first_line, value }) => ({ line, value, message: rule.message(value, first_line) })),
  );
  if (total > 0) await leaveOut(bench, table, `${source}_duplicates`);
  return total;
}

/**
 * Rows of stores that the store file (or the warehouse) does not know are rejected.
 *
 * @param known table on the workbench with a column `store_id`
 * @returns rows rejected
 */
export async function rejectUnknownStores(
  bench: Workbench,
  days: ReadTable,
  known: string,
  storeFileName: string,
  findings: Findings,
): Promise<number> {
  const { table } = days;
  const source = sourceOf(table);
  await bench.run(`
    create table ${source}_unknown as
    select line, store_id from ${table} r where not exists (select 1 from ${known} k where k.store_id = r.store_id)`);
  const total = await countRows(bench, `${source}_unknown`);
  const samples = await bench.all<{ line: number; store_id: number }>(
    `select line, store_id from ${source}_unknown order by line limit ${SAMPLES_PER_CODE}`,
  );
  findings.add(
    { source, code: "unknown_store", severity: "error", column: "store_id" },
    total,
    samples.map(({ line, store_id }) => ({
      line,
      value: String(store_id),
      message: `store ${store_id} is not among the good rows of ${storeFileName}`,
    })),
  );
  if (total > 0) await leaveOut(bench, table, `${source}_unknown`);
  return total;
}

/** A coming day without a word on opening counts as open, and says so. */
export async function noteMissingOpen(
  bench: Workbench,
  future: ReadTable,
  findings: Findings,
): Promise<void> {
  if (!future.header.positions.has("open")) return;
  const total = await countRows(bench, `(select 1 from ${future.table} where open is null)`);
  const samples = await bench.all<{ line: number }>(
    `select line from ${future.table} where open is null order by line limit ${SAMPLES_PER_CODE}`,
  );
  findings.add(
    { source: "future", code: "open_missing", severity: "warning", column: "open" },
    total,
    samples.map(({ line }) => ({
      line,
      value: "",
      message: "open is empty: the coming day is taken as open",
    })),
  );
}

/** The view of good rows, made anew without some lines. */
async function leaveOut(bench: Workbench, table: string, rejected: string): Promise<void> {
  const kept = `${table}_without_${rejected}`;
  await bench.run(
    `create table ${kept} as select * from ${table} r where not exists (select 1 from ${rejected} d where d.line = r.line)`,
  );
  await bench.run(`drop view if exists ${table}`);
  await bench.run(`create view ${table} as select * from ${kept}`);
}

const sourceOf = (table: string) => table.replace(/_rows$/, "") as "train" | "store" | "future";

async function countRows(bench: Workbench, table: string): Promise<number> {
  const [row] = await bench.all<{ n: number }>(`select count(*) as n from ${table}`);
  return row!.n;
}
