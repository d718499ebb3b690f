/**
 * From a panel to a trained model: backtest every candidate, choose per stretch of horizons, refit the winners on all
 * days, learn the intervals from the backtest's errors. A pure function of the panel, the options and the seed.
 */
import { type DayNumber, isoDate } from "@rossmann/core";
import type { AverageOf } from "./average.ts";
import { type Choice, chooseModel } from "./backtest/choose-model.ts";
import { foldErrors, otherwiseErrors } from "./backtest/fold-errors.ts";
import { backtestHorizon, chooseOrigins, SHORTEST_HISTORY_DAYS } from "./backtest/rolling-origin.ts";
import { type BacktestFold, type BacktestOptions, runBacktest } from "./backtest/run-backtest.ts";
import { type BacktestRow, scoreBacktest } from "./backtest/score-backtest.ts";
import { EmptyHistoryError, HistoryTooShortError, HorizonError, TrainingCancelledError } from "./errors.ts";
import { fitConformal, type LogErrors } from "./intervals/conformal.ts";
import type { ErrorPath } from "./intervals/totals.ts";
import type { FittedModel, ForecastModel, ModelName, TrainingProfile } from "./model.ts";
import { type Candidates, candidatesOf, createModels } from "./models.ts";
import { LONGEST_HORIZON, originOf, type Panel, truncatePanel } from "./panel.ts";
import type { HorizonPart, TrainedModel } from "./trained-model.ts";

export interface LearnOptions {
  profile: TrainingProfile;
  seed: number;
  /** rolling origins of the main backtest, default 6 */
  origins?: number;
  /** days of the main backtest's window, default 42 */
  horizon?: number;
  signal?: AbortSignal;
  onProgress?: (progress: LearnProgress) => void;
}

export interface LearnProgress {
  stage: "read" | "tune" | "backtest" | "long_backtest" | "score" | "refit" | "save";
  /** share of the whole training that is done, 0–1 */
  share: number;
  message: string;
}

export interface Backtest {
  horizon: number;
  candidates: Candidates;
  folds: BacktestFold[];
  table: BacktestRow[];
  choice: Choice;
}

export interface BacktestPair {
  /** everything that may learn */
  models: readonly ForecastModel[];
  /** the main backtest */
  short: Backtest;
  /** windows of 180 days; null when the history is too short for one */
  long: Backtest | null;
}

export interface Learned extends BacktestPair {
  trained: TrainedModel;
}

export const DEFAULT_HORIZON = 42;
export const DEFAULT_ORIGINS = 6;
const LONG_ORIGINS = 3;
const LONG_SPACING_DAYS = 91;
/** Whole weeks, so that the trees' rows of all origins are shared. */
const LONG_WINDOW_DAYS = 182;
/** What is known of the coming calendar when a year is planned: later promotions are projected, as they are in service. */
const LONG_KNOWN_DAYS = 42;
/** Intervals of days whose calendar is known less far, or farther, than in the judged windows are learned from these. */
const OTHERWISE_EVERY_STORES = 4;
const OTHERWISE_EVERY_ORIGINS: Record<TrainingProfile, number> = { quick: 3, full: 1 };
/** A year before a long window, so that its seasons were seen at least once. */
const LONG_HISTORY_DAYS = 364;

/**
 * Train on a panel.
 *
 * @throws {EmptyHistoryError} when no store ever sold anything
 * @throws {HistoryTooShortError} below 21 days of history
 * @throws {HorizonError} for a window outside of 7–180 days
 * @throws {TrainingCancelledError} when the signal fires
 */
export async function learn(panel: Panel, options: LearnOptions): Promise<Learned> {
  const pair = await judge(panel, options);
  const { short, long } = pair;
  const parts: HorizonPart[] = [
    { to: short.horizon, name: short.choice.name, members: membersOf(short) },
    {
      to: LONGEST_HORIZON,
      ...(long === null
        ? beyond(short, panel.historyDays)
        : { name: long.choice.name, members: membersOf(long) }),
    },
  ];

  const models = new Map<ModelName, FittedModel>();
  for (const model of pair.models) {
    if (!parts.some((part) => part.members.some((member) => member.name === model.name))) continue;
    if (options.signal?.aborted) throw new TrainingCancelledError();
    const onProgress = (share: number) => {
      const message = `refit ${model.name} on all days`;
      options.onProgress?.({ stage: "refit", share: 0.9 + 0.08 * share, message });
    };
    onProgress(0);
    models.set(
      model.name,
      await model.fit(panel, { ...options, onProgress, ...daysAskedOf(model.name, parts) }),
    );
    onProgress(1);
  }

  const errors = outOfSampleErrors(short, long);
  const trained: TrainedModel = {
    trainedFrom: panel.firstDay,
    trainedTo: originOf(panel),
    storeIds: panel.storeIds,
    models,
    parts,
    intervals: fitConformal([...errors, ...otherErrors(short, long)], panel.storeIds.length),
    paths: errors.map((fold) => pathOf(fold, panel.storeIds.length)),
  };
  return { ...pair, trained };
}

