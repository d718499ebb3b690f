import { money, moneyShort, monthName, plural, weekdayName } from "../lib/format.ts";
import { mix, readableOn } from "./contrast.ts";
import { baseOption, type Draw, readingHtml } from "./drawing.ts";

export interface HeatCell {
  /** 1 = Monday … 7 = Sunday */
  weekday: number;
  /** 1–12 */
  month: number;
  /** Mean sales of the open days. */
  mean: number;
  /** Open days behind the mean. */
  days: number;
}

const BLACK = "#000000";
const WHITE = "#ffffff";

/**
 * Mean sales of an open day by weekday and month. Each cell carries its figure, so that colour is not alone.
 * Empty: a grid without cells. One cell, or all the same: the lightest colour, since there is no difference to show.
 */
export function drawWeekdayMonthHeat(cells: readonly HeatCell[]): Draw {
  const means = cells.map((cell) => cell.mean);
  const low = means.length > 0 ? Math.min(...means) : 0;
  const high = means.length > 0 ? Math.max(...means) : 1;
  return (tokens, width) => {
    const hasLabels = width > 560;
    return {
      length: 0,
      reading: () => ({ title: "", rows: [], notes: [] }),
      option: {
        ...baseOption(tokens),
        grid: { left: 40, right: 4, top: 24, bottom: 4, outerBoundsMode: "none" },
        xAxis: axis(
          Array.from({ length: 12 }, (_, i) => (hasLabels ? monthName(i + 1) : monthName(i + 1).slice(0, 1))),
          tokens.muted,
          "top",
        ),
        yAxis: {
          ...axis(
            Array.from({ length: 7 }, (_, i) => weekdayName(i + 1)),
            tokens.muted,
          ),
          inverse: true,
        },
        visualMap: {
          show: false,
          min: low,
          max: high === low ? low + 1 : high,
          inRange: { color: [tokens.heatLow, tokens.heatHigh] },
        },
        tooltip: {
          ...(baseOption(tokens).tooltip as object),
          trigger: "item",
          formatter: (hit: { dataIndex: number }) => {
            const cell = cells[hit.dataIndex];
            if (cell === undefined) return "";
            return readingHtml({
              title: `${weekdayName(cell.weekday)} in ${monthName(cell.month)}`,
              rows: [{ name: "Mean of an open day", value: money(cell.mean) }],
              notes: [plural(cell.days, "open day")],
            });
          },
        },
        series: [
          {
            type: "heatmap",
            data: cells.map((cell) => {
              const share = high === low ? 0 : (cell.mean - low) / (high - low);
              return {
                value: [cell.month - 1, cell.weekday - 1, cell.mean],
                // Of these two, one always reads at 4.5 to 1; ink and surface fall short on the tints in the middle.
                label: {
                  color: readableOn(mix(tokens.heatLow, tokens.heatHigh, share), BLACK, WHITE),
                },
              };
            }),
            label: {
              show: hasLabels,
              fontSize: 12,
              formatter: (hit: { value: number[] }) => moneyShort(hit.value[2]),
            },
            itemStyle: { borderColor: tokens.surface, borderWidth: 2, borderRadius: 4 },
            emphasis: { itemStyle: { borderColor: tokens.ink } },
          },
        ],
      },
    };
  };
}

function axis(names: string[], color: string, position?: "top") {
  return {
    type: "category" as const,
    data: names,
    position,
    axisLine: { show: false },
    axisTick: { show: false },
    splitArea: { show: false },
    axisLabel: { color, interval: 0 },
  };
}
