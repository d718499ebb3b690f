/**
 * The porter who carries goods into the workshop: reads a data source's panel, has a model learned from it, and writes
 * experiment, backtest table and model version into the registries. A new model serves only when it passes the gate.
 */
import { type Effects, type IsoDate, isoDate, messageOf, parseIsoDate, systemEffects } from "@rossmann/core";
import {
  type BacktestScore,
  backtestScores,
  completeExperiment,
  type Db,
  failExperiment,
  findModelVersion,
  heartbeatExperiment,
  holdExperiment,
  modelVersionOf,
  RegistryConflictError,
  readPanel,
  saveBacktestScores,
  saveModelVersion,
  startExperiment,
} from "@rossmann/warehouse";
import { encodeArtifact } from "./artifact.ts";
import { mean } from "./backtest/choose-model.ts";
import type { BacktestRow } from "./backtest/score-backtest.ts";
import { storeAccuracy } from "./backtest/store-accuracy.ts";
import { OriginError } from "./errors.ts";
import {
  type BacktestPair,
  DEFAULT_HORIZON,
  DEFAULT_ORIGINS,
  judge,
  type LearnOptions,
  type LearnProgress,
  learn,
} from "./learn.ts";
import { metadataOf, metricsByModel } from "./metadata.ts";
import type { JsonValue, TrainingProfile } from "./model.ts";
import { buildPanel, LONGEST_HORIZON, originOf, type Panel, truncatePanel } from "./panel.ts";
import { startPulse } from "./training-pulse.ts";

export interface TrainOptions {
  dataSourceId: number;
  /** learn as if this were the last observed day; default: the last one */
  origin?: string;
  /** default "quick" */
  profile?: TrainingProfile;
  /** default 42 */
  seed?: number;
  /** rolling origins, default 6 */
  origins?: number;
  /** days per window of the backtest, default 42 */
  horizon?: number;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
  /** what {@link registerTraining} gave; default: registered when the training begins */
  experimentId?: string;
}

export interface TrainProgress {
  stage: LearnProgress["stage"];
  /** 0–1 */
  share: number;
  elapsedMs: number;
  /** null while too little is done to tell */
  remainingMs: number | null;
  message: string;
}

export interface TrainResult extends BacktestResult {
  experimentId: string;
  version: number;
  /** the new version serves from now on */
  promoted: boolean;
  /** why it was promoted or not */
  gate: string;
  metadata: Record<string, JsonValue>;
}

export interface BacktestResult {
  modelType: string;
  /** why this model */
  choice: string;
  origin: IsoDate;
  table: BacktestRow[];
  /** windows of 180 days; empty when the history is too short */
  longTable: BacktestRow[];
  elapsedMs: number;
}

const DEFAULT_SEED = 42;
/** Below this share a forecast of the time left is guesswork. */
const TELLING_SHARE = 0.03;

/**
 * Register a training that is about to begin, maybe in another process.
 *
 * @returns the experiment id
 * @throws {TrainingInProgressError} while another one of the same source works
 */
export function registerTraining(db: Db, options: TrainOptions): Promise<string> {
  const hyperparameters = hyperparametersOf(learnOptions(options), options);
  return startExperiment(db, { dataSourceId: options.dataSourceId, hyperparameters });
}

/**
 * Train on a data source: backtest, choose, refit, register, promote by the gate. The registry tells meanwhile how far it
 * is; a training whose experiment somebody closes there stops.
 *
 * @throws every refusal of {@link learn}, {@link OriginError}, {@link TrainingInProgressError} and the warehouse's; the
 *   experiment is FAILED then and the serving model unchanged
 */
