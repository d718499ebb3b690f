// Binary search without branches: how often the loop runs depends on the number of borders only, so the searches of
// neighbouring rows overlap.
export function binarise(values: usize, count: i32, borders: usize, borderCount: i32, nanBin: i32, bins: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<f32>(values + (i << 2));
    let at = borders;
    let left = <usize>borderCount;
    while (left > 1) {
      const half = left >> 1;
      at += select<usize>(half << 2, 0, load<f32>(at + ((half - 1) << 2)) < value);
      left -= half;
    }
    const bin = <i32>((at - borders) >> 2) + <i32>(load<f32>(at) < value);
    store<u8>(bins + i, select<i32>(bin, nanBin, value == value));
  }
}
