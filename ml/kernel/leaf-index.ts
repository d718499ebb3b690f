// Sixteen rows at a time: the first eight splits make the low byte of the leaf number, the others the high one.
export function leafIndex(splits: usize, depth: i32, begin: i32, end: i32, leaf: usize): void {
  for (let row = begin; row < end; row += 16) {
    let low = i8x16.splat(0);
    let high = i8x16.splat(0);
    for (let j = 0; j < depth; j++) {
      const column = <usize>load<u32>(splits + (<usize>j << 3));
      const border = i8x16.splat(<i8>load<i32>(splits + (<usize>j << 3), 4));
      const passes = i8x16.gt_u(v128.load(column + row), border);
      const bit = i8x16.splat(<i8>((<i32>1) << (j & 7)));
      if (j < 8) low = v128.or(low, v128.and(passes, bit));
      else high = v128.or(high, v128.and(passes, bit));
    }
    const to = leaf + (<usize>row << 1);
    v128.store(to, i8x16.shuffle(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(to, i8x16.shuffle(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
  }
}
