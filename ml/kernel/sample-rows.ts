/** Rows that share out one sample. */
const BLOCK: i32 = 8192;

// See sampling.ts for the method. Per block: sizes of the gradients, the threshold, and one pass that writes weights and keeps
// rows without a branch; what is written for rows that are not kept is never read.
export function sampleRows(
  packed: usize,
  outputs: i32,
  rows: i32,
  weight: usize,
  structureWeight: usize,
  order: usize,
  begin: i32,
  end: i32,
  kept: i32,
  lambda: f64,
  rate: f64,
  key: i32,
  sizes: usize,
  maxima: usize,
): i32 {
  const stride = <usize>rows << 3;
  let largest = 0.0;
  let largestWeight = 0.0;
  for (let first = begin; first < end; first += BLOCK) {
    const count = min(BLOCK, end - first);
    const gradients = packed + (<usize>first << 3);
    for (let i: usize = 0; i < <usize>count << 3; i += 8) {
      let size = lambda;
      for (let output: usize = 0; output < <usize>outputs; output++) {
        const gradient = load<f64>(gradients + output * stride + i);
        size += gradient * gradient;
      }
      store<f64>(sizes + i, Math.sqrt(size));
    }
    const limit = threshold(sizes, count, rate);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      const at = <usize>i << 3;
      const size = load<f64>(sizes + at);
      const ratio = limit / size;
      const factor = select<f64>(ratio, 1.0, ratio > 1.0);
      const rowWeight = weight == 0 ? factor : factor * load<f64>(weight + (<usize>row << 3));
      store<f64>(structureWeight + (<usize>row << 3), rowWeight);
      store<i32>(order + (<usize>kept << 2), row);
      const isKept = uniformAt(key, row) * limit < size;
      kept += <i32>isKept;
      largestWeight = select<f64>(rowWeight, largestWeight, isKept && rowWeight > largestWeight);
      for (let output: usize = 0; output < <usize>outputs; output++) {
        const place = gradients + output * stride + at;
        const gradient = load<f64>(place) * factor;
        store<f64>(place, gradient);
        const magnitude = Math.abs(gradient);
        largest = select<f64>(magnitude, largest, isKept && magnitude > largest);
      }
    }
  }
  store<f64>(maxima, largest);
  store<f64>(maxima, largestWeight, 8);
  return kept;
}

/** The mu for which Σ min(1, size / mu) = rate · count; four sums are taken side by side. */
function threshold(sizes: usize, count: i32, rate: f64): f64 {
  const wanted = rate * <f64>count;
  const end = sizes + (<usize>count << 3);
  const fours = sizes + (<usize>(count & ~3) << 3);
  let limit: f64 = Infinity;
  while (true) {
    const limits = f64x2.splat(limit);
    // Two pairs of sums: each addition has to wait for the one before it in the same pair only.
    let firsts = f64x2.splat(0.0);
    let seconds = f64x2.splat(0.0);
    let fulls = i64x2.splat(0);
    for (let at = sizes; at < fours; at += 32) {
      const first = v128.load(at);
      const second = v128.load(at, 16);
      const isFirstFull = f64x2.ge(first, limits);
      const isSecondFull = f64x2.ge(second, limits);
      firsts = f64x2.add(firsts, v128.andnot(first, isFirstFull));
      seconds = f64x2.add(seconds, v128.andnot(second, isSecondFull));
      // A lane that holds true is −1.
      fulls = i64x2.sub(fulls, i64x2.add(isFirstFull, isSecondFull));
    }
    const sums = f64x2.add(firsts, seconds);
    let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    let full = <f64>(i64x2.extract_lane(fulls, 0) + i64x2.extract_lane(fulls, 1));
    for (let at = fours; at < end; at += 8) {
      const size = load<f64>(at);
      if (size >= limit) full += 1.0;
      else sum += size;
    }
    const next = sum / (wanted - full);
    // All sizes equal, or all that is left are zeros: keep what reaches the limit.
    if (!(next < limit) || next == 0) return Math.max(limit == Infinity ? 0.0 : limit, f64.MIN_NORMAL_VALUE);
    limit = next;
  }
}

// @ts-ignore: decorator
@inline
function uniformAt(key: u32, counter: u32): f64 {
  return <f64>mix(mix(key ^ ((counter + 1) * 0x9e3779b1)) + key) / 4294967296.0;
}

// @ts-ignore: decorator
@inline
function mix(value: u32): u32 {
  value ^= value >> 16;
  value *= 0x85ebca6b;
  value ^= value >> 13;
  value *= 0xc2b2ae35;
  return value ^ (value >> 16);
}
