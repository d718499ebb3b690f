import type { Day } from "../lib/days.ts";
import { count, dayLong, money, moneyAxis, month } from "../lib/format.ts";
import { bandSeries } from "./band.ts";
import { dayAxis, roundTop, valueAxis } from "./day-axis.ts";
import { baseOption, DRAG_ZOOM, type Draw, type Reading, readingHtml } from "./drawing.ts";
import { type Strip, stripSeries, stripsHeight } from "./strips.ts";
import type { ChartTokens } from "./tokens.ts";

export interface HistoryDay {
  date: Day;
  /** null = no row for that day. */
  sales: number | null;
  customers: number | null;
  /** Mean of the seven days up to this one; null when not wanted or not yet seven days. */
  average: number | null;
  isClosed: boolean;
  hasPromo: boolean;
  /** A month of which only a part is in the period. */
  isPartial: boolean;
  isPublicHoliday?: boolean;
  isSchoolHoliday?: boolean;
  /** Further things that are the case: "Public holiday". */
  notes: string[];
}

export interface ForecastDay {
  date: Day;
  sales: number;
  /** The inner band; at 80% unless `level` says otherwise. */
  lower80: number | null;
  upper80: number | null;
  lower95: number | null;
  upper95: number | null;
  isClosed: boolean;
  hasPromo: boolean;
  isKnown: boolean;
  isPublicHoliday?: boolean;
  isSchoolHoliday?: boolean;
  /** What a planner expects instead. */
  corrected?: number | null;
  notes: string[];
}

export interface SalesOverTime {
  granularity: "daily" | "monthly";
  history: readonly HistoryDay[];
  forecast: readonly ForecastDay[];
  /** The strips under the axis: none on a chart of months. */
  strips: readonly ("promo" | "closed" | "holiday" | "school" | "plan")[];
  /** Percent of days that the inner band is to hold; default 80. */
  level?: number;
}

const LEFT = 64;

/**
 * History solid, forecast dashed with its intervals as two tints, a line at the origin, and under the axis on which days
 * there is a promotion, the doors are closed, and how far the plan is known.
 *
 * Closed days are gaps that the line bridges: a weekly fall to 0 would hide everything else; the hatch says it.
 * Empty: axes alone (the caller draws the empty state). One point: a dot, since a line needs two. Flat: a level line;
 * the axis starts at 0, so it is not blown up. All zero: the axis keeps a height of 1.
 */
export function drawSalesOverTime(data: SalesOverTime): Draw {
  const { history, forecast, granularity } = data;
  const days = [...history.map((entry) => entry.date), ...forecast.map((entry) => entry.date)];
  const before = history.length;
  const top = axisTop(data);

  return (tokens, width) => {
    const strips = stripsOf(data, tokens);
    const room = stripsHeight(strips.length);
    const plotWidth = Math.max(100, width - LEFT - 16);
    const isDense = history.length > 45 && history.some((entry) => entry.average !== null);
    const blankForecast = forecast.map(() => null);
    const blankHistory = history.map(() => null);
    const open = (entry: { isClosed: boolean; sales: number | null }) =>
      entry.isClosed ? null : entry.sales;
    const line = {
      type: "line" as const,
      connectNulls: true,
      showSymbol: false,
      symbol: "circle",
      symbolSize: 6,
      emphasis: { disabled: true },
    };
    const readingAt = (index: number) =>
      reading(
        data,
        index,
        isDense ? { ...tokens, ink: tokens.faint, average: tokens.ink } : { ...tokens, average: tokens.ink },
      );

    return {
      length: days.length,
      reading: readingAt,
      option: {
        ...baseOption(tokens),
        grid: {
          left: LEFT,
          right: 16,
          top: 28,
          bottom: room + 28,
          containLabel: false,
          outerBoundsMode: "none",
        },
        xAxis: dayAxis(days, tokens, plotWidth, granularity, room + 8),
        yAxis: valueAxis(tokens, moneyAxis, top),
        dataZoom: [DRAG_ZOOM],
        tooltip: {
          ...(baseOption(tokens).tooltip as object),
          trigger: "axis",
          formatter: (hits: { dataIndex: number }[]) => {
            const index = hits.find((hit) => hit.dataIndex >= 0)?.dataIndex;
            return index === undefined ? "" : readingHtml(readingAt(index));
          },
        },
        series: [
          ...(forecast.length > 0
            ? [band(forecast, before, "95", tokens.band95), band(forecast, before, "80", tokens.band80)]
            : []),
          granularity === "monthly"
            ? {
                type: "bar" as const,
                name: "Sales",
                barMaxWidth: 56,
                // A part of a month is not compared with whole ones: it is lighter, and its reading says so.
                data: history.map((entry) => ({
                  value: entry.sales,
                  itemStyle: {
                    color: entry.isPartial ? tokens.faint : tokens.ink2,
                    borderRadius: [3, 3, 0, 0],
                  },
                })),
                emphasis: { disabled: true },
              }
            : {
                ...line,
                name: "Sales",
                data: [...history.map(open), ...blankForecast],
                showSymbol: history.length === 1,
                itemStyle: { color: isDense ? tokens.faint : tokens.ink },
                lineStyle: {
                  color: isDense ? tokens.faint : tokens.ink,
                  width: isDense ? 1 : 2,
                  opacity: isDense ? 0.75 : 1,
                },
                z: 3,
                markLine:
                  forecast.length > 0 && before > 0 ? originLine(days[before - 1] ?? "", tokens) : undefined,
              },
          ...(isDense
            ? [
                {
                  ...line,
                  name: "7-day average",
                  data: [...history.map((entry) => entry.average), ...blankForecast],
                  itemStyle: { color: tokens.ink },
                  lineStyle: { color: tokens.ink, width: 2 },
                  z: 4,
                },
              ]
            : []),
          ...(forecast.length > 0
            ? [
                {
                  ...line,
                  name: "Forecast",
                  data: [...blankHistory, ...forecast.map(open)],
                  showSymbol: forecast.length === 1,
                  itemStyle: { color: tokens.accent },
                  lineStyle: { color: tokens.accent, width: 2, type: [5, 4] },
                  z: 5,
                },
              ]
            : []),
          ...(forecast.some((entry) => entry.corrected != null)
            ? [
                {
                  ...line,
                  name: "Corrected",
                  data: [...blankHistory, ...forecast.map((entry) => entry.corrected ?? null)],
                  connectNulls: false,
                  showSymbol: true,
                  showAllSymbol: true,
                  symbol: "diamond",
                  symbolSize: 9,
                  itemStyle: { color: tokens.scenarios[0] },
                  lineStyle: { width: 0 },
                  z: 6,
                },
              ]
            : []),
          ...stripSeries(strips, tokens),
        ],
      },
    };
  };
}

