import { assertSameLength } from "@rossmann/core";

/**
 * Weighted absolute percentage error (WAPE): Σ|ŷ − y| / Σ|y|.
 * Our headline metric, since unlike MAPE it is defined when single days have no sales.
 *
 * @param actual    observed sales in currency units, length n
 * @param predicted forecast for the same days in the same order, length n
 * @returns ratio ≥ 0 (0.12 reads "12 %"); NaN when every actual is 0, when n is 0, or when any value is NaN
 * @throws {ShapeError} when the lengths differ
 *
 * Source: Kolassa & Schütz (2007), "Advantages of the MAD/Mean ratio over the MAPE", Foresight 6.
 */
export function wape(actual: Float64Array, predicted: Float64Array): number {
  assertSameLength(actual, predicted);
  let error = 0;
  let total = 0;
  for (let i = 0; i < actual.length; i++) {
    error += Math.abs(predicted[i] - actual[i]);
    total += Math.abs(actual[i]);
  }
  return total === 0 ? NaN : error / total;
}
