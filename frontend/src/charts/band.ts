import type { RenderItem } from "./strips.ts";

export interface BandPoint {
  /** Position on the axis of days. */
  index: number;
  lower: number;
  upper: number;
}

/** An interval as one filled shape from point to point; fewer than two points have no shape. */
export function bandSeries(name: string, points: readonly BandPoint[], color: string) {
  return {
    type: "custom" as const,
    name,
    silent: true,
    clip: true,
    animation: false,
    tooltip: { show: false },
    encode: { x: 0, y: -1 },
    z: 1,
    data: points.length < 2 ? [] : [[points[0]?.index ?? 0]],
    renderItem: ((_params, api) => {
      const at = (index: number, value: number): number[] => api.coord([index, value]);
      const outline = [
        ...points.map((point) => at(point.index, point.upper)),
        ...points.toReversed().map((point) => at(point.index, point.lower)),
      ];
      return { type: "polygon", shape: { points: outline }, style: { fill: color } };
    }) satisfies RenderItem,
  };
}
