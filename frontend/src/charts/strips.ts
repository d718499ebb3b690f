import type { CustomSeriesOption } from "echarts/charts";
import type { ChartTokens } from "./tokens.ts";

/** A thin row under the axis that says, in a word and a pattern, on which days something is the case. */
export interface Strip {
  name: string;
  days: readonly boolean[];
  look: "solid" | "hatch" | "line" | "dots";
  color: string;
  /** The same row's second meaning: days that look otherwise. */
  rest?: Pick<Strip, "days" | "look">;
}

export const STRIP_HEIGHT = 8;
const STRIP_STEP = 16;
const FIRST_OFFSET = 14;

/** Height in pixels that a number of strips takes under the axis. */
export const stripsHeight = (count: number): number => (count === 0 ? 0 : FIRST_OFFSET + count * STRIP_STEP);

/** Consecutive days on which a flag holds, as [first, last] positions. */
export function runs(flags: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  flags.forEach((flag, i) => {
    if (!flag) return;
    const last = found.at(-1);
    if (last && last[1] === i - 1) last[1] = i;
    else found.push([i, i]);
  });
  return found;
}

export type RenderItem = NonNullable<CustomSeriesOption["renderItem"]>;
type RenderApi = Parameters<RenderItem>[1];
type Shape = NonNullable<ReturnType<RenderItem>>;
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One custom series per strip: the first item is its name at the left, the others are its runs. */
export function stripSeries(strips: readonly Strip[], tokens: ChartTokens): CustomSeriesOption[] {
  return strips.map((strip, row) => {
    const found = runs(strip.days);
    const rest = runs(strip.rest?.days ?? []);
    return {
      type: "custom" as const,
      name: strip.name,
      silent: true,
      clip: false,
      animation: false,
      tooltip: { show: false },
      encode: { x: [0, 1], y: -1 },
      // The label rides on the first position; without a run it still says that the row is empty.
      data: [[0, 0], ...found, ...rest],
      renderItem: ((params, api) => {
        const box = params.coordSys as unknown as Box;
        const y = box.y + box.height + FIRST_OFFSET + row * STRIP_STEP;
        if (params.dataIndex === 0) {
          return {
            type: "text" as const,
            style: {
              text: strip.name,
              x: box.x - 8,
              y: y + STRIP_HEIGHT / 2,
              textAlign: "right" as const,
              textVerticalAlign: "middle" as const,
              fill: tokens.muted,
              fontSize: 12,
              fontFamily: '"Inter Variable", system-ui, sans-serif',
            },
          };
        }
        const half = dayWidth(api, Number(api.value(0))) / 2;
        const left = Math.max(box.x, (api.coord([api.value(0), 0])[0] ?? 0) - half);
        const right = Math.min(box.x + box.width, (api.coord([api.value(1), 0])[0] ?? 0) + half);
        if (right <= left) return null;
        const look = params.dataIndex > found.length && strip.rest ? strip.rest.look : strip.look;
        return stripShape({ ...strip, look }, left, y, right - left);
      }) satisfies RenderItem,
    };
  });
}

function dayWidth(api: RenderApi, index: number): number {
  const here = api.coord([index, 0])[0] ?? 0;
  const next = api.coord([index + 1, 0])[0];
  const before = api.coord([index - 1, 0])[0];
  const width =
    next !== undefined && Number.isFinite(next) && next > here ? next - here : here - (before ?? here);
  return Number.isFinite(width) ? width : 0;
}

function stripShape(strip: Strip, x: number, y: number, width: number): Shape {
  const shape = { x, y, width, height: STRIP_HEIGHT };
  if (strip.look === "solid")
    return { type: "rect" as const, shape: { ...shape, r: 1 }, style: { fill: strip.color } };
  if (strip.look === "line" || strip.look === "dots") {
    const middle = y + STRIP_HEIGHT / 2;
    return {
      type: "line" as const,
      shape: { x1: x, y1: middle, x2: x + width, y2: middle },
      style: { stroke: strip.color, lineWidth: 2, lineDash: strip.look === "dots" ? [2, 3] : undefined },
    };
  }
  const lines = [];
  for (let offset = -STRIP_HEIGHT; offset < width; offset += 4) {
    lines.push({
      type: "line" as const,
      shape: { x1: x + offset, y1: y + STRIP_HEIGHT, x2: x + offset + STRIP_HEIGHT, y2: y },
      style: { stroke: strip.color, lineWidth: 1 },
    });
  }
  return {
    type: "group" as const,
    clipPath: { type: "rect" as const, shape },
    children: [
      { type: "rect" as const, shape, style: { fill: "none", stroke: strip.color, lineWidth: 1 } },
      ...lines,
    ],
  };
}
