// One number per bin and one addition per row and feature: the gradient in the high bits, the weight in the low ones.
//
// Rows are taken in blocks that fit the first-level cache. Listed rows are first gathered there: a loop that does nothing but
// copy keeps many cache misses under way at once, which the additions, each waiting for its bin, could not. Then eight features
// at a time, whose bins come with one load, add into 8 · bins · 8 bytes.

const BLOCK: i32 = 256;
/** As in memory.ts. */
const SCRATCH_BYTES: i32 = 128 * 1024;

export function histogram(
  rowBins: usize,
  rowStride: i32,
  features: i32,
  bins: i32,
  packed: usize,
  weight: usize,
  order: usize,
  begin: i32,
  end: i32,
  gradientScale: f64,
  weightScale: f64,
  weightBits: i32,
  flushRows: i32,
  scratch: usize,
  out: usize,
): void {
  const cells = features * bins;
  const sums = scratch;
  const gathered = scratch + (((<usize>cells << 3) + 63) & ~63);
  const block = min(BLOCK, SCRATCH_BYTES / (rowStride + 8));
  const gradients = gathered + <usize>(block * rowStride);
  const gradientUnit = 1.0 / gradientScale;
  const weightUnit = weight == 0 ? 1.0 : 1.0 / weightScale;

  if (begin >= end) {
    memory.fill(out, 0, <usize>cells << 4);
    return;
  }
  let isFirst = true;
  let row = begin;
  while (row < end) {
    const flushAt = min(end, row + flushRows);
    while (row < flushAt) {
      const count = min(block, flushAt - row);
      if (order == 0) {
        accumulate(rowBins + <usize>row * rowStride, rowStride, features, bins, packed + (<usize>row << 3), count, sums);
      } else {
        gather(order + (<usize>row << 2), count, rowBins, rowStride, packed, gathered, gradients);
        accumulate(gathered, rowStride, features, bins, gradients, count, sums);
      }
      row += count;
    }
    flush(sums, cells, weightBits, gradientUnit, weightUnit, out, isFirst);
    isFirst = false;
  }
}

// @ts-ignore: decorator
@inline
function gather(order: usize, count: i32, rowBins: usize, rowStride: i32, packed: usize, rows: usize, gradients: usize): void {
  let to = rows;
  if (rowStride == 32) {
    for (let i = 0; i < count; i++) {
      const row = <usize>load<u32>(order + (<usize>i << 2));
      const from = rowBins + (row << 5);
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      store<u64>(gradients + (<usize>i << 3), load<u64>(packed + (row << 3)));
      to += 32;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    const row = <usize>load<u32>(order + (<usize>i << 2));
    const from = rowBins + row * rowStride;
    let k: i32 = 0;
    for (; k + 16 <= rowStride; k += 16) v128.store(to + k, v128.load(from + k));
    if (k < rowStride) store<u64>(to + k, load<u64>(from + k));
    store<u64>(gradients + (<usize>i << 3), load<u64>(packed + (row << 3)));
    to += rowStride;
  }
}

// @ts-ignore: decorator
@inline
function bump(base: usize, cell: usize, gradient: i64): void {
  const at = base + cell;
  store<i64>(at, load<i64>(at) + gradient);
}

function accumulate(rows: usize, rowStride: i32, features: i32, bins: i32, gradients: usize, count: i32, sums: usize): void {
  const width = <usize>bins << 3;
  let feature = 0;
  let first = sums;
  for (; feature + 8 <= features; feature += 8) {
    const h1 = first + width;
    const h2 = h1 + width;
    const h3 = h2 + width;
    const h4 = h3 + width;
    const h5 = h4 + width;
    const h6 = h5 + width;
    const h7 = h6 + width;
    let at = rows + feature;
    let from = gradients;
    const stop = gradients + (<usize>count << 3);
    while (from < stop) {
      const gradient = load<i64>(from);
      const eight = load<u64>(at);
      const low = <u32>eight;
      const high = <u32>(eight >> 32);
      bump(first, (low << 3) & 0x7f8, gradient);
      bump(h1, (low >> 5) & 0x7f8, gradient);
      bump(h2, (low >> 13) & 0x7f8, gradient);
      bump(h3, (low >> 21) & 0x7f8, gradient);
      bump(h4, (high << 3) & 0x7f8, gradient);
      bump(h5, (high >> 5) & 0x7f8, gradient);
      bump(h6, (high >> 13) & 0x7f8, gradient);
      bump(h7, (high >> 21) & 0x7f8, gradient);
      at += rowStride;
      from += 8;
    }
    first += width << 3;
  }
  if (feature + 4 <= features) {
    const h1 = first + width;
    const h2 = h1 + width;
    const h3 = h2 + width;
    let at = rows + feature;
    for (let i = 0; i < count; i++) {
      const gradient = load<i64>(gradients + (<usize>i << 3));
      const four = load<u32>(at);
      bump(first, (four << 3) & 0x7f8, gradient);
      bump(h1, (four >> 5) & 0x7f8, gradient);
      bump(h2, (four >> 13) & 0x7f8, gradient);
      bump(h3, (four >> 21) & 0x7f8, gradient);
      at += rowStride;
    }
    first += width << 2;
    feature += 4;
  }
  for (; feature < features; feature++) {
    let at = rows + feature;
    for (let i = 0; i < count; i++) {
      bump(first, <usize>load<u8>(at) << 3, load<i64>(gradients + (<usize>i << 3)));
      at += rowStride;
    }
    first += width;
  }
}

/** Moves the packed sums into `out` as pairs of doubles, and leaves zeros behind for the next rows. */
function flush(
  sums: usize,
  cells: i32,
  weightBits: i32,
  gradientUnit: f64,
  weightUnit: f64,
  out: usize,
  isFirst: bool,
): void {
  const shift = <i64>weightBits;
  const mask = ((<i64>1) << shift) - 1;
  const units = f64x2.replace_lane(f64x2.splat(gradientUnit), 1, weightUnit);
  for (let i = 0; i < cells; i++) {
    const at = sums + (<usize>i << 3);
    const sum = load<i64>(at);
    store<i64>(at, 0);
    let pair = f64x2.replace_lane(f64x2.splat(<f64>(sum >> shift)), 1, <f64>(sum & mask));
    pair = f64x2.mul(pair, units);
    const to = out + (<usize>i << 4);
    v128.store(to, isFirst ? pair : f64x2.add(v128.load(to), pair));
  }
}
