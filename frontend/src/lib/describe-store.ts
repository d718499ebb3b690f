import type { Store } from "./api-types.ts";

const ASSORTMENTS: Record<string, string> = { a: "basic", b: "extra", c: "extended" };

/** The assortment's letter with the word for it: `a (basic)`; a letter nobody explains stays alone. */
export function assortmentName(letter: string | null): string | null {
  if (letter === null) return null;
  const word = ASSORTMENTS[letter];
  return word ? `${letter} (${word})` : letter;
}

/** A store in a few words: `type c · assortment a (basic) · rank 12`. Unknown parts are left out. */
export function describeStore(store: Store): string {
  return [
    store.store_type && `type ${store.store_type}`,
    store.assortment && `assortment ${assortmentName(store.assortment)}`,
    store.sales_rank && `rank ${store.sales_rank}`,
  ]
    .filter(Boolean)
    .join(" · ");
}