export async function train(
  db: Db,
  options: TrainOptions,
  effects: Effects = systemEffects(),
): Promise<TrainResult> {
  const started = effects.now();
  const experimentId = options.experimentId ?? (await registerTraining(db, options));
  const pulse = startPulse(
    (progress) => heartbeatExperiment(db, experimentId, progress),
    (error) => effects.logger.warn({ experimentId, error: messageOf(error) }, "a heartbeat failed"),
  );
  const signals = options.signal === undefined ? [] : [options.signal];
  const learning: LearnOptions = {
    ...learnOptions(options),
    signal: AbortSignal.any([...signals, pulse.signal]),
    onProgress: report(started, effects, (progress) => {
      pulse.progress(progress);
      options.onProgress?.(progress);
    }),
  };
  let letGo = () => {};
  try {
    letGo = await holdExperiment(db, experimentId);
    const panel = await panelOf(db, options, learning);
    const learned = await learn(panel, learning);
    learning.onProgress?.({ stage: "save", share: 0.98, message: "write the model to the registry" });
    const metadata = metadataOf(learned, panel, learning);
    const gate = await passGate(db, options.dataSourceId, learned);
    const artifact = encodeArtifact(learned.trained);
    const trainedTo = isoDate(originOf(panel));
    const version = await db.transaction().execute(async (trx) => {
      await saveBacktestScores(trx, experimentId, scoresOf(learned, panel.storeIds));
      const saved = await saveModelVersion(trx, {
        dataSourceId: options.dataSourceId,
        experimentId,
        modelType: learned.short.choice.name,
        trainedTo,
        artifact,
        metadata: { ...metadata, gate: gate.reason },
        alias: gate.isPassed ? "champion" : "challenger",
      });
      await completeExperiment(trx, experimentId, {
        modelType: learned.short.choice.name,
        hyperparameters: { ...hyperparametersOf(learning, options), gate: gate.reason },
        trainPeriodStart: isoDate(panel.firstDay),
        trainPeriodEnd: trainedTo,
        validationPeriodStart: (metadata.validation_period as { date_from: string }).date_from,
        validationPeriodEnd: (metadata.validation_period as { date_to: string }).date_to,
        metrics: metricsByModel(learned),
      });
      return saved.version;
    });
    return {
      ...resultOf(learned, panel, effects.now() - started),
      experimentId,
      version,
      promoted: gate.isPassed,
      gate: gate.reason,
      metadata,
    };
  } catch (error) {
    await failExperiment(db, experimentId, messageOf(error)).catch((second) => {
      // Whoever closed it before has said why.
      if (second instanceof RegistryConflictError) return;
      effects.logger.warn(
        { experimentId, error: messageOf(second) },
        "a failed training could not be closed",
      );
    });
    throw error;
  } finally {
    pulse.stop();
    letGo();
  }
}

/** The rolling-origin table of a data source; nothing is written. Throws as {@link train} does. */
export async function backtest(
  db: Db,
  options: TrainOptions,
  effects: Effects = systemEffects(),
): Promise<BacktestResult> {
  const started = effects.now();
  const { onProgress } = options;
  const learning: LearnOptions = {
    ...learnOptions(options),
    onProgress: onProgress && report(started, effects, onProgress),
  };
  const panel = await panelOf(db, options, learning);
  return resultOf(await judge(panel, learning), panel, effects.now() - started);
}

function learnOptions(options: TrainOptions): LearnOptions {
  return {
    profile: options.profile ?? "quick",
    seed: options.seed ?? DEFAULT_SEED,
    origins: options.origins ?? DEFAULT_ORIGINS,
    horizon: options.horizon ?? DEFAULT_HORIZON,
    signal: options.signal,
  };
}

const hyperparametersOf = (learning: LearnOptions, options: TrainOptions) => ({
  profile: learning.profile,
  random_state: learning.seed,
  origins: learning.origins,
  horizon: learning.horizon,
  origin: options.origin ?? null,
  target_transform: "log",
});

/** Adds to what a training says how long it has worked, and how long it still will. */
function report(started: number, effects: Effects, tell: (progress: TrainProgress) => void) {
  return (progress: LearnProgress): void => {
    const elapsedMs = effects.now() - started;
    const { share } = progress;
    const remainingMs = share < TELLING_SHARE ? null : Math.round((elapsedMs / share) * (1 - share));
    tell({ ...progress, elapsedMs, remainingMs });
  };
}

