import { z } from "zod";
import { wholeNumber } from "./values.ts";

const LARGEST_NUMBER = 999_999_999_999_999;

/** The part of a query that asks for one page of a list that runs from the newest to the oldest. */
export const pageQuery = (most: number, usual: number) => ({
  limit: wholeNumber(1, most).default(usual).describe(`Most items; default ${usual}`),
  cursor: z
    .string()
    .regex(/^[\w.-]{1,64}$/, "must be the next_cursor of the page before")
    .optional()
    .describe("`next_cursor` of the page before; without it the newest"),
});

/** The part of an answer that tells where the next page begins. */
export const pageAnswer = {
  limit: z.int(),
  next_cursor: z.string().nullable().describe("`cursor` of the next page; null when this is the last one"),
};

/** As {@link pageQuery}, of a list that is numbered. */
export const numberedPageQuery = (most: number, usual: number) => ({
  ...pageQuery(most, usual),
  cursor: wholeNumber(1, LARGEST_NUMBER)
    .optional()
    .describe("`next_cursor` of the page before; without it the newest"),
});

/**
 * One page out of what was read for it.
 *
 * @param rows one more than the limit when there are more, so ask for `limit + 1`
 * @param key  what the next page continues behind
 */
export function pageOf<Row>(rows: readonly Row[], limit: number, key: (last: Row) => string | number) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? String(key(last)) : null };
}
