// Sum and weight of a leaf lie side by side and are added to together.
export function sumByLeaf(values: usize, weight: usize, leaf: usize, count: i32, stride: i32, out: usize): void {
  const width = <usize>stride << 4;
  for (let i: usize = 0; i < <usize>count; i++) {
    const to = out + <usize>load<u16>(leaf + (i << 1)) * width;
    const rowWeight = weight == 0 ? 1.0 : load<f64>(weight + (i << 3));
    const pair = f64x2.replace_lane(f64x2.splat(load<f64>(values + (i << 3)) * rowWeight), 1, rowWeight);
    v128.store(to, f64x2.add(v128.load(to), pair));
  }
}
