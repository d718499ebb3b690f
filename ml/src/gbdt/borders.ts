/**
 * Chapter 1: borders. A float column becomes at most 256 bins; a tree may only split between two bins.
 *
 * GreedyLogSum: start with one bin over all values and keep cutting the bin that gains most in Σ ln(count), so that bins
 * come out about equally full without ever dividing equal values.
 *
 * Source: official CatBoost, library/cpp/grid_creator (Apache 2.0); the borders are equal to its own, ties included.
 */

import { sortFloats } from "./sort-floats.ts";

/** Above this number of values a random subset of this size decides the borders, as in the official library. */
export const BORDER_SAMPLE = 200_000;

const LARGEST_FLOAT32 = 3.4028234663852886e38;

/**
 * @param sorted finite float32 values without NaN, ascending
 * @param limit  most borders wanted, ≥ 0
 * @returns ascending borders without repeats; empty for constant or empty input
 */
export function greedyLogSumBorders(sorted: Float32Array, limit: number): Float32Array {
  if (sorted.length === 0 || limit === 0) return new Float32Array(0);
  const queue = new BinQueue();
  queue.push(bestSplit(sorted, 0, sorted.length));
  while (queue.size <= limit && queue.top().split > 0) {
    const bin = queue.pop();
    queue.push(bestSplit(sorted, bin.start, bin.split));
    queue.push(bestSplit(sorted, bin.split, bin.end));
  }
  const borders = new Set<number>();
  for (const { start } of queue.bins) {
    if (start === 0) continue;
    // Halved before adding, in float32: the sum of two large values would overflow.
    const border = Math.fround(Math.fround(0.5 * sorted[start - 1]) + Math.fround(0.5 * sorted[start]));
    borders.add(border === 0 ? 0 : border);
  }
  return Float32Array.from(borders).sort();
}

/**
 * Borders of a column with missing values: one border is spent on setting them apart.
 *
 * @param column  values, NaN = missing; not changed
 * @param sample  row numbers to look at, or null for all
 * @throws nothing; an all-missing column has no borders
 */
export function columnBorders(
  column: Float32Array,
  limit: number,
  nanMode: "Min" | "Max" | "Forbidden",
  sample: Uint32Array | null,
): { borders: Float32Array; hasNans: boolean } {
  const length = sample === null ? column.length : sample.length;
  const values = new Float32Array(length);
  let size = 0;
  for (let i = 0; i < length; i++) {
    const value = sample === null ? column[i] : column[sample[i]];
    if (!Number.isNaN(value)) values[size++] = value;
  }
  const hasNans = size < length || (sample !== null && hasMissing(column));
  const finite = sortFloats(values.subarray(0, size));
  const borders = greedyLogSumBorders(finite, hasNans ? limit - 1 : limit);
  if (!hasNans) return { borders, hasNans };
  const apart = nanMode === "Max" ? [...borders, LARGEST_FLOAT32] : [-LARGEST_FLOAT32, ...borders];
  return { borders: Float32Array.from(apart), hasNans };
}

function hasMissing(column: Float32Array): boolean {
  for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) return true;
  return false;
}

/** Values [start, end) of the sorted column, and where they are best cut; split 0 means they cannot be. */
interface Bin {
  start: number;
  end: number;
  split: number;
  gain: number;
}

function bestSplit(sorted: Float32Array, start: number, end: number): Bin {
  const middle = sorted[start + ((end - start) >> 1)];
  const lower = lowerBound(sorted, start, end, middle);
  const upper = upperBound(sorted, start, end, middle);
  const lowerGain = lower > start ? splitGain(lower - start, end - lower) : -Infinity;
  const upperGain = upper < end ? splitGain(upper - start, end - upper) : -Infinity;
  const split = lowerGain >= upperGain ? lower : upper;
  const gain = Math.max(lowerGain, upperGain);
  return { start, end, split: gain === -Infinity ? 0 : split, gain };
}

function splitGain(left: number, right: number): number {
  return Math.log(left + 1e-8) + Math.log(right + 1e-8) - Math.log(left + right + 1e-8);
}

function lowerBound(sorted: Float32Array, start: number, end: number, value: number): number {
  while (start < end) {
    const middle = (start + end) >> 1;
    if (sorted[middle] < value) start = middle + 1;
    else end = middle;
  }
  return start;
}

function upperBound(sorted: Float32Array, start: number, end: number, value: number): number {
  while (start < end) {
    const middle = (start + end) >> 1;
    if (sorted[middle] <= value) start = middle + 1;
    else end = middle;
  }
  return start;
}

/**
 * A binary heap, largest gain on top. Which of several equal bins comes out first decides the borders once the limit is
 * reached, so removal takes the same road as the C++ library below CatBoost: the hole sinks to a leaf (Floyd), then the
 * last element rises from there.
 */
class BinQueue {
  readonly bins: Bin[] = [];

  get size(): number {
    return this.bins.length;
  }

  top(): Bin {
    return this.bins[0];
  }

  push(bin: Bin): void {
    this.bins.push(bin);
    this.rise(this.bins.length - 1);
  }

  pop(): Bin {
    const { bins } = this;
    const top = bins[0];
    let hole = 0;
    while (2 * hole + 1 < bins.length) {
      let child = 2 * hole + 1;
      if (child + 1 < bins.length && bins[child].gain < bins[child + 1].gain) child++;
      bins[hole] = bins[child];
      hole = child;
    }
    const last = bins.pop() as Bin;
    if (hole < bins.length) {
      bins[hole] = last;
      this.rise(hole);
    }
    return top;
  }

  private rise(index: number): void {
    const { bins } = this;
    const bin = bins[index];
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!(bins[parent].gain < bin.gain)) break;
      bins[index] = bins[parent];
      index = parent;
    }
    bins[index] = bin;
  }
}
