/** Puts the rows of a panel into a warehouse by its own loader, so that tests meet what the porters will read. */
import { calendarParts } from "@rossmann/core";
import { createLoad, type Db, resolveDataSource, startEtlRun } from "@rossmann/warehouse";
import { type CalendarRows, MISSING, type PanelRows } from "../src/panel-rows.ts";

const CHUNK_ROWS = 20_000;

/** Replace everything the default data source holds. @returns its id */
export async function loadPanel(db: Db, rows: PanelRows): Promise<number> {
  const dataSource = await resolveDataSource(db);
  const run = await startEtlRun(db, { dataSource });
  try {
    const load = await createLoad(db, run);
    await load.stageFacts(
      chunks(rows, (i) => [
        rows.sales[i],
        blank(rows.customers[i]),
        flag(rows.promo[i]),
        holiday(rows.stateHoliday[i]),
        flag(rows.schoolHoliday[i]),
        flag(rows.open[i]),
      ]),
    );
    const { future } = rows;
    await load.stageFuture(
      chunks(future, (i) => [
        i + 1,
        flag(future.promo[i]),
        holiday(future.stateHoliday[i]),
        flag(future.schoolHoliday[i]),
        flag(future.open[i]),
      ]),
    );
    const { stores } = rows;
    const orNull = (value: number) => (Number.isNaN(value) ? null : value);
    await load.publish({
      stores: Array.from(stores.storeIds, (storeId, s) => ({
        storeId,
        storeType: stores.storeType[s],
        assortment: stores.assortment[s],
        competitionDistance: orNull(stores.competitionDistance[s]),
        competitionOpenSinceMonth: orNull(stores.competitionOpenSinceMonth[s]),
        competitionOpenSinceYear: orNull(stores.competitionOpenSinceYear[s]),
        promo2: stores.promo2[s] === MISSING ? null : stores.promo2[s],
        promo2SinceWeek: orNull(stores.promo2SinceWeek[s]),
        promo2SinceYear: orNull(stores.promo2SinceYear[s]),
        promoInterval: stores.promoInterval[s],
      })),
      counts: { rowsRead: rows.storeIds.length, rowsRejected: 0, summary: {} },
      findings: [],
    });
  } finally {
    await run.release();
  }
  return dataSource.id;
}

const blank = (value: number) => (Number.isNaN(value) ? "" : value);
const flag = (value: number) => (value === MISSING ? "" : value);
const holiday = (value: number) => (value === MISSING ? "" : "0abc"[value]);

async function* chunks(
  rows: CalendarRows,
  cells: (i: number) => (string | number)[],
): AsyncGenerator<string> {
  let lines: string[] = [];
  for (let i = 0; i < rows.storeIds.length; i++) {
    const { year, month, dayOfMonth } = calendarParts(rows.dayNumbers[i]);
    const dateId = year * 10_000 + month * 100 + dayOfMonth;
    lines.push([rows.storeIds[i], dateId, ...cells(i)].join(","));
    if (lines.length === CHUNK_ROWS) {
      yield `${lines.join("\n")}\n`;
      lines = [];
    }
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}
