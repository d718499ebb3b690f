import { bordersBelow } from "./binning.ts";
import { uniformAt } from "./hash-random.ts";
import type { Kernels } from "./kernels.ts";

/**
 * The kernels without WebAssembly: for machines that lack SIMD or shared memory, and the yardstick the compiled ones are
 * tested against. Same bits, slower.
 */
export function plainKernels(buffer: ArrayBufferLike): Kernels {
  const doubles = new Float64Array(buffer);
  const floats = new Float32Array(buffer);
  const words = new Int32Array(buffer);
  const bytes = new Uint8Array(buffer);
  const halves = new Uint16Array(buffer);

  return {
    pack(packed, _weight, begin, end, gradientScale) {
      const base = packed >> 3;
      for (let i = base + begin; i < base + end; i++)
        doubles[i] = Math.floor(doubles[i] * gradientScale + 0.5);
    },

    histogram(
      rowBins,
      rowStride,
      features,
      bins,
      packed,
      weight,
      order,
      begin,
      end,
      gradientScale,
      weightScale,
      _bits,
      _rows,
      _scratch,
      out,
    ) {
      const into = out >> 3;
      doubles.fill(0, into, into + 2 * features * bins);
      for (let i = begin; i < end; i++) {
        const row = order === 0 ? i : words[(order >> 2) + i];
        const gradient = doubles[(packed >> 3) + row];
        const rowWeight = weight === 0 ? 1 : Math.floor(doubles[(weight >> 3) + row] * weightScale + 0.5);
        let bin = rowBins + row * rowStride;
        for (let cell = into; cell < into + 2 * features * bins; cell += 2 * bins) {
          const at = cell + 2 * bytes[bin++];
          doubles[at] += gradient;
          doubles[at + 1] += rowWeight;
        }
      }
      // Scales are powers of two: taking them out is exact.
      const gradientUnit = 1 / gradientScale;
      const weightUnit = weight === 0 ? 1 : 1 / weightScale;
      for (let cell = into; cell < into + 2 * features * bins; cell += 2) {
        doubles[cell] *= gradientUnit;
        doubles[cell + 1] *= weightUnit;
      }
    },

    add(into, part, pairs) {
      for (let i = 0; i < 2 * pairs; i++) doubles[(into >> 3) + i] += doubles[(part >> 3) + i];
    },

    subtract(into, part, pairs) {
      for (let i = 0; i < 2 * pairs; i++) doubles[(into >> 3) + i] -= doubles[(part >> 3) + i];
    },

    scan(list, count, from, to, bins, borderCounts, regularizer, scores, keeps, directions) {
      for (let feature = from; feature < to; feature++) {
        const borders = words[(borderCounts >> 2) + feature];
        const out = (scores >> 3) + 2 * feature * bins;
        if (keeps === 0) doubles.fill(0, out, out + 2 * borders);
        for (let i = 0; i < count; i++) {
          const cell = (words[(list >> 2) + i] >>> 3) + 2 * feature * bins;
          let sum = 0;
          let weight = 0;
          for (let bin = 0; bin <= borders; bin++) {
            sum += doubles[cell + 2 * bin];
            weight += doubles[cell + 2 * bin + 1];
          }
          const direction = directions === 0 ? 0 : words[(directions >> 2) + feature];
          const pooled = weight > 0 ? sum / (weight + regularizer) : 0;
          let leftSum = 0;
          let leftWeight = 0;
          for (let border = 0; border < borders; border++) {
            leftSum += doubles[cell + 2 * border];
            leftWeight += doubles[cell + 2 * border + 1];
            const rightSum = sum - leftSum;
            const rightWeight = weight - leftWeight;
            let left = leftWeight > 0 ? leftSum / (leftWeight + regularizer) : 0;
            let right = rightWeight > 0 ? rightSum / (rightWeight + regularizer) : 0;
            if (direction !== 0 && (right - left) * direction < 0) {
              left = pooled;
              right = pooled;
            }
            doubles[out + 2 * border] += left * leftSum + right * rightSum;
            doubles[out + 2 * border + 1] += left * left * leftWeight + right * right * rightWeight;
          }
        }
      }
    },

    partition(order, begin, end, column, border, spare) {
      const rows = order >> 2;
      const right = spare >> 2;
      let kept = begin;
      let moved = 0;
      for (let i = begin; i < end; i++) {
        const row = words[rows + i];
        if (bytes[column + row] > border) words[right + moved++] = row;
        else words[rows + kept++] = row;
      }
      words.copyWithin(rows + kept, right, right + moved);
      return kept - begin;
    },

    leafIndex(splits, depth, begin, end, leaf) {
      halves.fill(0, (leaf >> 1) + begin, (leaf >> 1) + end);
      for (let j = 0; j < depth; j++) {
        const column = words[(splits >> 2) + 2 * j];
        const border = words[(splits >> 2) + 2 * j + 1];
        for (let row = begin; row < end; row++)
          if (bytes[(column >>> 0) + row] > border) halves[(leaf >> 1) + row] |= 1 << j;
      }
    },

    sumByLeaf(values, weight, leaf, count, stride, out) {
      for (let i = 0; i < count; i++) {
        const to = (out >> 3) + 2 * stride * halves[(leaf >> 1) + i];
        const rowWeight = weight === 0 ? 1 : doubles[(weight >> 3) + i];
        doubles[to] += doubles[(values >> 3) + i] * rowWeight;
        doubles[to + 1] += rowWeight;
      }
    },

    binarise(values, count, borders, borderCount, nanBin, bins) {
      const sorted = floats.subarray(borders >> 2, (borders >> 2) + borderCount);
      for (let i = 0; i < count; i++) {
        const value = floats[(values >> 2) + i];
        bytes[bins + i] = Number.isNaN(value) ? nanBin : bordersBelow(sorted, value);
      }
    },

    addTrees(bins, count, trees, depths, splitColumns, splitThresholds, leafValues, outputs, _leaves, out) {
      const raw = doubles.subarray(out >> 3, (out >> 3) + count * outputs).fill(0);
      const leaf = new Uint32Array(count);
      let split = 0;
      let values = leafValues >> 3;
      for (let tree = 0; tree < trees; tree++) {
        const depth = bytes[depths + tree];
        leaf.fill(0);
        for (let j = 0; j < depth; j++, split++) {
          const column = bins + words[(splitColumns >> 2) + split] * PREDICTION_BLOCK;
          const threshold = bytes[splitThresholds + split];
          for (let row = 0; row < count; row++) if (bytes[column + row] > threshold) leaf[row] |= 1 << j;
        }
        for (let row = 0; row < count; row++)
          for (let output = 0; output < outputs; output++)
            raw[row * outputs + output] += doubles[values + leaf[row] * outputs + output];
        values += outputs << depth;
      }
    },

    sampleRows(
      packed,
      outputs,
      rows,
      weight,
      structureWeight,
      order,
      begin,
      end,
      kept,
      lambda,
      rate,
      key,
      sizes,
      maxima,
    ) {
      const gradients = packed >> 3;
      const block = doubles.subarray(sizes >> 3, (sizes >> 3) + MVS_BLOCK);
      let largest = 0;
      let largestWeight = 0;
      for (let first = begin; first < end; first += MVS_BLOCK) {
        const count = Math.min(MVS_BLOCK, end - first);
        for (let i = 0; i < count; i++) {
          let size = lambda;
          for (let output = 0; output < outputs; output++)
            size += doubles[gradients + output * rows + first + i] ** 2;
          block[i] = Math.sqrt(size);
        }
        const limit = mvsThreshold(block.subarray(0, count), rate);
        for (let i = 0; i < count; i++) {
          const row = first + i;
          const factor = Math.max(1, limit / block[i]);
          const rowWeight = weight === 0 ? factor : factor * doubles[(weight >> 3) + row];
          doubles[(structureWeight >> 3) + row] = rowWeight;
          const isKept = uniformAt(key, row) * limit < block[i];
          if (isKept) {
            words[(order >> 2) + kept++] = row;
            largestWeight = Math.max(largestWeight, rowWeight);
          }
          for (let output = 0; output < outputs; output++) {
            const gradient = doubles[gradients + output * rows + row] * factor;
            doubles[gradients + output * rows + row] = gradient;
            if (isKept) largest = Math.max(largest, Math.abs(gradient));
          }
        }
      }
      doubles[maxima >> 3] = largest;
      doubles[(maxima >> 3) + 1] = largestWeight;
      return kept;
    },
  };
}