/** The stretch of days ahead that a model answers for. */
function daysAskedOf(name: ModelName, parts: readonly HorizonPart[]): { from: number; horizon: number } {
  const isAsked = parts.map((part) => part.members.some((member) => member.name === name));
  const first = isAsked.indexOf(true);
  return { from: first === 0 ? 1 : parts[first - 1].to + 1, horizon: parts[isAsked.lastIndexOf(true)].to };
}

/** The backtests alone: what {@link learn} does before it refits. Throws as it does. */
export async function judge(panel: Panel, options: LearnOptions): Promise<BacktestPair> {
  if (!panel.logSales.some((value) => !Number.isNaN(value))) {
    throw new EmptyHistoryError(
      `none of ${panel.storeIds.length} stores has an open day with sales between ${isoDate(panel.firstDay)} and ${isoDate(originOf(panel))}; there is nothing to learn from`,
    );
  }
  const wished = options.horizon ?? DEFAULT_HORIZON;
  if (!(Number.isInteger(wished) && wished >= 1 && wished <= LONGEST_HORIZON)) {
    throw new HorizonError(wished, LONGEST_HORIZON);
  }
  const horizon = backtestHorizon(panel.historyDays, wished);
  if (horizon === 0) {
    throw new HistoryTooShortError(
      `training needs at least ${SHORTEST_HISTORY_DAYS} days of history, this source has ${panel.historyDays} (${isoDate(panel.firstDay)} to ${isoDate(originOf(panel))}); load more days`,
    );
  }
  const models = createModels(options.profile, panel);
  const last = originOf(panel);
  const origins = chooseOrigins(panel.firstDay, last, horizon, options.origins ?? DEFAULT_ORIGINS);
  const some = {
    everyStores: OTHERWISE_EVERY_STORES,
    everyOrigins: OTHERWISE_EVERY_ORIGINS[options.profile],
  };
  const near = { origins, from: 1, horizon, knownDays: horizon, otherwise: { knownDays: 0, ...some } };
  const longOrigins = Array.from(
    { length: LONG_ORIGINS },
    (_, k) => last - LONG_WINDOW_DAYS - k * LONG_SPACING_DAYS,
  ).filter((origin) => origin - panel.firstDay + 1 >= LONG_HISTORY_DAYS);
  await tune(panel, models, Math.min(...origins, ...longOrigins), options);
  const short = await backtest(panel, models, near, options, [0.08, 0.7]);
  const long =
    longOrigins.length === 0 || horizon >= LONGEST_HORIZON
      ? null
      : await backtest(
          panel,
          models,
          {
            origins: longOrigins,
            from: horizon + 1,
            horizon: LONGEST_HORIZON,
            knownDays: Math.max(horizon, LONG_KNOWN_DAYS),
            otherwise: { knownDays: LONGEST_HORIZON, ...some },
          },
          options,
          [0.7, 0.9],
        );
  return { models, short, long };
}

/** Settings are chosen from days before every window that is reported. */
async function tune(
  panel: Panel,
  models: readonly ForecastModel[],
  earliest: DayNumber,
  options: LearnOptions,
): Promise<void> {
  const cut = truncatePanel(panel, earliest, DEFAULT_HORIZON);
  for (const model of models) {
    if (model.tune === undefined) continue;
    if (options.signal?.aborted) throw new TrainingCancelledError();
    const message = `${model.name}: when to stop, on the days before ${isoDate(earliest + 1)}`;
    const onProgress = (share: number) =>
      options.onProgress?.({ stage: "tune", share: 0.01 + 0.07 * share, message });
    onProgress(0);
    await model.tune(cut, { ...options, onProgress, horizon: LONGEST_HORIZON });
  }
}

