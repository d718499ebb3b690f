/** Quantiles of Student's t and of the normal distribution. */

/**
 * Quantile of Student's t for p ≥ 0.5 and whole degrees of freedom ≥ 1.
 *
 * Source: Hill (1970), "Algorithm 396: Student's t-quantiles", CACM 13; exact for 1 and 2 degrees of freedom.
 */
export function studentQuantile(p: number, freedom: number): number {
  const two = 2 * (1 - p);
  if (two >= 1) return 0;
  if (freedom === 1) return Math.tan((Math.PI / 2) * (1 - two));
  if (freedom === 2) return Math.sqrt(2 / (two * (2 - two)) - 2);
  const a = 1 / (freedom - 0.5);
  const b = 48 / (a * a);
  let c = ((20700 * a) / b - 98) * a - 16;
  c = c * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * freedom;
  let y = (d * two) ** (2 / freedom);
  if (y > 0.05 + a) {
    const x = normalUpperQuantile(two / 2);
    y = x * x;
    if (freedom < 5) c += 0.3 * (freedom - 4.5) * (x + 0.6);
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = Math.expm1(a * y * y);
  } else {
    y =
      ((1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3) + 0.5 / (freedom + 4)) *
        y -
        1) *
        ((freedom + 1) / (freedom + 2)) +
      1 / y;
  }
  return Math.sqrt(freedom * y);
}

/** −Φ⁻¹(tail) for 0 < tail ≤ 0.5, absolute error below 4.5e-4. Source: Abramowitz & Stegun (1964), 26.2.23. */
export function normalUpperQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail));
  const numerator = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  return t - numerator / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
}
