/** What a scenario assumes rather than learns: a shift of demand, and what a price does to volume. */

export interface Assumptions {
  demandShiftPct: number;
  priceChangePct: number;
  /** percent of volume lost for each percent of price increase */
  elasticity: number;
}

export interface AssumedFactors {
  /** −elasticity · price change */
  priceEffectPct: number;
  /** demand shift and price effect together, at least −100 */
  volumePct: number;
  /** volume against the forecast */
  volume: number;
  /** turnover of one unit against today */
  price: number;
  /** the shift was held at −100 %: no volume is left */
  isCutOff: boolean;
}

/** Percent are added, not multiplied: +10 % demand and −5 % by price is +5 %. */
export function factorsOf({ demandShiftPct, priceChangePct, elasticity }: Assumptions): AssumedFactors {
  // Not −0, which JSON and people would wonder about.
  const priceEffectPct = priceChangePct === 0 ? 0 : -elasticity * priceChangePct;
  const wished = demandShiftPct + priceEffectPct;
  const volumePct = Math.max(-100, wished);
  return {
    priceEffectPct,
    volumePct,
    volume: (100 + volumePct) / 100,
    price: (100 + priceChangePct) / 100,
    isCutOff: wished < -100,
  };
}
