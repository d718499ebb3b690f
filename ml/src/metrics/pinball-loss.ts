import { assertSameLength } from "@rossmann/core";

/**
 * Pinball loss of a quantile forecast: mean of τ(y − q) where y ≥ q, (1 − τ)(q − y) elsewhere.
 *
 * @param actual   observed sales, length n
 * @param quantile forecast of the τ-quantile in the same order, length n
 * @param tau      0–1
 * @returns currency units, ≥ 0; NaN when n is 0 or any value is NaN
 * @throws {ShapeError} when the lengths differ
 *
 * Source: Koenker & Bassett (1978), "Regression Quantiles", Econometrica 46.
 */
export function pinballLoss(actual: Float64Array, quantile: Float64Array, tau: number): number {
  assertSameLength(actual, quantile);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = actual[i] - quantile[i];
    sum += difference >= 0 ? tau * difference : (tau - 1) * difference;
  }
  return actual.length === 0 ? NaN : sum / actual.length;
}