const MVS_BLOCK = 8192;
/** Rows the predictor binarises at a time: the bytes of some hundred columns stay in the second-level cache. */
export const PREDICTION_BLOCK = 256;
const SMALLEST_NORMAL = 2 ** -1022;

/**
 * The mu for which Σ min(1, size / mu) = rate · count. Sizes at or above mu count as one each; what is left has to fill the
 * rest, which lowers mu, which may lift further sizes above it: a few rounds end this. Four sums are taken side by side, as the
 * compiled kernel does.
 */
export function mvsThreshold(sizes: Float64Array, rate: number): number {
  const wanted = rate * sizes.length;
  const fours = sizes.length & ~3;
  let threshold = Infinity;
  for (;;) {
    const sums = [0, 0, 0, 0];
    let full = 0;
    for (let i = 0; i < fours; i++)
      if (sizes[i] >= threshold) full++;
      else sums[i & 3] += sizes[i];
    let sum = sums[0] + sums[2] + (sums[1] + sums[3]);
    for (let i = fours; i < sizes.length; i++)
      if (sizes[i] >= threshold) full++;
      else sum += sizes[i];
    const next = sum / (wanted - full);
    // All sizes equal, or all that is left are zeros: keep what reaches the threshold.
    if (!(next < threshold) || next === 0)
      return Math.max(threshold === Infinity ? 0 : threshold, SMALLEST_NORMAL);
    threshold = next;
  }
}
