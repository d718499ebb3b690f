export function pack(
  packed: usize,
  weight: usize,
  begin: i32,
  end: i32,
  gradientScale: f64,
  weightScale: f64,
  weightBits: i32,
): void {
  const shift = <i64>weightBits;
  for (let i = begin; i < end; i++) {
    const at = packed + (<usize>i << 3);
    const gradient = <i64>Math.floor(load<f64>(at) * gradientScale + 0.5);
    const rowWeight = weight == 0 ? 1 : <i64>Math.floor(load<f64>(weight + (<usize>i << 3)) * weightScale + 0.5);
    // A negative gradient borrows from the bits above; shifting a sum back down, rounding to −∞, returns exactly what went in.
    store<i64>(at, (gradient << shift) + rowWeight);
  }
}
