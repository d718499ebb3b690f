import { AppError } from "@rossmann/core";
import { Findings } from "./findings.ts";
import { readCsv } from "./read-csv.ts";
import { FUTURE } from "./source-specs.ts";
import { openWorkbench } from "./workbench.ts";

/** The rows of a file of coming days, in the order of the file; every array has one element per row. */
export interface ComingDays {
  /** the file's own `Id` of the row */
  rowIds: Float64Array;
  storeIds: Int32Array;
  /** days since 1970-01-01 */
  dayNumbers: Int32Array;
  /** 1 open, 0 closed; a cell that says nothing is open */
  open: Uint8Array;
  /** 1 promotion, 0 none, 255 missing */
  promo: Uint8Array;
  /** 1 school holiday, 0 none, 255 missing */
  schoolHoliday: Uint8Array;
  /** 0 none, 1 public holiday (a), 2 Easter (b), 3 Christmas (c), 255 missing */
  stateHoliday: Uint8Array;
}

/** The file cannot be answered row by row, because a row of it cannot be read. */
export class ComingDaysError extends AppError {
  constructor(message: string) {
    super("coming_days_unreadable", "invalid", message);
  }
}

const MISSING = 255;

/**
 * Read a file of coming days (`test.csv`) whose every row wants an answer.
 *
 * @throws {InputFileError} when the file is no table
 * @throws {ComingDaysError} when a cell cannot be read, or a row has no `Id`: the message names the first line and the count
 */
export async function readComingDays(path: string): Promise<ComingDays> {
  const bench = await openWorkbench();
  try {
    const findings = new Findings();
    const { file, table, rows, refused, header } = await readCsv(bench, path, FUTURE, findings);
    if (!header.positions.has("source_row_id")) {
      throw new ComingDaysError(
        `${file.name} has no column Id: each answer is given under the Id of its row; add one`,
      );
    }
    if (refused > 0) {
      const first = findings.samples().find((finding) => finding.severity === "error");
      throw new ComingDaysError(
        `${file.name}: ${refused} of ${rows} rows cannot be read; the first: line ${first?.line}, ${first?.message}`,
      );
    }
    const read = await bench.all<
      Record<"id" | "store" | "day" | "open" | "promo" | "school" | "state", number | null>
    >(`
      select
        source_row_id as id,
        store_id as store,
        datediff('day', date '1970-01-01', full_date) as day,
        coalesce(open, 1) as open,
        promo,
        school_holiday as school,
        strpos('0abc', state_holiday) - 1 as state
      from ${table} order by line`);
    const nameless = read.findIndex((row) => row.id === null);
    if (nameless >= 0) {
      throw new ComingDaysError(
        `${file.name}: data row ${nameless + 1} has an empty Id: each answer is given under the Id of its row`,
      );
    }
    const mark = (value: number | null) => value ?? MISSING;
    return {
      rowIds: Float64Array.from(read, (row) => row.id as number),
      storeIds: Int32Array.from(read, (row) => row.store as number),
      dayNumbers: Int32Array.from(read, (row) => row.day as number),
      open: Uint8Array.from(read, (row) => mark(row.open)),
      promo: Uint8Array.from(read, (row) => mark(row.promo)),
      schoolHoliday: Uint8Array.from(read, (row) => mark(row.school)),
      stateHoliday: Uint8Array.from(read, (row) => mark(row.state)),
    };
  } finally {
    await bench.close();
  }
}
