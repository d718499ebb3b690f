import type { ForecastDay, HistoryDay } from "../../charts/sales-over-time.ts";
import type {
  ChainForecastPoint,
  ChainSalesPoint,
  ForecastPoint,
  SalesPoint,
  StoreSalesPoint,
} from "../../lib/api-types.ts";
import { fromDayNumber, toDayNumber } from "../../lib/days.ts";
import { count, plural } from "../../lib/format.ts";
import type { Granularity } from "./api/sales-series.ts";

/** From this share of the open stores on, the chain as a whole "has a promotion". */
const PROMO_SHARE = 0.5;
/** Below this share of open stores, the chain as a whole is "closed" (Sundays, holidays). */
const OPEN_SHARE = 0.1;
const AVERAGE_DAYS = 7;

const HOLIDAYS: Record<string, string> = { a: "Public holiday", b: "Easter holiday", c: "Christmas" };

/**
 * Rows of the API as days of a chart, in time order. Days without a row between the first and the last become days with
 * missing values, so that the axis is the calendar. No rows give no days.
 */
export function toHistory(points: readonly SalesPoint[], granularity: Granularity): HistoryDay[] {
  if (granularity === "monthly") {
    return points.map((point) => ({
      date: point.date,
      sales: point.sales,
      customers: point.customers,
      average: null,
      isClosed: false,
      hasPromo: false,
      isPartial: point.partial,
      notes: point.partial ? ["Only a part of the month"] : [],
    }));
  }
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const byDay = new Map(points.map((point) => [point.date, point]));
  const start = toDayNumber(first.date);
  const length = toDayNumber(last.date) - start + 1;
  const days = Array.from({ length }, (_, i) => {
    const date = fromDayNumber(start + i);
    const point = byDay.get(date);
    return point === undefined
      ? { ...MISSING_DAY, date }
      : {
          date,
          sales: point.sales,
          customers: point.customers,
          average: null,
          isPartial: false,
          ...marks(point),
        };
  });
  return days.map((entry, i) => ({ ...entry, average: average(days, i) }));
}

const MISSING_DAY = {
  sales: null,
  customers: null,
  average: null,
  isClosed: false,
  isPartial: false,
  hasPromo: false,
  notes: ["No data"],
};

/** Mean of the last seven days that have a row; null before the seventh day or when there is a gap. */
function average(days: readonly { sales: number | null }[], index: number): number | null {
  if (index < AVERAGE_DAYS - 1) return null;
  let total = 0;
  for (let i = index - AVERAGE_DAYS + 1; i <= index; i++) {
    const sales = days[i]?.sales ?? null;
    if (sales === null) return null;
    total += sales;
  }
  return total / AVERAGE_DAYS;
}

function marks(point: SalesPoint): Pick<HistoryDay, "isClosed" | "hasPromo" | "notes"> {
  return isChain(point) ? chainMarks(point) : storeMarks(point);
}

const isChain = (point: SalesPoint): point is ChainSalesPoint => point.store_id === null;

function storeMarks(point: Pick<StoreSalesPoint, "open" | "promo" | "state_holiday" | "school_holiday">) {
  const holiday = HOLIDAYS[point.state_holiday ?? ""];
  return {
    isClosed: point.open === 0,
    hasPromo: point.promo === 1,
    isPublicHoliday: holiday !== undefined,
    isSchoolHoliday: point.school_holiday === 1,
    notes: [...(holiday ? [holiday] : []), ...(point.school_holiday === 1 ? ["School holidays"] : [])],
  };
}

function chainMarks(point: ChainSalesPoint) {
  const open = point.open ?? 0;
  const stores = point.stores_count ?? 0;
  return {
    isClosed: stores > 0 && open / stores < OPEN_SHARE,
    hasPromo: open > 0 && (point.promo ?? 0) / open >= PROMO_SHARE,
    notes: [
      `${count(open)} of ${plural(stores, "store")} open`,
      ...(point.state_holiday_stores ? [`public holiday for ${count(point.state_holiday_stores)}`] : []),
      ...(point.school_holiday ? [`school holidays for ${count(point.school_holiday)}`] : []),
    ],
  };
}

/** Forecast points of one store as days of a chart. */
export function toForecast(points: readonly ForecastPoint[]): ForecastDay[] {
  return points.map((point) => ({
    ...interval(point),
    ...storeMarks(point),
    isKnown: point.basis === "known",
  }));
}

/** Forecast points of the chain as days of a chart. */
export function toChainForecast(points: readonly ChainForecastPoint[], stores: number): ForecastDay[] {
  return points.map((point) => ({ ...interval(point), ...groupMarks(point, stores) }));
}

/** What is the case on a coming day of several stores, from the numbers of stores that are open and have a promotion. */
export function groupMarks(
  day: { open: number; promo: number; basis: "known" | "projected" },
  stores: number,
): Pick<ForecastDay, "isClosed" | "hasPromo" | "isKnown" | "notes"> {
  return {
    isClosed: stores > 0 && day.open / stores < OPEN_SHARE,
    hasPromo: day.open > 0 && day.promo / day.open >= PROMO_SHARE,
    isKnown: day.basis === "known",
    notes: [`${count(day.open)} of ${plural(stores, "store")} open`],
  };
}

function interval(
  point: Pick<
    ForecastPoint,
    | "date"
    | "predicted_sales"
    | "predicted_lower"
    | "predicted_upper"
    | "predicted_lower_95"
    | "predicted_upper_95"
  >,
) {
  return {
    date: point.date,
    sales: point.predicted_sales,
    lower80: point.predicted_lower,
    upper80: point.predicted_upper,
    lower95: point.predicted_lower_95,
    upper95: point.predicted_upper_95,
  };
}
