import type { StoreFeature } from "./feature.ts";
import { meanResidual, type OriginView } from "./origin-view.ts";

const WINDOW_DAYS = 28;

/** Mean 28-day level over the chain and over the store's region. */
export const groupLevel: StoreFeature = {
  scope: "store",
  names: ["chain_level28", "region_level28"],
  compute(view, store, out, at) {
    const levels = levelsOf(view);
    out[at] = levels.chain;
    out[at + 1] = levels.region[view.region[store]];
  },
};

const known = new WeakMap<object, { chain: number; region: Float64Array }>();

function levelsOf(view: OriginView): { chain: number; region: Float64Array } {
  const ready = known.get(view.history);
  if (ready !== undefined) return ready;
  const region = new Float64Array(view.regions);
  const counts = new Int32Array(view.regions);
  let chain = 0;
  let count = 0;
  for (let s = 0; s < view.region.length; s++) {
    const level = meanResidual(view, s, view.end - WINDOW_DAYS, view.end - 1);
    if (Number.isNaN(level)) continue;
    chain += level;
    count++;
    region[view.region[s]] += level;
    counts[view.region[s]]++;
  }
  const levels = {
    chain: count === 0 ? NaN : chain / count,
    region: region.map((sum, r) => (counts[r] === 0 ? NaN : sum / counts[r])),
  };
  known.set(view.history, levels);
  return levels;
}
