/**
 * Chapter 7: the booster puts the chapters together. Per tree: gradients at the current forecast, a sample of rows, a symmetric
 * tree, its leaf values, the forecast moved by them; after each tree the eval set decides whether to go on.
 *
 * The same data, parameters and seed give the same model, bit by bit, on any number of threads.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { TrainingCancelledError } from "../errors.ts";
import { type BinnedFeature, binFeatures } from "./binning.ts";
import { type BoosterDataset, requireUsable } from "./dataset.ts";
import { TrainingInputError } from "./errors.ts";
import { type EvalState, openEvalSet } from "./eval-set.ts";
import { fixedPoint } from "./fixed-point.ts";
import { gradientTotals } from "./gradients.ts";
import { growTree } from "./grower.ts";
import { randomKey } from "./hash-random.ts";
import { estimateLeaves } from "./leaf-values.ts";
import { createLoss, type LossFunction } from "./loss.ts";
import { type Layout, planMemory, SCRATCH_BYTES } from "./memory.ts";
import type { ObliviousModel, TrainingSummary } from "./model.ts";
import { projectMonotone } from "./monotone.ts";
import { type BoosterParams, completeParams } from "./params.ts";
import { mvsLambda } from "./sampling.ts";
import { openTeam, type Team } from "./threads.ts";
import { assembleModel, type TrainedTree } from "./trained-model.ts";
import { rowWeights, type Workspace } from "./workspace.ts";

export type { BoosterDataset, EvalSet } from "./dataset.ts";

export interface TrainingOptions {
  /** threads to compute on, default 1; the model does not depend on it */
  threads?: number;
  /** stops the training between two trees */
  signal?: AbortSignal;
  /** called after every tree */
  onProgress?: (progress: TrainingProgress) => void;
  /** `plain` computes without WebAssembly and threads; default: what the machine can do */
  kernels?: "auto" | "plain";
}

export interface TrainingProgress {
  /** trees built so far */
  tree: number;
  trees: number;
  learnMetric: number;
  /** null without an eval set */
  evalMetric: number | null;
  /** 0-based, null without an eval set */
  bestIteration: number | null;
  elapsedMs: number;
  /** at the pace so far; early stopping may end sooner */
  remainingMs: number;
}

/** The event loop gets a turn after so long, so that a cancel is heard. */
const TURN_MS = 30;

/**
 * Trains a model of boosted oblivious trees: CatBoost's algorithm on float features.
 *
 * @param dataset at least one row; constant columns are allowed and never used
 * @param given   what is left out takes the value of `defaultParams`
 * @returns a model whose raw forecast has one number per output
 * @throws {TrainingInputError} when data or parameters cannot be used
 * @throws {TrainingCancelledError} when `signal` was aborted
 *
 * Source: Prokhorenkova et al. (2018), "CatBoost: unbiased boosting with categorical features", NeurIPS; the plain scheme.
 */
export async function trainBooster(
  dataset: BoosterDataset,
  given: Partial<BoosterParams> = {},
  options: TrainingOptions = {},
): Promise<ObliviousModel> {
  const params = completeParams(given);
  const loss = createLoss(params.loss);
  requireUsable(dataset, params, loss);
  const method = leafMethodOf(params, loss);
  throwIfCancelled(options.signal);

  const rows = dataset.target.length;
  const features = binFeatures(dataset.columns, rows, params).filter((feature) => feature.borders.length > 0);
  const threads = Math.max(1, Math.min(options.threads ?? 1, 64));
  const layout = planLayout(dataset, features, params, loss, threads);
  const { team, workspace } = await openTeam({ layout, params }, options.kernels ?? "auto");
  try {
    fillWorkspace(workspace, dataset, features);
    const directions = features.map(({ column }) => params.monotone[dataset.names[column]] ?? 0);
    workspace.words("directions", directions.length).set(directions);
    const start = startValues(workspace, params, loss);
    const evalState = dataset.evalSet ? openEvalSet(dataset.evalSet, features, loss, start) : null;
    const { trees, summary } = await boost({
      workspace,
      team,
      params,
      loss,
      method,
      directions,
      evalState,
      options,
    });
    const isCut = params.useBestModel && summary.bestIteration !== null;
    const kept = isCut ? trees.slice(0, (summary.bestIteration as number) + 1) : trees;
    return assembleModel({ names: dataset.names, features, trees: kept, start, params, summary });
  } finally {
    await team.close();
  }
}

interface Boosting {
  workspace: Workspace;
  team: Team;
  params: BoosterParams;
  loss: LossFunction;
  method: { name: NonNullable<BoosterParams["leafMethod"]>; iterations: number };
  /** monotone direction per trained feature, 0 = free */
  directions: readonly number[];
  evalState: EvalState | null;
  options: TrainingOptions;
}