/** A round number above everything that is drawn, so that bands drawn by hand stay inside. */
export function axisTop({ history, forecast }: Pick<SalesOverTime, "history" | "forecast">): number {
  let top = 0;
  for (const entry of history) top = Math.max(top, entry.sales ?? 0);
  for (const entry of forecast) top = Math.max(top, entry.sales, entry.upper80 ?? 0, entry.upper95 ?? 0);
  return roundTop(top);
}

function originLine(date: Day, tokens: { muted: string; faint: string }) {
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: tokens.faint, type: "solid" as const, width: 1 },
    label: {
      formatter: "Forecast ›",
      position: "end" as const,
      align: "left" as const,
      padding: [0, 0, 0, 4],
      color: tokens.muted,
      fontSize: 12,
    },
    data: [{ xAxis: date }],
  };
}

/** An interval over the open days. */
function band(forecast: readonly ForecastDay[], offset: number, level: "80" | "95", color: string) {
  const points = forecast.flatMap((entry, i) => {
    const lower = level === "80" ? entry.lower80 : entry.lower95;
    const upper = level === "80" ? entry.upper80 : entry.upper95;
    return entry.isClosed || lower === null || upper === null ? [] : [{ index: offset + i, lower, upper }];
  });
  return bandSeries(`${level}% interval`, points, color);
}

function stripsOf(
  { history, forecast, strips, granularity }: SalesOverTime,
  tokens: Pick<ChartTokens, "promo" | "closed" | "muted">,
): Strip[] {
  if (granularity === "monthly") return [];
  const all = [...history, ...forecast];
  const known = [...history.map(() => false), ...forecast.map((entry) => entry.isKnown)];
  const projected = [...history.map(() => false), ...forecast.map((entry) => !entry.isKnown)];
  const looks: Record<SalesOverTime["strips"][number], Strip[]> = {
    promo: [{ name: "Promo", days: all.map((entry) => entry.hasPromo), look: "solid", color: tokens.promo }],
    closed: [
      { name: "Closed", days: all.map((entry) => entry.isClosed), look: "hatch", color: tokens.closed },
    ],
    holiday: [
      {
        name: "Holiday",
        days: all.map((entry) => entry.isPublicHoliday ?? false),
        look: "solid",
        color: tokens.closed,
      },
    ],
    school: [
      {
        name: "School",
        days: all.map((entry) => entry.isSchoolHoliday ?? false),
        look: "dots",
        color: tokens.muted,
      },
    ],
    plan: [
      {
        name: "Plan",
        days: known,
        look: "line",
        color: tokens.muted,
        rest: { days: projected, look: "dots" },
      },
    ],
  };
  return strips.flatMap((strip) => looks[strip]);
}

function reading(
  data: SalesOverTime,
  index: number,
  tokens: { ink: string; average: string; accent: string; band80: string; band95: string },
): Reading {
  const past = data.history[index];
  if (past) {
    const rows = [{ name: "Sales", value: money(past.sales), color: tokens.ink }];
    if (past.average !== null)
      rows.push({ name: "7-day average", value: money(past.average), color: tokens.average });
    const notes = [
      ...(past.isClosed ? ["Closed"] : []),
      ...(past.hasPromo ? ["Promotion"] : []),
      ...past.notes,
    ];
    return {
      title: data.granularity === "monthly" ? month(past.date) : dayLong(past.date),
      rows: [...rows, { name: "Customers", value: count(past.customers) }],
      notes,
    };
  }
  const coming = data.forecast[index - data.history.length];
  if (coming === undefined) return { title: "", rows: [], notes: [] };
  const range = (lower: number | null, upper: number | null) => `${money(lower)} – ${money(upper)}`;
  return {
    title: dayLong(coming.date),
    rows: coming.isClosed
      ? [{ name: "Forecast", value: money(0), color: tokens.accent }]
      : [
          { name: "Forecast", value: money(coming.sales), color: tokens.accent },
          {
            name: `${data.level ?? 80}% interval`,
            value: range(coming.lower80, coming.upper80),
            color: tokens.band80,
          },
          { name: "95% interval", value: range(coming.lower95, coming.upper95), color: tokens.band95 },
          ...(coming.corrected == null ? [] : [{ name: "Corrected to", value: money(coming.corrected) }]),
        ].filter((row) => !row.value.includes("– –")),
    notes: [
      ...(coming.isClosed ? ["Closed"] : []),
      ...(coming.hasPromo ? ["Promotion"] : []),
      coming.isKnown ? "Plan known" : "Plan projected",
      ...coming.notes,
    ],
  };
}
