import type { CheckedTable } from "./sources.ts";
import type { Workbench } from "./workbench.ts";

/** Lines of the file that are taken from the workbench at once. */
const LINES_AT_ONCE = 20_000;

/**
 * Rows of a workbench table as text lines for COPY, a few thousand per chunk, so that memory stays flat.
 *
 * @param columns  SQL of each field; null becomes nothing
 * @param lastLine highest `line` of the table
 * @param onRows   called after each chunk with the rows sent so far
 */
export async function* copyLines(
  bench: Workbench,
  table: string,
  columns: readonly string[],
  lastLine: number,
  onRows: (rows: number) => void = () => {},
): AsyncGenerator<string, void, void> {
  const fields = columns.map((column) => `coalesce((${column})::varchar, '')`).join(" || ',' || ");
  let sent = 0;
  for (let from = 1; from <= lastLine; from += LINES_AT_ONCE) {
    const chunks = await bench.all<{ text: string; n: number }>(`
      select string_agg(${fields}, chr(10)) || chr(10) as text, count(*) as n
      from ${table}
      where line between ${from} and ${from + LINES_AT_ONCE - 1}
      group by line // 5000`);
    for (const { text, n } of chunks) {
      yield text;
      sent += n;
    }
    onRows(sent);
  }
}

const DATE_ID = "year(full_date) * 10000 + month(full_date) * 100 + day(full_date)";

/** The lines of a sales table, in the columns that a load's `stageFacts` takes. */
export const copyFacts = (bench: Workbench, sales: CheckedTable, onRows?: (rows: number) => void) =>
  copyLines(
    bench,
    sales.table,
    ["store_id", DATE_ID, "sales", "customers", "promo", "state_holiday", "school_holiday", "open"],
    sales.lines,
    onRows,
  );

/** The lines of a table of coming days, in the columns that `stageFuture` takes; a cell without a word on opening is open. */
export const copyFuture = (bench: Workbench, future: CheckedTable) =>
  copyLines(
    bench,
    future.table,
    [
      "store_id",
      DATE_ID,
      "source_row_id",
      "promo",
      "state_holiday",
      "school_holiday",
      future.hasOpen ? "coalesce(open, 1)" : "open",
    ],
    future.lines,
  );
