import { categoryAxis, valueAxis } from "./day-axis.ts";
import { baseOption, type Draw, type Reading, readingHtml } from "./drawing.ts";
import type { ChartTokens } from "./tokens.ts";

export interface StackedSeries {
  name: string;
  /** One count per category. */
  values: readonly number[];
  /** A status has its own colour, the same everywhere; the last series stands on top. */
  role: "good" | "warn" | "bad" | "unknown";
}

const roleColor = (role: StackedSeries["role"], tokens: ChartTokens): string =>
  role === "unknown" ? tokens.faint : tokens[role];

const WIDEST_BAR_PX = 24;

/**
 * Counts by category, one bar each, split by status.
 * Empty: axes alone. A category without anything is a gap that still can be read. `notes` are read with their category.
 */
export function drawStackedBars(
  categories: readonly string[],
  series: readonly StackedSeries[],
  format: (value: number | null) => string,
  notes: (index: number) => string[] = () => [],
): Draw {
  return (tokens) => {
    const reading = (index: number): Reading => ({
      title: categories[index] ?? "",
      rows: series.map(({ name, values, role }) => ({
        name,
        color: roleColor(role, tokens),
        value: format(values[index] ?? null),
      })),
      notes: notes(index),
    });
    return {
      length: categories.length,
      reading,
      option: {
        ...baseOption(tokens),
        grid: { left: 40, right: 8, top: 12, bottom: 28, outerBoundsMode: "none" },
        xAxis: categoryAxis(tokens, categories),
        // Counts have no halves.
        yAxis: { ...valueAxis(tokens, format), minInterval: 1 },
        tooltip: {
          ...(baseOption(tokens).tooltip as object),
          trigger: "axis",
          formatter: (hits: { dataIndex: number }[]) =>
            hits[0] ? readingHtml(reading(hits[0].dataIndex)) : "",
        },
        series: series.map(({ name, values, role }) => ({
          type: "bar",
          name,
          stack: "all",
          data: [...values],
          barMaxWidth: WIDEST_BAR_PX,
          emphasis: { disabled: true },
          itemStyle: { color: roleColor(role, tokens), borderColor: tokens.surface, borderWidth: 1 },
        })),
      },
    };
  };
}
