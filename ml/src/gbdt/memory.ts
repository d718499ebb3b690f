/**
 * The one buffer a training works in, shared by all of its threads and by the WebAssembly kernels.
 *
 * ```
 * control | rowBins: row 0 [f0 f1 … f29 · ·] row 1 [f0 f1 …] …     histograms read whole rows, eight bins per load
 *         | columnBins: f0 [row 0 row 1 …] f1 [row 0 row 1 …] …    partitions read one column
 *         | target | weight | approx | packed (gradient and weight of a row in one 64-bit number)
 *         | order: thread 0 [leaf 0 … | leaf 5 … | …] thread 1 […]  row numbers, gathered by leaf within each thread's share
 *         | histograms: slot 0 [f0: (S W) (S W) … | f1: …] slot 1 … one slot per leaf, doubles
 *         | parts: the same for what threads 1, 2, … have counted | scores | sums per block of rows | scratch per thread
 * ```
 *
 * Regions start at multiples of 64 bytes; a pointer is a byte offset into the buffer.
 */

/** What the size of the buffer depends on. */
export interface Shape {
  rows: number;
  features: number;
  /** bins of the feature that has most, ≤ 256 */
  bins: number;
  outputs: number;
  /** largest depth a tree may have */
  depth: number;
  threads: number;
  hasRowWeights: boolean;
  /** is the forecast constrained to rise or fall with some feature? */
  isMonotone: boolean;
  /** does sampling give the kept rows weights? */
  hasSampleWeights: boolean;
}

export interface Layout extends Shape {
  /** bytes from row to row in `rowBins`, a multiple of 8 */
  rowStride: number;
  /** bytes from column to column in `columnBins`, a multiple of 16 */
  columnStride: number;
  /** rows whose sums are added up by themselves, so that rounding does not depend on the number of threads */
  blockRows: number;
  blocks: number;
  /** (S, W) pairs in the histogram of one leaf and output */
  cells: number;
  /** leaves whose histograms are kept at one time, a power of two */
  slots: number;
  at: Record<Region, number>;
  bytes: number;
}

export type Region =
  | "control"
  | "args"
  | "rowBins"
  | "columnBins"
  | "borderCounts"
  | "directions"
  | "target"
  | "weight"
  | "structureWeight"
  | "approx"
  | "packed"
  | "order"
  | "spare"
  | "leaf"
  | "segments"
  | "leafSlots"
  | "builtLeaves"
  | "isOccupied"
  | "histograms"
  | "parts"
  | "scanList"
  | "scores"
  | "best"
  | "isTried"
  | "splits"
  | "blockSums"
  | "blockMetrics"
  | "leafValues"
  | "scratch";

/** The kernels' compiler may keep constants below this address. */
const RESERVED_BYTES = 4096;
const HISTOGRAM_BUDGET_BYTES = 256 * 2 ** 20;
/** Room for the arguments of one task, as JSON. */
export const ARGS_BYTES = 4096;
/** Numbers per leaf and output in a block's sums: (Σ w·d, Σ w), (Σ −w·h, Σ w). */
export const SUMS = 4;
/** Bytes of scratch per thread besides its packed histogram. */
export const SCRATCH_BYTES = 128 * 1024;
/** Places are signed 32-bit numbers. */
const MAX_BYTES = 2 ** 31 - 2 ** 16;

/** @throws {RangeError} when the data need more than 2 GB of working memory */
export function planMemory(shape: Shape): Layout {
  const { rows, features, bins, outputs, depth, threads } = shape;
  const rowStride = roundUp(Math.max(features, 1), 8);
  const columnStride = roundUp(rows, 16);
  const blockRows = 8192 * Math.ceil(rows / (8192 * 128));
  const blocks = Math.ceil(rows / blockRows);
  const cells = features * bins;
  const slotBytes = Math.max(1, cells * outputs * 16);
  const affordable = 2 ** Math.floor(Math.log2(Math.max(1, HISTOGRAM_BUDGET_BYTES / slotBytes)));
  const slots = Math.min(2 ** Math.max(0, depth - 1), affordable);
  const leaves = 2 ** depth;

  const sizes: Record<Region, number> = {
    control: 256,
    args: ARGS_BYTES,
    rowBins: rows * rowStride,
    columnBins: features * columnStride,
    borderCounts: features * 4,
    directions: features * 4,
    target: rows * 8,
    weight: shape.hasRowWeights ? rows * 8 : 0,
    structureWeight: shape.hasSampleWeights ? rows * 8 : 0,
    approx: rows * outputs * 8,
    packed: rows * outputs * 8,
    order: rows * 4,
    spare: rows * 4,
    leaf: columnStride * 2,
    segments: threads * leaves * 8,
    leafSlots: leaves * 4,
    builtLeaves: leaves * 12,
    isOccupied: threads * leaves,
    histograms: slots * slotBytes,
    parts: (threads - 1) * Math.max(1, slots / 2) * slotBytes,
    scanList: slots * outputs * 4,
    scores: cells * 16,
    best: features * 16,
    isTried: features,
    splits: 256,
    blockSums: blocks * leaves * outputs * SUMS * 8,
    blockMetrics: blocks * 5 * 8,
    leafValues: leaves * outputs * 8,
    scratch: threads * scratchBytes(cells),
  };
  const at = {} as Record<Region, number>;
  let bytes = RESERVED_BYTES;
  for (const region of Object.keys(sizes) as Region[]) {
    at[region] = bytes;
    bytes += roundUp(sizes[region], 64);
  }
  if (bytes > MAX_BYTES)
    throw new RangeError(
      `${rows} rows of ${features} features need ${Math.ceil(bytes / 2 ** 20)} MB, at most 2047 MB can be used; train on fewer rows or features`,
    );
  return { ...shape, rowStride, columnStride, blockRows, blocks, cells, slots, at, bytes };
}

/** Bytes of one thread's scratch: its packed histogram, then {@link SCRATCH_BYTES} for whatever is at hand. */
export function scratchBytes(cells: number): number {
  return roundUp(cells * 8, 64) + SCRATCH_BYTES;
}

/** The rows thread number `thread` works on: whole blocks. */
export function shareOfRows(layout: Layout, thread: number): { begin: number; end: number } {
  const { rows, blocks, blockRows, threads } = layout;
  return {
    begin: Math.min(rows, Math.floor((thread * blocks) / threads) * blockRows),
    end: Math.min(rows, Math.floor(((thread + 1) * blocks) / threads) * blockRows),
  };
}

/** The features thread number `thread` compares. */
export function shareOfFeatures(layout: Layout, thread: number): { begin: number; end: number } {
  return {
    begin: Math.floor((thread * layout.features) / layout.threads),
    end: Math.floor(((thread + 1) * layout.features) / layout.threads),
  };
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
