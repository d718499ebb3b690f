/**
 * How a row's gradient and weight are written into one 64-bit number: gradient · gradientScale in the high bits, signed, and
 * weight · weightScale in the low ones. Scales are powers of two, so that taking them out again is exact.
 */
export interface FixedPoint {
  gradientScale: number;
  weightScale: number;
  /** low bits that hold the weight */
  weightBits: number;
  /** rows that can be added up before either half could overflow */
  flushRows: number;
}

/**
 * With weights of 1: 15 bits of count and 49 of gradient hold 16,384 rows of 34-bit gradients. With weights: 29 bits and 35
 * hold 4,096 rows of 17-bit weights and 22-bit gradients. Whatever the rows, their total stays below 2^53, so that doubles
 * hold it exactly.
 *
 * @param largestGradient largest |gradient|, finite
 * @param largestWeight   largest weight, or null when all are 1
 */
export function fixedPoint(rows: number, largestGradient: number, largestWeight: number | null): FixedPoint {
  const roomForSum = 52 - Math.ceil(Math.log2(Math.max(2, rows)));
  const gradientBits = Math.min(largestWeight === null ? 33 : 22, roomForSum);
  const gradientScale = powerOfTwoBelow(2 ** gradientBits - 1, largestGradient);
  if (largestWeight === null) return { gradientScale, weightScale: 1, weightBits: 15, flushRows: 16_384 };
  return {
    gradientScale,
    weightScale: powerOfTwoBelow(2 ** 17 - 1, largestWeight),
    weightBits: 29,
    flushRows: 4_096,
  };
}

/** The largest power of two that keeps `largest` times itself within `limit`. */
function powerOfTwoBelow(limit: number, largest: number): number {
  if (largest === 0) return 1;
  // A gradient of 1e-300 would ask for a scale beyond the doubles.
  return 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(limit / largest))));
}
