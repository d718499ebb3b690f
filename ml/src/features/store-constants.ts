import type { StoreFeature } from "./feature.ts";
import { monthOfRound } from "./promo2.ts";

/** What never changes: type, assortment, log distance of the competitor, promo2 and its months, region. */
export const storeConstants: StoreFeature = {
  scope: "store",
  names: ["store_type", "assortment", "log_competition_distance", "promo2", "promo2_round", "region"],
  compute(view, store, out, at) {
    const { stores } = view.panel;
    out[at] = letter(stores.storeType[store]);
    out[at + 1] = letter(stores.assortment[store]);
    out[at + 2] = Math.log1p(stores.competitionDistance[store]);
    out[at + 3] = stores.promo2[store] === 255 ? NaN : stores.promo2[store];
    // Rounds begin every third month: January's place in the round names the list.
    out[at + 4] = monthOfRound(stores.promoInterval[store], 1);
    out[at + 5] = view.region[store];
  },
};

/** "a" → 1, "b" → 2 …; other words by their first letter; NaN when missing. */
const letter = (text: string | null) =>
  text === null || text === "" ? NaN : text.toLowerCase().charCodeAt(0) - 96;