async function backtest(
  panel: Panel,
  models: readonly ForecastModel[],
  windows: Pick<BacktestOptions, "origins" | "from" | "horizon" | "knownDays" | "otherwise">,
  options: LearnOptions,
  shares: [number, number],
): Promise<Backtest> {
  const { origins, horizon } = windows;
  const stage = horizon === LONGEST_HORIZON ? "long_backtest" : "backtest";
  const candidates = candidatesOf(models, horizon, Math.min(...origins) - panel.firstDay + 1);
  const progress = (share: number, message: string) =>
    options.onProgress?.({ stage, share: shares[0] + (shares[1] - shares[0]) * share, message });
  const folds = await runBacktest(panel, candidates.models, {
    ...windows,
    averages: candidates.averages,
    seed: options.seed,
    profile: options.profile,
    signal: options.signal,
    onFit: (share, model, origin) => progress(share, `${model} from ${isoDate(origin)}, ${horizon} days`),
  });
  options.onProgress?.({ stage: "score", share: shares[1], message: `score ${origins.length} origins` });
  const table = scoreBacktest(folds, panel.stores.storeType);
  return { horizon, candidates, folds, table, choice: chooseModel(scoresOf(table, candidates)) };
}

/** RMSPE per origin over all days, in the candidates' order. */
function scoresOf(table: readonly BacktestRow[], candidates: Candidates) {
  const names = [...candidates.models, ...candidates.averages].map((candidate) => candidate.name);
  return names.map((name) => ({
    name,
    errors: table.filter((row) => row.model === name && row.kind === "all").map((row) => row.measures.rmspe),
  }));
}

function membersOf({ candidates, choice }: Backtest): AverageOf["members"] {
  const average = candidates.averages.find((each) => each.name === choice.name);
  return average?.members ?? [{ name: choice.name, weight: 1 }];
}

/** Who answers behind the judged days when the history is too short to judge them: the best of those that can. */
function beyond(short: Backtest, historyDays: number): Omit<HorizonPart, "to"> {
  const isAble = (name: ModelName) => {
    const model = short.candidates.models.find((each) => each.name === name);
    const least = model?.leastHistoryDays?.(LONGEST_HORIZON);
    // Trees that could not have been judged at such days do not answer for them.
    return least === undefined || least + LONGEST_HORIZON <= historyDays;
  };
  if (membersOf(short).every((member) => isAble(member.name))) {
    return { name: short.choice.name, members: membersOf(short) };
  }
  const able = scoresOf(short.table, short.candidates).filter(
    ({ name }) => name !== "average" && isAble(name),
  );
  const { name } = chooseModel(able);
  return { name, members: [{ name, weight: 1 }] };
}

interface OriginErrors extends LogErrors {
  origin: DayNumber;
}

/** The winners' errors: main windows for the near days, long windows for the days behind them. */
function outOfSampleErrors(short: Backtest, long: Backtest | null): OriginErrors[] {
  const near = short.folds.map((fold) => errorsOf(fold, short.choice.name));
  if (long === null) return near;
  return [...near, ...long.folds.map((fold) => errorsOf(fold, long.choice.name))];
}

const errorsOf = (fold: BacktestFold, name: ModelName): OriginErrors => ({
  ...foldErrors(fold, name),
  origin: fold.origin,
});

/** Near days behind a projected calendar and far days behind a known one: they teach intervals, no paths. */
function otherErrors(short: Backtest, long: Backtest | null): LogErrors[] {
  return [short, long].flatMap((backtest) =>
    (backtest?.folds ?? []).flatMap((fold) => otherwiseErrors(fold, backtest!.choice.name) ?? []),
  );
}

/** The scored stretch of a fold's errors as a path. */
function pathOf(errors: OriginErrors, stores: number): ErrorPath {
  const { origin, horizon, values } = errors;
  const isScored = (h: number) => {
    for (let s = 0; s < stores; s++) if (!Number.isNaN(values[s * horizon + h - 1])) return true;
    return false;
  };
  let from = 1;
  while (from < horizon && !isScored(from)) from++;
  const width = horizon - from + 1;
  const path = new Float32Array(stores * width);
  for (let s = 0; s < stores; s++) {
    path.set(values.subarray(s * horizon + from - 1, (s + 1) * horizon), s * width);
  }
  return { origin, from, to: horizon, values: path };
}
