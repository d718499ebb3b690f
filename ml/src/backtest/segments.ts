/** The ways in which a backtest is cut: over all, by horizon, weekday, promotion, store type and size of the store. */
import { weekday } from "@rossmann/core";
import type { BacktestFold } from "./run-backtest.ts";

export type SegmentKind = "all" | "horizon" | "weekday" | "promo" | "store_type" | "store_decile";

export const SEGMENT_KINDS: readonly SegmentKind[] = [
  "all",
  "horizon",
  "weekday",
  "promo",
  "store_type",
  "store_decile",
];

/** Days ahead that err alike, first and last included. */
export interface HorizonGroup {
  from: number;
  to: number;
}

export const HORIZON_GROUPS: readonly HorizonGroup[] = [
  { from: 1, to: 7 },
  { from: 8, to: 14 },
  { from: 15, to: 28 },
  { from: 29, to: 42 },
  { from: 43, to: 90 },
  { from: 91, to: 180 },
];

/** Index in {@link HORIZON_GROUPS} of a horizon; beyond the last group counts as the last. */
export function horizonGroupOf(horizon: number): number {
  for (let g = 0; g < HORIZON_GROUPS.length; g++) if (horizon <= HORIZON_GROUPS[g].to) return g;
  return HORIZON_GROUPS.length - 1;
}

/** The segment of a cell of a fold, as it is stored: "1-7", "3" (Wednesday), "promo", "a", "10" (largest tenth). */
export function segmentOf(
  kind: SegmentKind,
  fold: BacktestFold,
  store: number,
  h: number,
  context: SegmentContext,
): string {
  switch (kind) {
    case "all":
      return "all";
    case "horizon": {
      const { from, to } = HORIZON_GROUPS[horizonGroupOf(h)];
      return `${from}-${to}`;
    }
    case "weekday":
      return String(weekday(fold.origin + h));
    case "promo":
      return fold.promo[store * fold.horizon + h - 1] === 1 ? "promo" : "no_promo";
    case "store_type":
      return context.storeTypes[store] ?? "unknown";
    case "store_decile":
      return String(context.deciles[store]);
  }
}

export interface SegmentContext {
  storeTypes: readonly (string | null)[];
  /** 1 = smallest tenth of the stores … 10 = largest; 0 = never sold anything */
  deciles: Uint8Array;
}

/** Tenths of the stores by size as of the fold's origin. */
export function sizeDeciles(size: Float64Array): Uint8Array {
  const known = Array.from(size.keys()).filter((s) => !Number.isNaN(size[s]));
  known.sort((a, b) => size[a] - size[b] || a - b);
  const deciles = new Uint8Array(size.length);
  known.forEach((s, rank) => {
    deciles[s] = 1 + Math.floor((rank * 10) / known.length);
  });
  return deciles;
}
