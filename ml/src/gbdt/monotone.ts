/** Rounds of the projection; it converges long before on the few bits a tree has. */
const ROUNDS = 200;

/**
 * The nearest leaf values that rise (or fall) with the constrained splits: isotonic projection over the partial order of leaves
 * that differ in constrained bits, by Dykstra's alternating projections; one bit after the other is made monotone by averaging
 * the pairs that are not.
 *
 * Source of the method: Boyle & Dykstra (1986), "A method for finding projections onto the intersection of convex sets".
 *
 * @param values      2^depth · outputs, changed in place
 * @param weights     how firmly each value holds, same shape
 * @param directions  per split: +1 rising, −1 falling, 0 free
 */
export function projectMonotone(
  values: Float64Array,
  weights: Float64Array,
  directions: readonly number[],
  outputs: number,
): void {
  const bits = directions.flatMap((direction, bit) => (direction === 0 ? [] : [{ bit, direction }]));
  if (bits.length === 0) return;
  const leaves = 1 << directions.length;
  const corrections = bits.map(() => new Float64Array(values.length));
  for (let round = 0; round < (bits.length === 1 ? 1 : ROUNDS); round++) {
    let moved = 0;
    for (const [i, { bit, direction }] of bits.entries()) {
      const correction = corrections[i];
      forEachPair(leaves, outputs, bit, direction, (low, high) => {
        const lowValue = values[low] + correction[low];
        const highValue = values[high] + correction[high];
        const total = weights[low] + weights[high];
        const mean =
          total > 0
            ? (lowValue * weights[low] + highValue * weights[high]) / total
            : (lowValue + highValue) / 2;
        const isRight = lowValue <= highValue;
        const newLow = isRight ? lowValue : mean;
        const newHigh = isRight ? highValue : mean;
        moved = Math.max(moved, Math.abs(newLow - values[low]), Math.abs(newHigh - values[high]));
        correction[low] = lowValue - newLow;
        correction[high] = highValue - newHigh;
        values[low] = newLow;
        values[high] = newHigh;
      });
    }
    if (moved === 0) break;
  }
  // What rounding left over: lift every leaf to the highest of those below it.
  for (const { bit, direction } of bits)
    forEachPair(leaves, outputs, bit, direction, (low, high) => {
      values[high] = Math.max(values[high], values[low]);
    });
}

function forEachPair(
  leaves: number,
  outputs: number,
  bit: number,
  direction: number,
  visit: (low: number, high: number) => void,
): void {
  for (let leaf = 0; leaf < leaves; leaf++) {
    if ((leaf & (1 << bit)) !== 0) continue;
    const other = leaf | (1 << bit);
    for (let output = 0; output < outputs; output++) {
      const here = leaf * outputs + output;
      const there = other * outputs + output;
      if (direction > 0) visit(here, there);
      else visit(there, here);
    }
  }
}
