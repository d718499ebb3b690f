import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import copyStreams from "pg-copy-streams";
import { connectionOf, type Db } from "./db.ts";

/** The tables of a data source that leave the house, with the query of their rows; `date_id` leaves as the date it is. */
export const SOURCE_TABLES = {
  fact_sales_daily: (source: number) => `
    select store_id, ${DATE} as date, sales, customers, promo, state_holiday, school_holiday, open
    from fact_sales_daily where data_source_id = ${source} order by store_id, date_id`,
  dim_store: (source: number) => `
    select store_id, store_type, assortment, competition_distance, competition_open_since_month,
      competition_open_since_year, promo2, promo2_since_week, promo2_since_year, promo_interval
    from dim_store where data_source_id = ${source} order by store_id`,
  known_future: (source: number) => `
    select store_id, ${DATE} as date, source_row_id, promo, state_holiday, school_holiday, open
    from known_future where data_source_id = ${source} order by store_id, date_id`,
} as const;
export type SourceTable = keyof typeof SOURCE_TABLES;

const DATE = "make_date(date_id / 10000, date_id / 100 % 100, date_id % 100)";

/**
 * Write the tables of a data source as CSV files with a header, all of them from one moment. A text that is null is told from an
 * empty one: the empty one is quoted.
 *
 * @param pathOf where each table goes
 */
export async function writeSourceRows(
  db: Db,
  dataSourceId: number,
  pathOf: (table: SourceTable) => string,
): Promise<void> {
  const source = Math.trunc(dataSourceId);
  const client = await connectionOf(db);
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query("set local statement_timeout = 0");
    for (const [table, query] of Object.entries(SOURCE_TABLES)) {
      const rows = client.query(copyStreams.to(`copy (${query(source)}) to stdout (format csv, header)`));
      await pipeline(rows, createWriteStream(pathOf(table as SourceTable)));
    }
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
