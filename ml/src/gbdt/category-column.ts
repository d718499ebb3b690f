import { categoryHash } from "./cat-hash.ts";
import { ModelColumnsError } from "./errors.ts";
import type { ColumnValues } from "./predictor.ts";

/** Hashes of texts met before; categories are few and rows many. */
const known = new Map<string, number>();
const MOST_KNOWN = 100_000;

/**
 * Signed hashes of the categories in rows [begin, begin + count).
 *
 * @throws {ModelColumnsError} for a number that is not whole: "3.0" and "3" would be different categories
 */
export function categoryHashes(column: ColumnValues, begin: number, count: number): Int32Array {
  const hashes = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const value = column[begin + i];
    if (typeof value === "number" && !Number.isInteger(value))
      throw new ModelColumnsError(
        `a category must be a text or a whole number, got ${value} at row ${begin + i}`,
      );
    hashes[i] = hashOf(String(value));
  }
  return hashes;
}

function hashOf(text: string): number {
  let hash = known.get(text);
  if (hash === undefined) {
    hash = categoryHash(text);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, hash);
  }
  return hash;
}
