import type { Day } from "../lib/days.ts";
import { dayLong, moneyAxisSigned, moneySigned } from "../lib/format.ts";
import { dayAxis, roundTop } from "./day-axis.ts";
import { baseOption, DRAG_ZOOM, type Draw, type Reading, readingHtml } from "./drawing.ts";
import type { RenderItem } from "./strips.ts";

export interface DifferenceDay {
  date: Day;
  delta: number;
  lower: number | null;
  upper: number | null;
  /** Its input leaves what history has seen. */
  isExtrapolated: boolean;
}

const LEFT = 64;
const WIDEST_BAR_PX = 28;

/**
 * What a scenario sells more or less than the baseline, day by day, with the interval of the difference as a whisker.
 * Days that history cannot vouch for are hollow. The axis is symmetric enough to show 0: gains above it, losses below.
 * Empty: axes alone. All zero: an axis of height 1 to either side.
 */
export function drawDifferenceBars(days: readonly DifferenceDay[], scenario: number, level: number): Draw {
  const highest = Math.max(0, ...days.map((day) => Math.max(day.delta, day.upper ?? day.delta)));
  const lowest = Math.min(0, ...days.map((day) => Math.min(day.delta, day.lower ?? day.delta)));
  // Round steps that both ends are a whole number of.
  const interval = roundTop(Math.max(highest, -lowest)) / 4;
  const max = Math.ceil((lowest < 0 ? highest : Math.max(highest, interval)) / interval) * interval;
  const min = lowest < 0 ? -Math.ceil(-lowest / interval) * interval : 0;
  return (tokens, width) => {
    const color = tokens.scenarios[scenario] ?? tokens.muted;
    const reading = (index: number): Reading => {
      const day = days[index];
      if (day === undefined) return { title: "", rows: [], notes: [] };
      return {
        title: dayLong(day.date),
        rows: [
          { name: "Difference", value: moneySigned(day.delta), color },
          ...(day.lower === null || day.upper === null
            ? []
            : [
                {
                  name: `${level}% interval`,
                  value: `${moneySigned(day.lower)} – ${moneySigned(day.upper)}`,
                },
              ]),
        ],
        notes: day.isExtrapolated ? ["Not seen in history"] : [],
      };
    };
    return {
      length: days.length,
      reading,
      option: {
        ...baseOption(tokens),
        grid: { left: LEFT, right: 16, top: 12, bottom: 28, outerBoundsMode: "none" },
        xAxis: {
          ...dayAxis(
            days.map((day) => day.date),
            tokens,
            Math.max(100, width - LEFT - 16),
            "daily",
          ),
          boundaryGap: true,
          axisLine: { onZero: false, lineStyle: { color: tokens.lineStrong } },
        },
        yAxis: {
          type: "value",
          min,
          max,
          interval,
          axisLine: { show: false },
          axisTick: { show: false },
          splitLine: { lineStyle: { color: tokens.line } },
          axisLabel: { color: tokens.muted, formatter: moneyAxisSigned, hideOverlap: true },
        },
        dataZoom: [DRAG_ZOOM],
        tooltip: {
          ...(baseOption(tokens).tooltip as object),
          trigger: "axis",
          formatter: (hits: { dataIndex: number }[]) =>
            hits[0] ? readingHtml(reading(hits[0].dataIndex)) : "",
        },
        series: [
          {
            type: "bar",
            name: "Difference",
            barMaxWidth: WIDEST_BAR_PX,
            emphasis: { disabled: true },
            data: days.map((day) => ({
              value: day.delta,
              itemStyle: day.isExtrapolated
                ? { color: tokens.surface, borderColor: color, borderWidth: 1, borderType: "dashed" }
                : { color },
            })),
            markLine: {
              silent: true,
              symbol: "none",
              animation: false,
              label: { show: false },
              lineStyle: { color: tokens.faint, type: "solid", width: 1 },
              data: [{ yAxis: 0 }],
            },
          },
          whiskers(days, tokens.ink2),
        ],
      },
    };
  };
}

function whiskers(days: readonly DifferenceDay[], color: string) {
  return {
    type: "custom" as const,
    name: "Interval",
    silent: true,
    clip: true,
    animation: false,
    tooltip: { show: false },
    encode: { x: 0, y: [1, 2] },
    z: 4,
    data: days.flatMap((day, i) =>
      day.lower === null || day.upper === null || day.upper === day.lower ? [] : [[i, day.lower, day.upper]],
    ),
    renderItem: ((_params, api) => {
      const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
      const [, high = 0] = api.coord([api.value(0), api.value(2)]);
      return {
        type: "line",
        shape: { x1: x, y1: low, x2: x, y2: high },
        style: { stroke: color, lineWidth: 1 },
      };
    }) satisfies RenderItem,
  };
}