async function panelOf(db: Db, options: TrainOptions, learning: LearnOptions): Promise<Panel> {
  learning.onProgress?.({ stage: "read", share: 0, message: "read the sales history" });
  const panel = buildPanel(await readPanel(db, options.dataSourceId));
  if (options.origin === undefined) return panel;
  const origin = parseIsoDate(options.origin);
  if (origin === null)
    throw new OriginError(`origin must be a date like 2015-06-19, got "${options.origin}"`);
  return truncatePanel(panel, origin, LONGEST_HORIZON);
}

function resultOf(pair: BacktestPair, panel: Panel, elapsedMs: number): BacktestResult {
  return {
    modelType: pair.short.choice.name,
    choice: pair.short.choice.reason,
    origin: isoDate(originOf(panel)),
    table: pair.short.table,
    longTable: pair.long?.table ?? [],
    elapsedMs,
  };
}

function scoresOf(pair: BacktestPair, storeIds: Int32Array): BacktestScore[] {
  const toScore = (row: BacktestRow, prefix: string): BacktestScore => ({
    modelType: row.model,
    origin: row.origin,
    segmentKind: prefix + row.kind,
    segment: row.segment,
    points: row.points,
    metrics: finite(row.measures),
  });
  return [
    ...pair.short.table.map((row) => toScore(row, "")),
    ...(pair.long?.table ?? []).map((row) => toScore(row, "long_")),
    ...storeAccuracy(pair.short.folds, pair.short.choice.name).map((row) => ({
      modelType: pair.short.choice.name,
      origin: row.origin,
      segmentKind: row.group === "all" ? "store" : "store_horizon",
      segment: row.group === "all" ? String(storeIds[row.store]) : `${storeIds[row.store]}:${row.group}`,
      points: row.points,
      metrics: finite(row.measures),
    })),
  ];
}

/** JSON has no NaN: what could not be measured is null. */
const finite = (measures: object): Record<string, number | null> =>
  Object.fromEntries(
    Object.entries(measures).map(([key, value]) => [key, Number.isFinite(value) ? value : null]),
  );

interface Gate {
  isPassed: boolean;
  reason: string;
}

/**
 * May the new model serve? Yes when nobody serves yet, or when it is not worse than the champion on the same origins: on
 * those that both trainings share, else the champion's kind of model is judged by the new backtest.
 */
async function passGate(db: Db, dataSourceId: number, pair: BacktestPair): Promise<Gate> {
  const champion = await modelVersionOf(db, dataSourceId, "champion");
  if (champion === null) return { isPassed: true, reason: "first model of this data source" };
  const { experimentId, modelType } = await findModelVersion(db, dataSourceId, champion);
  const stored = await backtestScores(db, experimentId, { modelType, segmentKind: "all" });
  const mine = new Map(
    pair.short.table
      .filter((row) => row.kind === "all" && row.model === pair.short.choice.name)
      .map((row) => [row.origin as string, row.measures.rmspe]),
  );
  let theirs = new Map(stored.map((score) => [score.origin, Number(score.metrics.rmspe)]));
  let shared = [...mine.keys()].filter((origin) => Number.isFinite(theirs.get(origin)));
  if (shared.length === 0) {
    theirs = new Map(
      pair.short.table
        .filter((row) => row.kind === "all" && row.model === modelType)
        .map((row) => [row.origin as string, row.measures.rmspe]),
    );
    shared = [...mine.keys()].filter((origin) => Number.isFinite(theirs.get(origin)));
  }
  if (shared.length === 0) {
    return {
      isPassed: true,
      reason: `version ${champion} (${modelType}) has no backtest on any of these origins`,
    };
  }
  const ours = mean(shared.map((origin) => mine.get(origin)!));
  const champions = mean(shared.map((origin) => theirs.get(origin)!));
  const isPassed = ours <= champions + 1e-9;
  const comparison = `mean RMSPE ${ours.toFixed(4)} against ${champions.toFixed(4)} of version ${champion} on ${shared.length} shared origins`;
  return {
    isPassed,
    reason: isPassed ? `not worse than the champion: ${comparison}` : `kept as challenger: ${comparison}`,
  };
}
