/**
 * The hot loops, behind one face: WebAssembly where the machine can (`ml/kernel`), plain TypeScript where it cannot
 * (`plain-kernels.ts`). Both give the same bits: histogram sums are whole numbers, which no order of adding changes, and
 * everything else is done in the same order with the same IEEE operations.
 *
 * Every argument that is a place is a byte offset into one buffer: the training's, or the predictor's.
 */
export interface Kernels {
  /**
   * Turns gradients into fixed point, in place: round(gradient · gradientScale), with the weight's fixed-point number in the
   * low `weightBits` bits (the plain kernels keep the gradient alone, as a double).
   * @param weight place of the weights, 0 when every row weighs 1
   */
  pack(
    packed: number,
    weight: number,
    begin: number,
    end: number,
    gradientScale: number,
    weightScale: number,
    weightBits: number,
  ): void;

  /**
   * Sums gradients and weights of rows by bin, for every feature: `out[feature · bins + bin] = (S, W)`, in natural units.
   * @param order place of row numbers, of which [begin, end) are added; 0 when the rows are begin … end − 1 themselves
   * @param flushRows rows after which the packed sums could overflow
   */
  histogram(
    rowBins: number,
    rowStride: number,
    features: number,
    bins: number,
    packed: number,
    weight: number,
    order: number,
    begin: number,
    end: number,
    gradientScale: number,
    weightScale: number,
    weightBits: number,
    flushRows: number,
    scratch: number,
    out: number,
  ): void;

  /** `into += part`, over a number of (S, W) pairs. */
  add(into: number, part: number, pairs: number): void;

  /** `into −= part`, over a number of (S, W) pairs. */
  subtract(into: number, part: number, pairs: number): void;

  /**
   * Adds up, over leaves, numerator and denominator of every candidate's score: per side a = S / (W + λ), numerator a·S,
   * denominator a²·W. `scores[feature · bins + border] = (numerator, denominator)`, written for features [from, to).
   * @param list place of the histograms' places, `count` of them
   * @param directions place of the features' monotone directions, 0 when none is constrained; a split against its direction counts
   *                   as if both sides took their common average, which is what they would be pulled to
   * @param keeps 1 when the sums start from what `scores` holds, 0 when from nothing
   */
  scan(
    list: number,
    count: number,
    from: number,
    to: number,
    bins: number,
    borderCounts: number,
    regularizer: number,
    scores: number,
    keeps: number,
    directions: number,
  ): void;

  /**
   * Stable partition of the row numbers [begin, end) of `order`: those with bin ≤ border in front.
   * @returns how many those are
   */
  partition(order: number, begin: number, end: number, column: number, border: number, spare: number): number;

  /**
   * `leaf[row] = Σ (bin > border) << j` over the splits of a tree, for rows [begin, end); begin is a multiple of 16.
   * @param splits place of 32-bit pairs (place of the column, border)
   */
  leafIndex(splits: number, depth: number, begin: number, end: number, leaf: number): void;

  /**
   * Minimal variance sampling of rows [begin, end), a multiple of 8192 apart or up to the last row; see `sampling.ts`. Kept rows
   * are listed in `order` from place `kept` on; gradients and weights are divided by each row's chance.
   * @param rows    gradients of one output, from output to output
   * @param sizes   scratch for 8192 doubles
   * @param maxima  gets the largest |gradient| and the largest weight among kept rows
   * @returns place after the last kept row
   */
  sampleRows(
    packed: number,
    outputs: number,
    rows: number,
    weight: number,
    structureWeight: number,
    order: number,
    begin: number,
    end: number,
    kept: number,
    lambda: number,
    rate: number,
    key: number,
    sizes: number,
    maxima: number,
  ): number;

  /**
   * `out[leaf of the row · stride] += (weight · value, weight)` for `count` rows in a line.
   * @param weight place of the weights, 0 when every row weighs 1
   * @param stride pairs from leaf to leaf
   */
  sumByLeaf(values: number, weight: number, leaf: number, count: number, stride: number, out: number): void;

  /**
   * Bins of `count` float32 values: how many of the (at least one) borders lie strictly below each; `nanBin` for missing ones.
   */
  binarise(
    values: number,
    count: number,
    borders: number,
    borderCount: number,
    nanBin: number,
    bins: number,
  ): void;

  /**
   * Forecasts of a block of at most 256 rows: sums of leaf values, tree by tree; see `compiled-model.ts` for the tables.
   * @param bins   bytes by column, 256 apart
   * @param leaves scratch for 512 bytes
   * @param out    count · outputs doubles, overwritten
   */
  addTrees(
    bins: number,
    count: number,
    trees: number,
    depths: number,
    splitColumns: number,
    splitThresholds: number,
    leafValues: number,
    outputs: number,
    leaves: number,
    out: number,
  ): void;
}
