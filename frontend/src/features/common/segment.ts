import { parseAsString, parseAsStringLiteral } from "nuqs";
import type { Store } from "../../lib/api-types.ts";
import { assortmentName } from "../../lib/describe-store.ts";

/** What stores of a group have in common; an empty text or null leaves an attribute open. */
export interface Segment {
  type: string;
  assortment: string;
  promo2: "1" | "0" | null;
}

/** A segment in the address. */
export const segmentParams = {
  type: parseAsString.withDefault(""),
  assortment: parseAsString.withDefault(""),
  promo2: parseAsStringLiteral(["1", "0"] as const),
};

export const hasSegment = ({ type, assortment, promo2 }: Segment): boolean =>
  type !== "" || assortment !== "" || promo2 !== null;

/** The stores of a segment; a segment without any mark is no segment and has none. */
export function storesOf(all: readonly Store[], segment: Segment): Store[] {
  if (!hasSegment(segment)) return [];
  const { type, assortment, promo2 } = segment;
  return all.filter(
    (store) =>
      (type === "" || store.store_type === type) &&
      (assortment === "" || store.assortment === assortment) &&
      (promo2 === null || (store.promo2 ?? 0) === Number(promo2)),
  );
}

/** A segment in words, after "with": `type a, assortment c (extended), no Promo2`. */
export function segmentWords({ type, assortment, promo2 }: Segment): string {
  return [
    type && `type ${type}`,
    assortment && `assortment ${assortmentName(assortment)}`,
    promo2 !== null && (promo2 === "1" ? "Promo2" : "no Promo2"),
  ]
    .filter(Boolean)
    .join(", ");
}

/** A segment as the API takes it. */
export const segmentBody = ({ type, assortment, promo2 }: Segment) => ({
  store_type: type === "" ? null : type,
  assortment: assortment === "" ? null : assortment,
  promo2: promo2 === null ? null : Number(promo2),
});

/** Values that stores have in an attribute, in order, for a choice. */
export function valuesOf(all: readonly Store[], attribute: "store_type" | "assortment"): string[] {
  return [...new Set(all.map((store) => store[attribute]))].filter((value) => value !== null).toSorted();
}

/** Values of a segment that no store has, as problems of the address. */
export function segmentProblems(
  all: readonly Store[] | undefined,
  segment: Segment,
): { names: string[]; sentence: string }[] {
  if (all === undefined) return [];
  return (["type", "assortment"] as const).flatMap((name) => {
    const value = segment[name];
    if (value === "" || valuesOf(all, name === "type" ? "store_type" : name).includes(value)) return [];
    return [{ names: [name], sentence: `No store is of ${name} “${value.slice(0, 20)}”.` }];
  });
}
