import { categoryAxis, valueAxis } from "./day-axis.ts";
import { baseOption, type Draw, type Reading, readingHtml } from "./drawing.ts";
import type { ChartTokens } from "./tokens.ts";

export interface BarSeries {
  name: string;
  /** One value per category; null = not measured. */
  values: readonly (number | null)[];
  /** The subject is drawn in the accent, what it is held against in a quiet grey. */
  role: "subject" | "reference";
}

const WIDEST_BAR_PX = 28;

/** The colour of a role; the legend uses the same variables. */
const roleColor = (role: BarSeries["role"], tokens: ChartTokens): string =>
  role === "subject" ? tokens.accent : tokens.faint;

/**
 * Categories side by side, one bar per series in each, from 0 up.
 * Empty: axes alone. A missing value leaves a gap.
 */
export function drawGroupedBars(
  categories: readonly string[],
  series: readonly BarSeries[],
  format: (value: number | null) => string,
  max?: number,
): Draw {
  return (tokens) => {
    const reading = (index: number): Reading => ({
      title: categories[index] ?? "",
      rows: series.map(({ name, values, role }) => ({
        name,
        color: roleColor(role, tokens),
        value: format(values[index] ?? null),
      })),
      notes: [],
    });
    return {
      length: categories.length,
      reading,
      option: {
        ...baseOption(tokens),
        grid: { left: 44, right: 8, top: 12, bottom: 28, outerBoundsMode: "none" },
        xAxis: categoryAxis(tokens, categories),
        yAxis: valueAxis(tokens, format, max),
        tooltip: {
          ...(baseOption(tokens).tooltip as object),
          trigger: "axis",
          formatter: (hits: { dataIndex: number }[]) =>
            hits[0] ? readingHtml(reading(hits[0].dataIndex)) : "",
        },
        series: series.map(({ name, values, role }) => ({
          type: "bar",
          name,
          data: [...values],
          barMaxWidth: WIDEST_BAR_PX,
          barGap: "8%",
          emphasis: { disabled: true },
          itemStyle: { color: roleColor(role, tokens), borderRadius: [2, 2, 0, 0] },
        })),
      },
    };
  };
}
