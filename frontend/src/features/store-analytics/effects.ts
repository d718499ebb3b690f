import type { SalesPoint } from "../../lib/api-types.ts";
import { addDays, weekdayOf } from "../../lib/days.ts";

/** An open day of a store, or of the chain per open store, with what was the case on it. */
export interface EffectDay {
  date: string;
  weekday: number;
  /** Sales of the store; of the chain, sales per open store. */
  sales: number;
  hasPromo: boolean;
  isSchoolHoliday: boolean;
  isBeforePublicHoliday: boolean;
}

/** By how much sales differ on some days, as a ratio (0.38 reads +38 %), with a 95 % interval. */
export interface Effect {
  ratio: number;
  lower: number;
  upper: number;
  /** Days on which it was the case. */
  days: number;
}

/** Below this share of open stores a day of the chain counts as closed. */
const OPEN_SHARE = 0.1;
const MOST_OF = 0.5;

/** The open days of a daily series, of a store or of the chain. */
export function effectDays(points: readonly SalesPoint[]): EffectDay[] {
  const holidays = new Set(points.filter(isPublicHoliday).map((point) => point.date));
  return points.flatMap((point) => {
    const open = point.open ?? 0;
    const stores = point.store_id === null ? (point.stores_count ?? 0) : 1;
    if (open === 0 || open < OPEN_SHARE * stores || point.sales === 0) return [];
    return [
      {
        date: point.date,
        weekday: weekdayOf(point.date),
        sales: point.sales / open,
        hasPromo: (point.promo ?? 0) >= MOST_OF * open,
        isSchoolHoliday: (point.school_holiday ?? 0) >= MOST_OF * stores,
        isBeforePublicHoliday: holidays.has(addDays(point.date, 1)),
      },
    ];
  });
}

function isPublicHoliday(point: SalesPoint): boolean {
  if (point.store_id !== null) return point.state_holiday !== null && point.state_holiday !== "0";
  return (point.state_holiday_stores ?? 0) >= MOST_OF * (point.stores_count ?? Number.POSITIVE_INFINITY);
}

/**
 * Mean sales of the days on which something is the case against the other days, compared within strata and weighted by
 * the days on which it is the case: a holiday on a Saturday is compared with other Saturdays.
 * The interval comes from the scatter inside the strata (delta method on a ratio of means); days next to each other are
 * alike, so the true one is somewhat wider. Null when no stratum has two days of each kind.
 */
export function effectOf(
  days: readonly EffectDay[],
  isTheCase: (day: EffectDay) => boolean,
  stratumOf: (day: EffectDay) => string,
): Effect | null {
  const strata = new Map<string, { on: number[]; off: number[] }>();
  for (const day of days) {
    const key = stratumOf(day);
    const stratum = strata.get(key) ?? { on: [], off: [] };
    strata.set(key, stratum);
    (isTheCase(day) ? stratum.on : stratum.off).push(day.sales);
  }
  let count = 0;
  let [on, off, varianceOn, varianceOff] = [0, 0, 0, 0];
  for (const stratum of strata.values()) {
    const weight = stratum.on.length;
    if (weight < 2 || stratum.off.length < 2) continue;
    count += weight;
    on += weight * mean(stratum.on);
    off += weight * mean(stratum.off);
    varianceOn += weight ** 2 * (variance(stratum.on) / weight);
    varianceOff += weight ** 2 * (variance(stratum.off) / stratum.off.length);
  }
  if (count === 0 || off === 0) return null;
  const factor = on / off;
  const deviation = factor * Math.sqrt(varianceOn / on ** 2 + varianceOff / off ** 2);
  return {
    ratio: factor - 1,
    lower: factor - 1 - 1.96 * deviation,
    upper: factor - 1 + 1.96 * deviation,
    days: count,
  };
}

/** Promotion days against others, Monday to Friday: the same question as the API's `uplift_pct`, here with an interval. */
export const promoLift = (days: readonly EffectDay[]): Effect | null =>
  effectOf(
    days.filter((day) => day.weekday <= 5),
    (day) => day.hasPromo,
    () => "working days",
  );

/** School holidays against other days with the same weekday and promotion state. */
export const schoolHolidayEffect = (days: readonly EffectDay[]): Effect | null =>
  effectOf(days, (day) => day.isSchoolHoliday, weekdayAndPromo);

/** The day before a public holiday against other days with the same weekday and promotion state. */
export const beforeHolidayEffect = (days: readonly EffectDay[]): Effect | null =>
  effectOf(days, (day) => day.isBeforePublicHoliday, weekdayAndPromo);

const weekdayAndPromo = (day: EffectDay): string => `${day.weekday} ${day.hasPromo}`;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}