async function boost(boosting: Boosting): Promise<{ trees: TrainedTree[]; summary: TrainingSummary }> {
  const { workspace, team, params, loss, options, evalState } = boosting;
  const started = performance.now();
  const totalWeight = weightOf(workspace);
  const trees: TrainedTree[] = [];
  const learnMetric: number[] = [];
  const evalMetric: number[] = [];
  let best = 0;
  let lastTurn = started;
  let stopped: TrainingSummary["stopped"] = "iterations";

  team.run("advance", { hasTree: false });
  for (let tree = 0; tree < params.iterations; tree++) {
    const grown = growOne(boosting, tree, totalWeight, trees.at(-1)?.leafValues ?? null);
    trees.push(grown);
    workspace.doubles("leafValues", grown.leafValues.length).set(grown.leafValues);
    team.run("advance", { hasTree: true });
    learnMetric.push(loss.metric(gradientTotals(workspace).loss, totalWeight));
    if (evalState !== null) {
      evalMetric.push(evalState.add(grown.splits, grown.leafValues));
      if (evalMetric[tree] < evalMetric[best]) best = tree;
    }
    const now = performance.now();
    options.onProgress?.({
      tree: tree + 1,
      trees: params.iterations,
      learnMetric: learnMetric[tree],
      evalMetric: evalMetric[tree] ?? null,
      bestIteration: evalState === null ? null : best,
      elapsedMs: now - started,
      remainingMs: ((now - started) / (tree + 1)) * (params.iterations - tree - 1),
    });
    if (now - lastTurn > TURN_MS) {
      await nextTurn();
      lastTurn = performance.now();
    }
    throwIfCancelled(options.signal);
    if (evalState !== null && params.earlyStoppingRounds > 0 && tree - best >= params.earlyStoppingRounds) {
      stopped = "early_stopping";
      break;
    }
  }
  const summary: TrainingSummary = {
    iterations: trees.length,
    bestIteration: evalState === null ? null : best,
    learnMetric: Float64Array.from(learnMetric),
    evalMetric: Float64Array.from(evalMetric),
    stopped,
  };
  return { trees, summary };
}

function growOne(
  { workspace, team, params, method, directions }: Boosting,
  tree: number,
  totalWeight: number,
  lastLeafValues: Float64Array | null,
): TrainedTree {
  const { layout } = workspace;
  const { rows, outputs } = layout;
  const key = randomKey(params.seed, tree);
  const totals = gradientTotals(workspace);
  if (!Number.isFinite(totals.largest))
    throw new TrainingInputError(
      `after ${tree} trees the forecasts are no longer finite under ${params.loss.name}; lower learningRate (${params.learningRate}) or raise l2LeafReg (${params.l2LeafReg})`,
    );
  const isSampled = isSampling(params, rows);
  if (isSampled)
    team.run("sampleRows", {
      key: randomKey(key, 0),
      lambda: mvsLambda(params, totals.norms / rows, lastLeafValues, outputs),
    });
  const { largest, largestWeight } = isSampled ? gradientTotals(workspace) : totals;
  const isWeighted = layout.hasRowWeights || layout.hasSampleWeights;
  const regularizer = (params.l2LeafReg * totalWeight) / rows;
  const splits = growTree(workspace, team, {
    fixed: fixedPoint(rows, largest, isWeighted ? largestWeight : null),
    isSampled,
    regularizer,
    noiseDeviation: scoreNoise(params, tree, rows, totals.squares / rows),
    key,
  });
  const estimate = estimateLeaves(
    workspace,
    team,
    splits.length,
    method.name,
    method.iterations,
    regularizer,
  );
  const splitDirections = splits.map(({ feature }) => directions[feature]);
  projectMonotone(estimate.values, estimate.denominators, splitDirections, outputs);
  const rate = Math.fround(params.learningRate);
  return { splits, leafValues: estimate.values.map((value) => rate * value), leafWeights: estimate.weights };
}

/** Standard deviation of the noise on scores: it follows the gradients and fades as the model grows. */
function scoreNoise(params: BoosterParams, tree: number, rows: number, meanSquare: number): number {
  if (params.randomStrength === 0) return 0;
  const left = Math.exp(Math.log(rows) - tree * params.learningRate);
  return params.randomStrength * Math.sqrt(meanSquare) * (left / (1 + left));
}

function isSampling({ bootstrap }: BoosterParams, rows: number): boolean {
  // The official library does not sample so few rows either.
  return bootstrap.type !== "None" && bootstrap.rate < 1 && rows >= 100;
}

function leafMethodOf(params: BoosterParams, loss: LossFunction): Boosting["method"] {
  const name = params.leafMethod ?? loss.leafMethod;
  if (!loss.leafMethods.includes(name))
    throw new TrainingInputError(
      `leafMethod for ${loss.name} must be ${loss.leafMethods.join(" or ")}, got ${name}`,
    );
  const iterations = params.leafIterations ?? (name === loss.leafMethod ? loss.leafIterations : 1);
  return { name, iterations: name === "Exact" ? 1 : iterations };
}

function planLayout(
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

function fillWorkspace(
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
function startValues(workspace: Workspace, params: BoosterParams, loss: LossFunction): number[] {
  const { rows, outputs } = workspace.layout;
  const isAverage = params.boostFromAverage ?? loss.startsFromAverage;
  const target = workspace.doubles("target", rows);
  const start = isAverage
    ? loss.average(target, rowWeights(workspace)).map(Math.fround)
    : new Array<number>(outputs).fill(0);
  for (const [output, value] of start.entries()) workspace.doubles("approx", rows, output * rows).fill(value);
  return start;
}

function weightOf(workspace: Workspace): number {
  const weight = rowWeights(workspace);
  return weight === null ? workspace.layout.rows : weight.reduce((sum, w) => sum + w, 0);
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TrainingCancelledError();
}
