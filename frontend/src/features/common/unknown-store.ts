import type { Store } from "../../lib/api-types.ts";

/**
 * A store in the address that the data does not have, in the form that the notice above a page takes.
 *
 * @param stores  undefined while they are being loaded: then nothing is known to be wrong
 * @param instead what is shown in its place: "all stores are shown"
 */
export function unknownStoreProblem(
  stores: readonly Store[] | undefined,
  store: number | null,
  instead: string,
): { names: string[]; sentence: string } | null {
  if (stores === undefined || store === null || stores.some((entry) => entry.store_id === store)) return null;
  return { names: ["store"], sentence: `There is no store ${store} in this data; ${instead}.` };
}
