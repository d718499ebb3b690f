import type { Day } from "../lib/days.ts";
import { dayLong, money, moneyAxis, moneySigned } from "../lib/format.ts";
import { bandSeries } from "./band.ts";
import { mix } from "./contrast.ts";
import { dayAxis, roundTop, valueAxis } from "./day-axis.ts";
import { baseOption, DRAG_ZOOM, type Draw, type Reading, readingHtml } from "./drawing.ts";
import { stripSeries, stripsHeight } from "./strips.ts";

export interface ScenarioLine {
  name: string;
  /** One value per day; null = closed. */
  values: readonly (number | null)[];
}

export interface ScenarioLines {
  days: readonly Day[];
  /** The plain forecast; null = closed. */
  baseline: readonly (number | null)[];
  scenarios: readonly ScenarioLine[];
  /** Position of the scenario whose interval and days are drawn. */
  shown: number;
  limits: readonly ({ lower: number; upper: number } | null)[];
  promo: readonly boolean[];
  closed: readonly boolean[];
  /** Days on which the scenario's input leaves what history has seen. */
  extrapolated: readonly boolean[];
  level: number;
}

const LEFT = 64;
const BAND_SHARE = 0.2;

/**
 * The plain forecast dashed, each scenario solid in its own colour, the interval of the one that is shown as a tint of it,
 * and under the axis on which days that scenario has a promotion, is closed, or leaves what history has seen.
 * Empty: axes alone. One point: dots. Flat: level lines on an axis from 0. All zero: the axis keeps a height of 1.
 */
export function drawScenarioLines(data: ScenarioLines): Draw {
  const { days, baseline, scenarios, shown, limits } = data;
  const top = roundTop(
    Math.max(
      0,
      ...baseline.map((value) => value ?? 0),
      ...scenarios.flatMap(({ values }) => values.map((value) => value ?? 0)),
      ...limits.map((limit) => limit?.upper ?? 0),
    ),
  );
  return (tokens, width) => {
    const strips = [
      { name: "Promo", days: data.promo, look: "solid" as const, color: tokens.promo },
      { name: "Closed", days: data.closed, look: "hatch" as const, color: tokens.closed },
      { name: "Untried", days: data.extrapolated, look: "dots" as const, color: tokens.ink2 },
    ];
    const room = stripsHeight(strips.length);
    const colorOf = (index: number) => tokens.scenarios[index] ?? tokens.muted;
    const line = {
      type: "line" as const,
      connectNulls: true,
      symbol: "circle",
      symbolSize: 6,
      showSymbol: days.length === 1,
      emphasis: { disabled: true },
    };
    const reading = (index: number): Reading => {
      const base = baseline[index] ?? null;
      const limit = limits[index];
      return {
        title: dayLong(days[index]),
        rows: [
          { name: "Baseline", value: money(base ?? 0), color: tokens.accent },
          ...scenarios.map(({ name, values }, i) => ({
            name,
            color: colorOf(i),
            value: `${money(values[index] ?? 0)} (${moneySigned((values[index] ?? 0) - (base ?? 0))})`,
          })),
          ...(limit
            ? [{ name: `${data.level}% interval`, value: `${money(limit.lower)} – ${money(limit.upper)}` }]
            : []),
        ],
        notes: [
          ...(data.closed[index] ? ["Closed"] : []),
          ...(data.promo[index] ? ["Promotion"] : []),
          ...(data.extrapolated[index] ? ["Not seen in history"] : []),
        ],
      };
    };
    return {
      length: days.length,
      reading,
      option: {
        ...baseOption(tokens),
        grid: { left: LEFT, right: 16, top: 16, bottom: room + 28, outerBoundsMode: "none" },
        // Room at both ends, as under the bars of the differences, so that a day stands above itself.
        xAxis: {
          ...dayAxis(days, tokens, Math.max(100, width - LEFT - 16), "daily", room + 8),
          boundaryGap: true,
        },
        yAxis: valueAxis(tokens, moneyAxis, top),
        dataZoom: [DRAG_ZOOM],
        tooltip: {
          ...(baseOption(tokens).tooltip as object),
          trigger: "axis",
          formatter: (hits: { dataIndex: number }[]) => {
            const index = hits.find((hit) => hit.dataIndex >= 0)?.dataIndex;
            return index === undefined ? "" : readingHtml(reading(index));
          },
        },
        series: [
          bandSeries(
            `${data.level}% interval`,
            limits.flatMap((limit, index) => (limit === null ? [] : [{ index, ...limit }])),
            mix(tokens.surface, colorOf(shown), BAND_SHARE),
          ),
          ...scenarios.map(({ name, values }, i) => ({
            ...line,
            name,
            data: [...values],
            itemStyle: { color: colorOf(i) },
            lineStyle: { color: colorOf(i), width: i === shown ? 2 : 1.5 },
            z: i === shown ? 5 : 3,
          })),
          {
            ...line,
            name: "Baseline",
            data: [...baseline],
            itemStyle: { color: tokens.accent },
            lineStyle: { color: tokens.accent, width: 2, type: [5, 4] },
            z: 4,
          },
          ...stripSeries(strips, tokens),
        ],
      },
    };
  };
}
