import { createParser, parseAsString, parseAsStringLiteral } from "nuqs";
import type { Store } from "../../lib/api-types.ts";
import { parseAsSort } from "../../lib/sort-param.ts";
import { parseAsIds } from "../../lib/url-state.ts";

export const granularityParam = parseAsStringLiteral(["daily", "monthly"] as const).withDefault("daily");

/** Further stores that are drawn beside the chosen one. */
export const MOST_COMPARED = 5;
export const comparedParam = createParser<number[]>({
  parse: (text) => {
    const ids = parseAsIds.parse(text);
    return ids !== null && ids.length <= MOST_COMPARED ? ids : null;
  },
  serialize: parseAsIds.serialize,
  eq: (a, b) => a.join() === b.join(),
}).withDefault([]);

const SORT_KEYS = [
  "sales_rank",
  "store_id",
  "store_type",
  "avg_daily_sales",
  "total_sales",
  "competition_distance",
  "assortment",
];

export const tableParams = { q: parseAsString.withDefault(""), sort: parseAsSort(SORT_KEYS) };

/** Stores to compare with that the data does not have, as a problem of the address. */
export function unknownComparedProblem(
  stores: readonly Store[] | undefined,
  ids: readonly number[],
): { names: string[]; sentence: string } | null {
  const unknown =
    stores === undefined ? [] : ids.filter((id) => !stores.some((entry) => entry.store_id === id));
  if (unknown.length === 0) return null;
  return {
    names: ["with"],
    sentence: `There is no store ${unknown.join(", ")} in this data; it is left out of the comparison.`,
  };
}
