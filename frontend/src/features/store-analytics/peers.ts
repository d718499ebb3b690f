import type { Store } from "../../lib/api-types.ts";

export interface PeerComparison {
  /** Stores of the same type and assortment with sales, the store itself among them. */
  count: number;
  /** 1 = the best of them by sales of an open day. */
  rank: number;
  median: number;
  /** (own − median) / median */
  ratio: number;
  /** Sales of an open day of all peers, ascending. */
  values: number[];
}

/** A store among the stores of the same type and assortment; null when it has no sales or no peer. */
export function comparePeers(stores: readonly Store[], store: Store): PeerComparison | null {
  const own = store.avg_daily_sales;
  if (own === null) return null;
  const values = stores
    .filter((entry) => entry.store_type === store.store_type && entry.assortment === store.assortment)
    .flatMap((entry) => (entry.avg_daily_sales === null ? [] : [entry.avg_daily_sales]))
    .toSorted((a, b) => a - b);
  if (values.length < 2) return null;
  const median = medianOf(values);
  return {
    count: values.length,
    rank: values.filter((value) => value > own).length + 1,
    median,
    ratio: (own - median) / median,
    values,
  };
}

/** The middle of ascending values; the mean of the two middle ones when their number is even; NaN of none. */
export function medianOf(ascending: readonly number[]): number {
  const middle = ascending.length / 2;
  const upper = ascending[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((ascending[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}
