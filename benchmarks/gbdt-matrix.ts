import { readFileSync } from "node:fs";

/** A training matrix by column, and its target. */
export interface Matrix {
  names: string[];
  columns: Float32Array[];
  target: Float64Array;
}

/**
 * The first `rows` open days of the real data (`train.csv` in `folder`) with `features` columns: calendar, promotion, store,
 * and means of log sales over many windows that end six weeks before the day. Rows repeat when there are fewer.
 */
export function realMatrix(folder: string, rows: number, features: number): Matrix {
  const byStore = readSales(folder);
  const windows = [7, 14, 21, 28, 42, 56, 70, 91, 119, 147, 182, 238, 301, 364];
  const weeks = [1, 2, 3, 4, 6, 8, 10, 13, 17, 21, 26, 34, 43, 52];
  const names = [
    "store",
    "weekday",
    "day",
    "promo",
    "school_holiday",
    "state_holiday",
    "day_of_year",
    "day_of_month",
  ];
  names.push(
    ...windows.map((days) => `sales_mean${days}_lag42`),
    ...weeks.map((n) => `weekday_sales_mean${n}w_lag42`),
  );
  for (let i = names.length; i < features; i++) names.push(`product_${i}`);
  const columns = names.slice(0, features).map(() => new Float32Array(rows));
  const target = new Float64Array(rows);
  let row = 0;
  while (row < rows)
    for (const [store, days] of byStore)
      for (let i = 0; i < days.length && row < rows; i++) {
        const day = days[i];
        if (day.sales <= 0) continue;
        const values = [
          store,
          day.date % 7,
          day.date,
          day.promo,
          day.school,
          day.holiday,
          day.date % 365,
          day.dayOfMonth,
        ];
        for (const window of windows) values.push(meanLogSales(days, i - 42, window, 1));
        for (const count of weeks) values.push(meanLogSales(days, i - 42, count, 7));
        while (values.length < features)
          values.push(values[8 + (values.length % 28)] * values[(values.length * 7) % 36]);
        for (const [j, column] of columns.entries()) column[row] = values[j];
        target[row++] = Math.log(day.sales);
      }
  return { names: names.slice(0, features), columns, target };
}

interface Day {
  date: number;
  dayOfMonth: number;
  sales: number;
  promo: number;
  school: number;
  holiday: number;
}

function readSales(folder: string): Map<number, Day[]> {
  const byStore = new Map<number, Day[]>();
  const lines = readFileSync(`${folder}/train.csv`, "utf8").split("\n");
  for (let i = lines.length - 1; i > 0; i--) {
    if (lines[i] === "") continue;
    const [store, , date, sales, , , promo, holiday, school] = lines[i].replaceAll('"', "").split(",");
    let days = byStore.get(Number(store));
    if (days === undefined) {
      days = [];
      byStore.set(Number(store), days);
    }
    days.push({
      date: Date.parse(date) / 86_400_000,
      dayOfMonth: Number(date.slice(8)),
      sales: Number(sales),
      promo: Number(promo),
      school: Number(school),
      holiday: "0abc".indexOf(holiday),
    });
  }
  return byStore;
}

/** Mean of log sales over `count` days, every `step`-th, up to day `last`; NaN when none was open. */
function meanLogSales(days: readonly Day[], last: number, count: number, step: number): number {
  let sum = 0;
  let open = 0;
  for (let i = last, left = count; i >= 0 && left > 0; i -= step, left--)
    if (days[i].sales > 0) {
      sum += Math.log(days[i].sales);
      open++;
    }
  return open === 0 ? Number.NaN : sum / open;
}
