/** A chain of seven stores for the planning routes: two types, one store closed for good, one without any history. */
import { type DayNumber, isoDate, parseIsoDate, weekday } from "@rossmann/core";
import { type TrainResult, train } from "@rossmann/ml";
import type { Db } from "@rossmann/warehouse";
import { loadRows } from "@rossmann/warehouse/testing";

export const LAST_DAY = "2015-05-31";
export const LAST = parseIsoDate(LAST_DAY) as DayNumber;
const HISTORY_DAYS = 210;
export const KNOWN_DAYS = 5;
/** opens on Sundays too */
export const SUNDAY_STORE = 5;
export const CLOSED_STORE = 6;
export const NEW_STORE = 7;
export const OPEN_STORES = [1, 2, 3, 4, SUNDAY_STORE];
const CLOSED_SINCE_DAYS = 90;

const isSunday = (day: DayNumber) => weekday(day) === 7;
const opens = (storeId: number, day: DayNumber) => (isSunday(day) && storeId !== SUNDAY_STORE ? 0 : 1);

const stores = [...OPEN_STORES, CLOSED_STORE, NEW_STORE].map((storeId) => ({
  storeId,
  storeType: storeId % 2 === 0 ? "b" : "a",
  assortment: "c",
  promo2: storeId === 3 ? 1 : 0,
}));

/** Monday to Friday of every other week, a third more with it; a ripple that no model can know. */
export const history = [...OPEN_STORES, CLOSED_STORE].flatMap((storeId) =>
  Array.from({ length: HISTORY_DAYS }, (_, back) => {
    const day = LAST - back;
    const promo = weekday(day) <= 5 && Math.floor(day / 7) % 2 === 0 ? 1 : 0;
    const isGone = storeId === CLOSED_STORE && back < CLOSED_SINCE_DAYS;
    const open = isGone ? 0 : opens(storeId, day);
    const ripple = 1 + 0.06 * Math.sin(day * 12.9898 + storeId * 78.233);
    const sales = open * Math.round(1000 * storeId * (1 + 0.33 * promo) * ripple);
    return { storeId, date: isoDate(day), sales, promo, open, schoolHoliday: day % 50 < 10 ? 1 : 0 };
  }),
);

const future = OPEN_STORES.flatMap((storeId) =>
  Array.from({ length: KNOWN_DAYS }, (_, k) => {
    const day = LAST + 1 + k;
    return {
      storeId,
      date: isoDate(day),
      promo: k === 1 ? 1 : 0,
      open: opens(storeId, day),
      schoolHoliday: 0,
    };
  }),
);

export async function loadPlanningChain(db: Db): Promise<TrainResult> {
  await loadRows(db, { stores, sales: history, future });
  return train(db, { dataSourceId: 1, origins: 3, horizon: 14 });
}
