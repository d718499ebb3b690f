import { type Day, weekdayOf } from "../lib/days.ts";
import { dayShort, month } from "../lib/format.ts";
import type { ChartTokens } from "./tokens.ts";

const PIXELS_PER_LABEL = 64;

/**
 * Which positions of a row of days carry a label, so that labels neither touch nor repeat: Mondays in a short range,
 * first days of months in a long one, every so many of them when space is scarce.
 *
 * @returns one flag per day; a range that holds no Monday or first of a month has its first day labelled
 */
export function labelledDays(
  days: readonly Day[],
  width: number,
  granularity: "daily" | "monthly",
): boolean[] {
  const most = Math.max(2, Math.floor(width / PIXELS_PER_LABEL));
  const isCandidate = (day: Day): boolean => {
    if (granularity === "monthly" || days.length <= 14) return true;
    return days.length > 7 * most * 2 || days.length > 150 ? day.endsWith("-01") : weekdayOf(day) === 1;
  };
  const candidates = days.flatMap((day, i) => (isCandidate(day) ? [i] : []));
  const step = Math.max(1, Math.ceil(candidates.length / most));
  // Counted back from the last one, so that the newest label is there.
  const chosen = new Set(candidates.filter((_, i) => (candidates.length - 1 - i) % step === 0));
  if (chosen.size === 0 && days.length > 0) chosen.add(0);
  return days.map((_, i) => chosen.has(i));
}

/** A category axis of business days: a category has no time zone. `margin` makes room for strips under the axis. */
export function dayAxis(
  days: readonly Day[],
  tokens: ChartTokens,
  width: number,
  granularity: "daily" | "monthly",
  margin = 8,
) {
  const labelled = labelledDays(days, width, granularity);
  const inMonths = granularity === "monthly" || days.every((day, i) => !labelled[i] || day.endsWith("-01"));
  return {
    type: "category" as const,
    data: [...days],
    // Bars need room at both ends, lines do not.
    boundaryGap: granularity === "monthly",
    axisLine: { lineStyle: { color: tokens.lineStrong } },
    axisTick: {
      show: margin <= 8,
      interval: (i: number) => labelled[i] ?? false,
      lineStyle: { color: tokens.lineStrong },
    },
    axisLabel: {
      color: tokens.muted,
      margin,
      hideOverlap: true,
      alignMaxLabel: granularity === "daily" ? ("right" as const) : undefined,
      interval: (i: number) => labelled[i] ?? false,
      formatter: (day: string) => (inMonths && days.length > 1 ? month(day) : dayShort(day)),
    },
    axisPointer: {
      type: "line" as const,
      lineStyle: { color: tokens.faint, type: "solid" as const, width: 1 },
      label: { show: false },
    },
  };
}

/** Leading figures whose quarters are round, so that four steps of the axis read well. */
const QUARTERED = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10];

/** A round number that is not below `top`; 1 when there is nothing above 0, so that the axis has a height. */
export function roundTop(top: number): number {
  if (top <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(top));
  return unit * (QUARTERED.find((step) => step * unit >= top) ?? 10);
}

/** The axis of bars that stand for names; the one under the pointer is shaded. */
export function categoryAxis(tokens: ChartTokens, categories: readonly string[]) {
  return {
    type: "category" as const,
    data: [...categories],
    axisLine: { lineStyle: { color: tokens.lineStrong } },
    axisTick: { show: false },
    axisLabel: { color: tokens.muted, hideOverlap: true },
    axisPointer: { type: "shadow" as const, shadowStyle: { color: tokens.hover, opacity: 0.5 } },
  };
}

/** A value axis with hairlines, starting at 0. */
export function valueAxis(tokens: ChartTokens, format: (value: number) => string, max?: number) {
  return {
    type: "value" as const,
    min: 0,
    max,
    splitNumber: 4,
    interval: max === undefined ? undefined : max / 4,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: tokens.line } },
    axisLabel: { color: tokens.muted, formatter: format },
  };
}
