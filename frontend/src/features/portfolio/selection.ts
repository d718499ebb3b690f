import type { Store } from "../../lib/api-types.ts";
import { plural } from "../../lib/format.ts";
import { type Segment, segmentProblems, segmentWords, storesOf } from "../common/segment.ts";
import type { Way } from "./params.ts";

/** What the address says about which stores are planned together. */
export interface Selection extends Segment {
  pick: Way;
  top: number;
  stores: number[];
}

/** The stores of a selection, best sellers first when picked by sales, else by number. Unknown ones are left out. */
export function selectStores(all: readonly Store[], selection: Selection): Store[] {
  switch (selection.pick) {
    case "all":
      return [...all];
    case "top":
      return all
        .filter((store) => store.sales_rank !== null)
        .toSorted((a, b) => (a.sales_rank ?? 0) - (b.sales_rank ?? 0))
        .slice(0, selection.top);
    case "segment":
      return storesOf(all, selection);
    case "search": {
      const wanted = new Set(selection.stores);
      return all.filter((store) => wanted.has(store.store_id));
    }
  }
}

/** A selection as the subject of a sentence: "The 10 best-selling stores". */
export function selectionWords(selection: Selection, stores: readonly Store[], all: number): string {
  const [first, second] = stores;
  if (first && second === undefined) return `Store ${first.store_id}`;
  if (stores.length === all) return `All ${plural(all, "store")}`;
  if (selection.pick === "top") return `The ${plural(stores.length, "best-selling store")}`;
  if (selection.pick === "segment")
    return `The ${plural(stores.length, "store")} with ${segmentWords(selection)}`;
  return `The ${plural(stores.length, "chosen store")}`;
}

/** What of a selection the data cannot give, as problems of the address. */
export function selectionProblems(
  all: readonly Store[] | undefined,
  selection: Selection,
): { names: string[]; sentence: string }[] {
  if (all === undefined) return [];
  if (selection.pick === "segment") return segmentProblems(all, selection);
  if (selection.pick !== "search") return [];
  const known = new Set(all.map((store) => store.store_id));
  const unknown = selection.stores.filter((id) => !known.has(id));
  if (unknown.length === 0) return [];
  const named = unknown.slice(0, 5).join(", ");
  const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : "";
  return [{ names: ["stores"], sentence: `There is no store ${named}${more} in this data; it is left out.` }];
}
