import type { Day } from "../lib/days.ts";
import { dayLong, money, moneyAxis, month } from "../lib/format.ts";
import { dayAxis, valueAxis } from "./day-axis.ts";
import { baseOption, DRAG_ZOOM, type Draw, type Reading, readingHtml } from "./drawing.ts";

export interface ComparedSeries {
  name: string;
  /** One value per day of the axis; null = closed or no row. */
  values: readonly (number | null)[];
  /** The chosen store is drawn in ink, the others in the palette. */
  isMain: boolean;
}

/** At most this many lines can be told apart. */
export const MOST_SERIES = 6;

/**
 * Several stores over the same days, one line each, named at its right end by the legend.
 * Empty: axes alone. One point: dots. Flat: level lines on an axis that starts at 0.
 */
export function drawStoreComparison(
  days: readonly Day[],
  series: readonly ComparedSeries[],
  granularity: "daily" | "monthly",
): Draw {
  return (tokens, width) => {
    const shown = series.slice(0, MOST_SERIES);
    let next = 0;
    const colored = shown.map((entry) => ({
      ...entry,
      color: entry.isMain ? tokens.ink : (tokens.categories[next++] ?? tokens.muted),
    }));
    const reading = (index: number): Reading => ({
      title: granularity === "monthly" ? month(days[index]) : dayLong(days[index]),
      rows: colored
        .map(({ name, values, color }) => ({ name, color, amount: values[index] ?? null }))
        .sort((a, b) => (b.amount ?? -1) - (a.amount ?? -1))
        .map(({ name, color, amount }) => ({ name, color, value: money(amount) })),
      notes: [],
    });
    return {
      length: days.length,
      reading,
      option: {
        ...baseOption(tokens),
        legend: {
          top: 0,
          left: 60,
          icon: "roundRect",
          itemWidth: 14,
          itemHeight: 3,
          itemGap: 16,
          selectedMode: false,
          textStyle: { color: tokens.ink2, fontSize: 12 },
        },
        grid: { left: 64, right: 16, top: 36, bottom: 28, outerBoundsMode: "none" },
        xAxis: dayAxis(days, tokens, Math.max(100, width - 80), granularity),
        yAxis: valueAxis(tokens, moneyAxis),
        dataZoom: [DRAG_ZOOM],
        tooltip: {
          ...(baseOption(tokens).tooltip as object),
          trigger: "axis",
          formatter: (hits: { dataIndex: number }[]) =>
            hits[0] ? readingHtml(reading(hits[0].dataIndex)) : "",
        },
        series: colored.map(({ name, values, color, isMain }) => ({
          type: "line",
          name,
          data: [...values],
          connectNulls: true,
          showSymbol: days.length === 1,
          symbol: "circle",
          emphasis: { disabled: true },
          itemStyle: { color },
          lineStyle: { color, width: isMain ? 2 : 1.5 },
          z: isMain ? 4 : 3,
        })),
      },
    };
  };
}
