import type { DayNumber, Random } from "@rossmann/core";
import { STATES } from "./holidays.ts";

/** A shop of the synthetic chain: what its file says, and what decides its sales. */
export interface SampleStore {
  storeId: number;
  storeType: "a" | "b" | "c" | "d";
  assortment: "a" | "b" | "c";
  /** metres; null in a few shops, as in real files */
  competitionDistance: number | null;
  /** month and year the competitor opened; null where nobody knows */
  competitionSince: { month: number; year: number } | null;
  /** week and year the recurring programme began, and its months; null for shops that take no part */
  promo2: { week: number; year: number; interval: string } | null;
  state: number;
  /** currency units on an ordinary weekday at the start */
  level: number;
  /** growth per day on the log scale */
  trend: number;
  /** log factor of each weekday, Monday first */
  weekdays: readonly number[];
  /** log uplift of a promotion on Monday … Friday */
  promoUplift: readonly number[];
  /** size of the yearly season on the log scale */
  season: number;
  /** standard deviation of the daily noise on the log scale */
  noise: number;
  salesPerCustomer: number;
  opensOnSundays: boolean;
  /** days on which the shop is closed for works: rows say closed, or are absent */
  works: { from: DayNumber; to: DayNumber; rows: "closed" | "absent" } | null;
}

const PROMO_INTERVALS = ["Jan,Apr,Jul,Oct", "Feb,May,Aug,Nov", "Mar,Jun,Sept,Dec"] as const;

/** Draw the shops of a chain. */
export function drawChain(stores: number, firstDay: DayNumber, days: number, random: Random): SampleStore[] {
  return Array.from({ length: stores }, (_, index) => drawStore(index + 1, firstDay, days, random));
}

function drawStore(storeId: number, firstDay: DayNumber, days: number, random: Random): SampleStore {
  const kind = random.uniform();
  // The rare shop at a station, open on Sundays, is in every chain of some size.
  const atStation = storeId % 40 === 7;
  const storeType = atStation ? "b" : kind < 0.55 ? "a" : kind < 0.57 ? "b" : kind < 0.7 ? "c" : "d";
  const range = random.uniform();
  const assortment = storeType === "b" && range < 0.5 ? "b" : range < 0.53 ? "a" : "c";
  const busy = storeType === "b" ? 0.4 : assortment === "c" ? 0.1 : 0;
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const uplift = between(0.12, 0.4);
  return {
    storeId,
    storeType,
    assortment,
    competitionDistance:
      random.uniform() < 0.01
        ? null
        : Math.max(20, Math.round(Math.exp(7.4 + 1.2 * random.normal()) / 10) * 10),
    competitionSince:
      random.uniform() < 0.32 ? null : { month: random.integer(1, 12), year: random.integer(1998, 2015) },
    promo2:
      random.uniform() < 0.49
        ? null
        : {
            week: random.integer(1, 50),
            year: random.integer(2009, 2014),
            interval: PROMO_INTERVALS[random.integer(0, 2)]!,
          },
    state: random.integer(0, STATES - 1),
    level: Math.exp(8.55 + busy + 0.32 * random.normal()),
    trend: (0.02 + 0.05 * random.normal()) / 365,
    weekdays: [
      0.06,
      -0.02,
      -0.05,
      -0.04,
      0.04,
      between(-0.25, 0.12),
      storeType === "b" ? between(-0.3, 0.3) : 0,
    ],
    promoUplift: [1.4, 1.15, 1, 0.9, 0.65].map((factor) => factor * uplift),
    season: between(0.03, 0.09),
    noise: between(0.07, 0.13),
    salesPerCustomer: between(6.5, 12.5),
    opensOnSundays: atStation,
    works: drawWorks(firstDay, days, random),
  };
}

/** A sixth of the shops are rebuilt for two to six weeks, some others have no rows for half a year. */
function drawWorks(firstDay: DayNumber, days: number, random: Random): SampleStore["works"] {
  const draw = random.uniform();
  const at = random.uniform();
  const length = random.uniform();
  if (days < 120 || draw > 0.28) return null;
  const absent = draw < 0.1;
  const duration = Math.min(absent ? 184 : 14 + Math.round(28 * length), Math.floor(days / 4));
  const from = firstDay + 30 + Math.floor(at * (days - duration - 90));
  return { from, to: from + duration - 1, rows: absent ? "absent" : "closed" };
}
