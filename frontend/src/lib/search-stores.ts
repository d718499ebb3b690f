import type { Store } from "./api-types.ts";
import { assortmentName } from "./describe-store.ts";

/**
 * The stores that a text asks for, in the order given. A number finds the stores whose number starts with it, the exact
 * one first; words find type and assortment (`type c`, `extended`); several words must all fit. Nothing typed is everything.
 */
export function searchStores(stores: readonly Store[], text: string): readonly Store[] {
  const words = text
    .toLowerCase()
    .replace(/\b(store|type|assortment|rank)\s+(?=\w)/g, "$1:")
    .split(/\s+/)
    .filter(Boolean);
  if (words.length === 0) return stores;
  const found = stores.filter((store) => words.every((word) => fits(store, word)));
  const exact = found.findIndex((store) => words.includes(String(store.store_id)));
  const first = found[exact];
  return exact > 0 && first ? [first, ...found.slice(0, exact), ...found.slice(exact + 1)] : found;
}

function fits(store: Store, word: string): boolean {
  const [name, wanted] = word.includes(":") ? word.split(":", 2) : [null, word];
  if (wanted === undefined || wanted === "") return true;
  if (name === "type") return store.store_type === wanted;
  if (name === "assortment") return (assortmentName(store.assortment) ?? "").includes(wanted);
  if (name === "rank") return String(store.sales_rank ?? "") === wanted;
  return (
    String(store.store_id).startsWith(wanted) ||
    (wanted.length > 1 && (assortmentName(store.assortment) ?? "").includes(wanted))
  );
}
