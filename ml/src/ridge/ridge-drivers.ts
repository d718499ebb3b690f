import {
  DRIVER_COUNT,
  HOLIDAYS,
  LEVEL,
  PROMOTION,
  SEASON,
  TREND as TREND_DRIVER,
  WEEKDAY as WEEKDAY_DRIVER,
} from "../drivers/driver-groups.ts";
import { closingCause } from "../drivers/closing-cause.ts";
import type { Panel } from "../panel.ts";
import {
  CLOSED_YESTERDAY,
  COLUMN_COUNT,
  type Design,
  EASTER,
  FOURIER,
  INTERCEPT,
  NO_PROMO_FORTNIGHT,
  PROMO,
  STATE_HOLIDAY,
  TREND,
  WEEKDAY,
} from "./design.ts";

const WORKING_DAYS = 6;
const columns = new Int32Array(COLUMN_COUNT);
const values = new Float64Array(COLUMN_COUNT);

/**
 * What the log of a ridge's forecast of a day is made of, in the order of `DRIVERS`. Weekdays count against the mean of
 * Monday to Saturday, which is the level's.
 *
 * @param coefficients of the store, intercept included
 */
export function ridgeDrivers(
  panel: Panel,
  design: Design,
  coefficients: Float32Array,
  store: number,
  t: number,
): Float64Array {
  const logs = new Float64Array(DRIVER_COUNT);
  let ordinary = 0;
  for (let day = 0; day < WORKING_DAYS; day++) ordinary += coefficients[WEEKDAY + day] / WORKING_DAYS;
  const count = design.row(store, t, columns, values);
  const closing = closingCause(panel, store, t);
  for (let j = 0; j < count; j++) {
    logs[causeOf(columns[j], closing)] += values[j] * coefficients[columns[j]];
  }
  logs[LEVEL] += ordinary;
  logs[WEEKDAY_DRIVER] -= ordinary;
  return logs;
}

function causeOf(column: number, closing: number): number {
  if (column === INTERCEPT) return LEVEL;
  if (column === TREND) return TREND_DRIVER;
  if (column < PROMO) return WEEKDAY_DRIVER;
  if (column < FOURIER || column === NO_PROMO_FORTNIGHT) return PROMOTION;
  if (column < EASTER) return SEASON;
  if (column >= CLOSED_YESTERDAY && column !== STATE_HOLIDAY) return closing;
  return HOLIDAYS;
}
