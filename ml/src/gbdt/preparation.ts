/** Before the first tree: the buffer is planned and filled, and the starting forecast put in place. */
import type { BinnedFeature } from "./binning.ts";
import type { BoosterDataset } from "./dataset.ts";
import { TrainingInputError } from "./errors.ts";
import type { LossFunction } from "./loss.ts";
import { type Layout, planMemory, SCRATCH_BYTES } from "./memory.ts";
import type { BoosterParams } from "./params.ts";
import { isSampling } from "./sampling.ts";
import { rowWeights, type Workspace } from "./workspace.ts";

export function planLayout(
  dataset: BoosterDataset,
  features: readonly BinnedFeature[],
  params: BoosterParams,
  loss: LossFunction,
  threads: number,
): Layout {
  const rows = dataset.target.length;
  try {
    return planMemory({
      rows,
      features: features.length,
      bins: features.reduce((most, { borders }) => Math.max(most, borders.length + 1), 1),
      outputs: loss.outputs,
      depth: params.depth,
      threads,
      hasRowWeights: dataset.weight !== undefined,
      isMonotone: Object.keys(params.monotone).length > 0,
      hasSampleWeights: params.bootstrap.type === "MVS" && isSampling(params, rows),
    });
  } catch (error) {
    throw error instanceof RangeError ? new TrainingInputError(error.message) : error;
  }
}

const ROWS_AT_ONCE = 1024;

export function fillWorkspace(
  workspace: Workspace,
  dataset: BoosterDataset,
  features: readonly BinnedFeature[],
): void {
  const { layout } = workspace;
  const { rows, rowStride, columnStride } = layout;
  // Targets and weights in single precision, as in the official library.
  workspace.doubles("target", rows).set(new Float32Array(dataset.target));
  if (dataset.weight !== undefined) workspace.doubles("weight", rows).set(new Float32Array(dataset.weight));
  const rowBins = workspace.bytes("rowBins", rows * rowStride);
  const columns = features.map((feature, i) => {
    binIntoWorkspace(
      workspace,
      dataset.columns[feature.column],
      feature,
      layout.at.columnBins + i * columnStride,
    );
    return workspace.bytes("columnBins", rows, i * columnStride);
  });
  // A piece of every column at a time: the rows being filled stay in the cache.
  for (let begin = 0; begin < rows; begin += ROWS_AT_ONCE) {
    const end = Math.min(begin + ROWS_AT_ONCE, rows);
    for (const [i, bins] of columns.entries())
      for (let row = begin, at = begin * rowStride + i; row < end; row++, at += rowStride)
        rowBins[at] = bins[row];
  }
  workspace.words("borderCounts", layout.features).set(features.map(({ borders }) => borders.length));
}

function binIntoWorkspace(
  workspace: Workspace,
  column: Float32Array,
  { borders, nanBin }: BinnedFeature,
  place: number,
): void {
  const { buffer, freeScratch, kernels } = workspace;
  const piece = SCRATCH_BYTES / 8;
  const values = new Float32Array(buffer, freeScratch, piece);
  const borderPlace = freeScratch + 4 * piece;
  new Float32Array(buffer, borderPlace, borders.length).set(borders);
  for (let begin = 0; begin < column.length; begin += piece) {
    const part = column.subarray(begin, begin + piece);
    values.set(part);
    kernels.binarise(freeScratch, part.length, borderPlace, borders.length, nanBin, place + begin);
  }
}

/** Puts the starting forecast of every output in place; single precision, because that is what the model file holds. */
export function startValues(workspace: Workspace, params: BoosterParams, loss: LossFunction): number[] {
  const { rows, outputs } = workspace.layout;
  const isAverage = params.boostFromAverage ?? loss.startsFromAverage;
  const target = workspace.doubles("target", rows);
  const start = isAverage
    ? loss.average(target, rowWeights(workspace)).map(Math.fround)
    : new Array<number>(outputs).fill(0);
  for (const [output, value] of start.entries()) workspace.doubles("approx", rows, output * rows).fill(value);
  return start;
}

export function weightOf(workspace: Workspace): number {
  const weight = rowWeights(workspace);
  return weight === null ? workspace.layout.rows : weight.reduce((sum, w) => sum + w, 0);
}
