import { createParser, parseAsString, parseAsStringLiteral } from "nuqs";
import type { Sort } from "../../components/table-column.ts";
import type { Store } from "../../lib/api-types.ts";
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

/** The ranking's order: a column, and `-` in front of it for descending. */
const sortParam = createParser<NonNullable<Sort>>({
  parse: (text) => {
    const desc = text.startsWith("-");
    const key = desc ? text.slice(1) : text;
    return SORT_KEYS.includes(key) ? { key, desc } : null;
  },
  serialize: ({ key, desc }) => `${desc ? "-" : ""}${key}`,
  eq: (a, b) => a.key === b.key && a.desc === b.desc,
});

export const tableParams = { q: parseAsString.withDefault(""), sort: sortParam };

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
