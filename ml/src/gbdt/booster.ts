/**
 * Chapter 7: the booster puts the chapters together. Per tree: gradients at the current forecast, a sample of rows, a symmetric
 * tree, its leaf values, the forecast moved by them; after each tree the eval set decides whether to go on.
 *
 * The same data, parameters and seed give the same model, bit by bit, on any number of threads.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { TrainingCancelledError } from "../errors.ts";
import { binFeatures } from "./binning.ts";
import { type BoosterDataset, requireUsable } from "./dataset.ts";
import { TrainingInputError } from "./errors.ts";
import { type EvalState, openEvalSet } from "./eval-set.ts";
import { fixedPoint } from "./fixed-point.ts";
import { gradientTotals } from "./gradients.ts";
import { growTree } from "./grower.ts";
import { randomKey } from "./hash-random.ts";
import { estimateLeaves } from "./leaf-values.ts";
import { createLoss, type LossFunction } from "./loss.ts";
import type { ObliviousModel, TrainingSummary } from "./model.ts";
import { projectMonotone } from "./monotone.ts";
import { type BoosterParams, completeParams } from "./params.ts";
import { fillWorkspace, planLayout, startValues, weightOf } from "./preparation.ts";
import { isSampling, mvsLambda } from "./sampling.ts";
import { openTeam, type Team } from "./threads.ts";
import { assembleModel, type TrainedTree } from "./trained-model.ts";
import type { Workspace } from "./workspace.ts";

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
  const plan = (count: number) => planLayout(dataset, features, params, loss, count);
  const { team, workspace } = await openTeam(plan, params, threads, options.kernels ?? "auto");
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
  requireFinite(workspace, 0);
  for (let tree = 0; tree < params.iterations; tree++) {
    const grown = growOne(boosting, tree, totalWeight, trees.at(-1)?.leafValues ?? null);
    trees.push(grown);
    workspace.doubles("leafValues", grown.leafValues.length).set(grown.leafValues);
    team.run("advance", { hasTree: true });
    requireFinite(workspace, tree + 1);
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

function leafMethodOf(params: BoosterParams, loss: LossFunction): Boosting["method"] {
  const name = params.leafMethod ?? loss.leafMethod;
  if (!loss.leafMethods.includes(name))
    throw new TrainingInputError(
      `leafMethod for ${loss.name} must be ${loss.leafMethods.join(" or ")}, got ${name}`,
    );
  const iterations = params.leafIterations ?? (name === loss.leafMethod ? loss.leafIterations : 1);
  return { name, iterations: name === "Exact" ? 1 : iterations };
}

/** @throws {TrainingInputError} when a gradient at the current forecasts is infinite or no number */
function requireFinite(workspace: Workspace, trees: number): void {
  if (Number.isFinite(gradientTotals(workspace).largest)) return;
  const { loss, learningRate, l2LeafReg } = workspace.params;
  throw new TrainingInputError(
    `after ${trees} trees the forecasts are no longer finite under ${loss.name}; lower learningRate (${learningRate}) or raise l2LeafReg (${l2LeafReg})`,
  );
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TrainingCancelledError();
}
