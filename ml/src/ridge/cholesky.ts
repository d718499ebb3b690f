/**
 * Solve (A + diag(penalties)) x = b for a symmetric positive semidefinite A by Cholesky's factorisation.
 *
 * A direction that the data do not decide (pivot below a billionth of the largest diagonal element) gets 0 instead of
 * an arbitrary value, so an unpenalised column without a single row is harmless.
 *
 * @param a         p x p, row by row, only the upper triangle is read
 * @param penalties length p, ≥ 0
 * @param b         length p
 * @param out       length p, written
 * @param scratch   p x p, overwritten
 */
export function solveRidge(
  a: Float64Array,
  penalties: Float64Array,
  b: Float64Array,
  out: Float64Array,
  scratch: Float64Array,
): void {
  const p = b.length;
  let largest = 0;
  for (let i = 0; i < p; i++) largest = Math.max(largest, a[i * p + i] + penalties[i]);
  const tiny = largest * 1e-9;
  // Upper factor: A = UᵀU, row i of U in scratch[i * p + i …].
  for (let i = 0; i < p; i++) {
    const row = i * p;
    for (let j = i; j < p; j++) scratch[row + j] = a[row + j];
    scratch[row + i] += penalties[i];
    for (let k = 0; k < i; k++) {
      const factor = scratch[k * p + i];
      if (factor === 0) continue;
      for (let j = i; j < p; j++) scratch[row + j] -= factor * scratch[k * p + j];
    }
    const pivot = scratch[row + i];
    if (pivot <= tiny) {
      for (let j = i; j < p; j++) scratch[row + j] = 0;
      continue;
    }
    const scale = 1 / Math.sqrt(pivot);
    for (let j = i; j < p; j++) scratch[row + j] *= scale;
  }
  for (let i = 0; i < p; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= scratch[k * p + i] * out[k];
    const pivot = scratch[i * p + i];
    out[i] = pivot === 0 ? 0 : sum / pivot;
  }
  for (let i = p - 1; i >= 0; i--) {
    let sum = out[i];
    for (let j = i + 1; j < p; j++) sum -= scratch[i * p + j] * out[j];
    const pivot = scratch[i * p + i];
    out[i] = pivot === 0 ? 0 : sum / pivot;
  }
}
