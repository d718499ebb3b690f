import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { messageOf } from "@rossmann/core";
import { type DayColumns, MISSING_CODE, type PanelRows } from "@rossmann/warehouse";
import { literal } from "../preflight/sql-text.ts";
import { ParquetError } from "./errors.ts";

/** Files of one panel, in the form of {@link exportParquet}; a file may be a pattern like `…/*.parquet`. */
export interface PanelFiles {
  sales: string;
  stores: string;
  /** coming days whose promotions and openings are known; absent: none are */
  future?: string;
}

type Value = number | string | null;

/**
 * Read a panel from Parquet as the warehouse would give it: the same arrays in the same order.
 *
 * @param dataSourceId written into the rows, for what is made of them
 * @throws {ParquetError} when a file is missing or lacks a column
 */
export async function readPanelParquet(files: PanelFiles, dataSourceId: number): Promise<PanelRows> {
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    const sales = await columnsOf(
      connection,
      `select ${DAY}, ${MARKS}, sales::double, customers::double from ${parquet(files.sales)} order by 1, 2`,
    );
    const future =
      files.future === undefined
        ? Array.from({ length: 7 }, () => [])
        : await columnsOf(
            connection,
            `select ${DAY}, ${MARKS}, source_row_id::double from ${parquet(files.future)} order by 1, 2`,
          );
    const stores = await columnsOf(
      connection,
      `select store_id::integer, store_type, assortment, competition_distance::double, competition_open_since_month::integer,
         competition_open_since_year::integer, promo2::integer, promo2_since_week::integer, promo2_since_year::integer, promo_interval
       from ${parquet(files.stores)} order by 1`,
    );
    return {
      dataSourceId,
      ...dayColumns(sales),
      sales: numbers(sales[6]!),
      customers: numbers(sales[7]!),
      future: { ...dayColumns(future), sourceRowIds: numbers(future[6]!) },
      stores: {
        storeIds: Int32Array.from(stores[0]! as number[]),
        storeType: stores[1]! as (string | null)[],
        assortment: stores[2]! as (string | null)[],
        competitionDistance: numbers(stores[3]!),
        competitionOpenSinceMonth: numbers(stores[4]!),
        competitionOpenSinceYear: numbers(stores[5]!),
        promo2: marks(stores[6]!),
        promo2SinceWeek: numbers(stores[7]!),
        promo2SinceYear: numbers(stores[8]!),
        promoInterval: stores[9]! as (string | null)[],
      },
      etlRunId: null,
    };
  } catch (error) {
    throw new ParquetError("parquet_unreadable", messageOf(error).split("\n")[0]!, { cause: error });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const DAY = "store_id::integer, date_diff('day', date '1970-01-01', date::date)::integer";
const MARKS =
  "open::integer, promo::integer, school_holiday::integer, case state_holiday when '0' then 0 when 'a' then 1 when 'b' then 2 when 'c' then 3 end";

const parquet = (file: string) => `read_parquet(${literal(file)})`;

/** The answer column by column, chunk by chunk. */
async function columnsOf(connection: DuckDBConnection, sql: string): Promise<Value[][]> {
  const result = await connection.stream(sql);
  const columns: Value[][] = Array.from({ length: result.columnCount }, () => []);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return columns;
    for (const [c, column] of columns.entries()) {
      for (const value of chunk.getColumnValues(c)) column.push(value as Value);
    }
  }
}

function dayColumns(columns: Value[][]): DayColumns {
  const [storeIds, days, open, promo, schoolHoliday, stateHoliday] = columns as [
    Value[],
    Value[],
    Value[],
    Value[],
    Value[],
    Value[],
  ];
  return {
    storeIds: Int32Array.from(storeIds as number[]),
    dayNumbers: Int32Array.from(days as number[]),
    open: marks(open),
    promo: marks(promo),
    schoolHoliday: marks(schoolHoliday),
    stateHoliday: marks(stateHoliday),
  };
}

const numbers = (values: Value[]) =>
  Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
const marks = (values: Value[]) =>
  Uint8Array.from(values, (value) => (value === null ? MISSING_CODE : Number(value)));
