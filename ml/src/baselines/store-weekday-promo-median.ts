/**
 * Median of log sales per store, weekday and promotion over the last 52 weeks. Simple, robust, and hard to beat by
 * anything that does not know about holidays and trends.
 *
 * Groups with few days are shrunk towards the store's median plus the chain's weekday x promotion offset.
 */
import { DRIVER_COUNT } from "../drivers/driver-groups.ts";
import { addUsualDay, mediansOf, mondayOf } from "../drivers/usual-day.ts";
import { ArtifactError } from "../errors.ts";
import { floatsToText, textToFloat64 } from "../float-text.ts";
import { medianInPlace } from "../median.ts";
import type { FittedModel, ForecastModel, JsonValue } from "../model.ts";
import type { Panel } from "../panel.ts";

const WINDOW_DAYS = 364;
/** weekday (by day index modulo 7) x promotion */
export const GROUPS = 14;
/** Groups with fewer days than this are shrunk. */
const SAFE_DAYS = 8;
/** Days of evidence that the prior is worth. */
const PRIOR_DAYS = 2;

/** Group of a day index: its place in the week, then promotion. */
export const groupOf = (t: number, promo: number): number => (t % 7) * 2 + promo;

export const storeWeekdayPromoMedian: ForecastModel = {
  name: "store_weekday_promo_median",
  fit: async (panel) => {
    const table = groupMedians(panel, panel.historyDays, WINDOW_DAYS);
    return fittedModel(panel.storeIds, panel.firstDay % 7, table.values, table.chain);
  },
  restore: (parameters: JsonValue) => {
    const { store_ids: ids, phase, values, chain } = parameters as { [key: string]: JsonValue };
    if (!Array.isArray(ids)) throw new ArtifactError("the list of stores of the medians is missing");
    const storeIds = Int32Array.from(ids as number[]);
    return fittedModel(
      storeIds,
      Number(phase),
      textToFloat64(values, storeIds.length * GROUPS, "table of medians"),
      textToFloat64(chain, GROUPS, "chain's medians"),
    );
  },
};

export interface GroupMedians {
  /** n x 14, log sales; NaN for a store without any day */
  values: Float64Array;
  /** 14: median over stores, finite unless nothing was ever sold */
  chain: Float64Array;
}

/**
 * Shrunken medians of log sales per store x weekday x promotion over the `window` days before day index `end`.
 *
 * @param end day index behind the last day that is looked at, ≤ historyDays
 */
export function groupMedians(panel: Panel, end: number, window: number): GroupMedians {
  const n = panel.storeIds.length;
  const raw = new Float64Array(n * GROUPS).fill(NaN);
  const counts = new Int32Array(n * GROUPS);
  const storeMedian = new Float64Array(n).fill(NaN);
  const buckets = Array.from({ length: GROUPS }, () => new Float64Array(window));
  const all = new Float64Array(window);
  const from = Math.max(0, end - window);
  for (let s = 0; s < n; s++) {
    const count = counts.subarray(s * GROUPS, (s + 1) * GROUPS);
    let days = 0;
    for (let t = from; t < end; t++) {
      const value = panel.logSales[s * panel.historyDays + t];
      if (Number.isNaN(value)) continue;
      const group = groupOf(t, panel.promo[s * panel.calendarDays + t]);
      buckets[group][count[group]++] = value;
      all[days++] = value;
    }
    storeMedian[s] = medianInPlace(all, days);
    for (let group = 0; group < GROUPS; group++) {
      raw[s * GROUPS + group] = medianInPlace(buckets[group], count[group]);
    }
  }
  const offsets = chainOffsets(raw, storeMedian);
  const values = new Float64Array(n * GROUPS);
  for (let s = 0; s < n; s++) {
    for (let group = 0; group < GROUPS; group++) {
      const cell = s * GROUPS + group;
      const prior = storeMedian[s] + offsets[group];
      const count = counts[cell];
      if (count === 0) values[cell] = prior;
      else if (count >= SAFE_DAYS) values[cell] = raw[cell];
      else values[cell] = (raw[cell] * count + prior * PRIOR_DAYS) / (count + PRIOR_DAYS);
    }
  }
  const level = medianOf(storeMedian);
  const chain = offsets.map((offset) => (Number.isNaN(level) ? 0 : level) + offset);
  return { values, chain };
}

/** Median over stores of (group − store median); 0 for a group nobody has. */
function chainOffsets(raw: Float64Array, storeMedian: Float64Array): Float64Array {
  const n = storeMedian.length;
  const offsets = new Float64Array(GROUPS);
  const differences = new Float64Array(n);
  for (let group = 0; group < GROUPS; group++) {
    let count = 0;
    for (let s = 0; s < n; s++) {
      const difference = raw[s * GROUPS + group] - storeMedian[s];
      if (!Number.isNaN(difference)) differences[count++] = difference;
    }
    offsets[group] = count === 0 ? 0 : medianInPlace(differences, count);
  }
  return offsets;
}

function medianOf(values: Float64Array): number {
  const finite = values.filter((value) => !Number.isNaN(value));
  return medianInPlace(finite, finite.length);
}

function fittedModel(
  storeIds: Int32Array,
  phase: number,
  values: Float64Array,
  chain: Float64Array,
): FittedModel {
  const rowOf = new Map(Array.from(storeIds, (id, s) => [id, s]));
  return {
    name: "store_weekday_promo_median",
    forecast(panel, storeIndexes, horizon) {
      const out = new Float64Array(storeIndexes.length * horizon);
      // A later load may begin on another weekday; the table keeps the place in the week of its own first day.
      const shift = (((panel.firstDay - phase) % 7) + 7) % 7;
      for (let i = 0; i < storeIndexes.length; i++) {
        const s = storeIndexes[i];
        const row = rowOf.get(panel.storeIds[s]);
        for (let h = 1; h <= horizon; h++) {
          const t = panel.historyDays - 1 + h;
          const cell = s * panel.calendarDays + t;
          if (panel.open[cell] !== 1) continue;
          const group = groupOf(t + shift, panel.promo[cell]);
          const own = row === undefined ? NaN : values[row * GROUPS + group];
          out[i * horizon + h - 1] = Math.exp(Number.isNaN(own) ? chain[group] : own);
        }
      }
      return out;
    },
    explain(panel, storeIndexes, horizon, from = 1) {
      const logs = new Float64Array(storeIndexes.length * horizon * DRIVER_COUNT);
      const shift = (((panel.firstDay - phase) % 7) + 7) % 7;
      const monday = mondayOf(panel.firstDay) + shift;
      storeIndexes.forEach((store, i) => {
        const medians = mediansOf(values, chain, rowOf.get(panel.storeIds[store]) ?? -1);
        for (let h = from; h <= horizon; h++) {
          const t = panel.historyDays - 1 + h;
          const cell = store * panel.calendarDays + t;
          if (panel.open[cell] !== 1) continue;
          const at = (i * horizon + h - 1) * DRIVER_COUNT;
          addUsualDay(medians, monday, t + shift, panel.promo[cell], 1, logs, at);
        }
      });
      return logs;
    },
    parameters: () => ({
      store_ids: Array.from(storeIds),
      phase,
      values: floatsToText(values),
      chain: floatsToText(chain),
    }),
  };
}
