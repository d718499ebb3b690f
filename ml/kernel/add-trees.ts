/** Rows binarised at a time, as in predictor.ts. */
const BLOCK: usize = 256;

// Leaves of sixteen rows at a time; then every row looks its leaf's values up. Trees deeper than eight take the low byte of the
// leaf number first and the high byte after.
export function addTrees(
  bins: usize,
  count: i32,
  trees: i32,
  depths: usize,
  splitColumns: usize,
  splitThresholds: usize,
  leafValues: usize,
  outputs: i32,
  leaves: usize,
  out: usize,
): void {
  memory.fill(out, 0, (<usize>count * outputs) << 3);
  const high = leaves + BLOCK;
  for (let tree = 0; tree < trees; tree++) {
    const depth = <i32>load<u8>(depths + tree);
    findBytes(bins, count, splitColumns, splitThresholds, min(depth, 8), leaves);
    if (depth > 8) findBytes(bins, count, splitColumns + 32, splitThresholds + 8, depth - 8, high);
    if (outputs == 1 && depth <= 8) {
      let to = out;
      const stop = leaves + count;
      let at = leaves;
      for (; at + 8 <= stop; at += 8, to += 64) {
        const eight = load<u64>(at);
        addValue(to, 0, leafValues, <usize>(eight << 3) & 0x7f8);
        addValue(to, 8, leafValues, <usize>(eight >> 5) & 0x7f8);
        addValue(to, 16, leafValues, <usize>(eight >> 13) & 0x7f8);
        addValue(to, 24, leafValues, <usize>(eight >> 21) & 0x7f8);
        addValue(to, 32, leafValues, <usize>(eight >> 29) & 0x7f8);
        addValue(to, 40, leafValues, <usize>(eight >> 37) & 0x7f8);
        addValue(to, 48, leafValues, <usize>(eight >> 45) & 0x7f8);
        addValue(to, 56, leafValues, <usize>(eight >> 53) & 0x7f8);
      }
      for (; at < stop; at++, to += 8) addValue(to, 0, leafValues, <usize>load<u8>(at) << 3);
    } else {
      for (let row: usize = 0; row < <usize>count; row++) {
        let leaf = <usize>load<u8>(leaves + row);
        if (depth > 8) leaf |= <usize>load<u8>(high + row) << 8;
        for (let output: usize = 0; output < <usize>outputs; output++)
          addValue(out, (row * outputs + output) << 3, leafValues, (leaf * outputs + output) << 3);
      }
    }
    splitColumns += <usize>depth << 2;
    splitThresholds += depth;
    leafValues += (<usize>outputs << depth) << 3;
  }
}

// @ts-ignore: decorator
@inline
function addValue(out: usize, place: usize, values: usize, value: usize): void {
  const to = out + place;
  store<f64>(to, load<f64>(to) + load<f64>(values + value));
}

function findBytes(bins: usize, count: i32, columns: usize, thresholds: usize, depth: i32, leaves: usize): void {
  for (let row = 0; row < count; row += 16) {
    let leaf = i8x16.splat(0);
    for (let j = 0; j < depth; j++) {
      const column = bins + <usize>load<u32>(columns + (<usize>j << 2)) * BLOCK;
      const passes = i8x16.gt_u(v128.load(column + row), i8x16.splat(load<i8>(thresholds + j)));
      leaf = v128.or(leaf, v128.and(passes, i8x16.splat(<i8>((<i32>1) << j))));
    }
    v128.store(leaves + row, leaf);
  }
}
