/** What is kept ready to answer questions about one data source: its panel, the serving model, and every store's forecast. */
import { type IsoDate, isoDate } from "@rossmann/core";
import { HorizonError, UnknownStoreError } from "../errors.ts";
import { keptViews, type OriginViews } from "../features/origin-views.ts";
import { assertLevel } from "../intervals/conformal.ts";
import { allStores, type ModelName } from "../model.ts";
import { LONGEST_HORIZON, originOf, type Panel } from "../panel.ts";
import { forecastPoints, type TrainedModel } from "../trained-model.ts";

export interface Bench {
  panel: Panel;
  /** of the panel */
  views: OriginViews;
  trained: TrainedModel;
  /** 0 when the model came from a file */
  version: number;
  modelType: ModelName;
  storeIndex: ReadonlyMap<number, number>;
  /** rows of the stores in the trained model, −1 for a store it did not see */
  trainedRow: Int32Array;
  /** n x 180, made when first asked for */
  points: Float64Array | null;
}

export function createBench(panel: Panel, trained: TrainedModel, version: number): Bench {
  const rowOf = new Map(Array.from(trained.storeIds, (id, row) => [id, row]));
  return {
    panel,
    views: keptViews(panel),
    trained,
    version,
    modelType: trained.parts[0].name,
    storeIndex: new Map(Array.from(panel.storeIds, (id, s) => [id, s])),
    trainedRow: Int32Array.from(panel.storeIds, (id) => rowOf.get(id) ?? -1),
    points: null,
  };
}

export interface ForecastStamp {
  dataSourceId: number;
  /** last observed day */
  origin: IsoDate;
  /** 0 when the model came from a file */
  modelVersion: number;
  modelType: string;
  horizon: number;
  level: number;
}

export const stampOf = (
  bench: Bench,
  query: { dataSourceId: number; horizon: number },
  level: number,
): ForecastStamp => ({
  dataSourceId: query.dataSourceId,
  origin: isoDate(originOf(bench.panel)),
  modelVersion: bench.version,
  modelType: bench.modelType,
  horizon: query.horizon,
  level,
});

const DEFAULT_LEVEL = 0.8;

/**
 * The level to answer at, 0.8 when none was asked for.
 *
 * @throws {HorizonError} {@link LevelError}
 */
export function checkedLevel(horizon: number, level: number | undefined): number {
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= LONGEST_HORIZON)) {
    throw new HorizonError(horizon, LONGEST_HORIZON);
  }
  const asked = level ?? DEFAULT_LEVEL;
  assertLevel(asked);
  return asked;
}

/**
 * Rows of the panel.
 *
 * @throws {UnknownStoreError} naming every store that is not there
 */
export function indexesOf(bench: Bench, storeIds: readonly number[]): Int32Array {
  const unknown = storeIds.filter((id) => !bench.storeIndex.has(id));
  if (unknown.length > 0) throw new UnknownStoreError(unknown);
  return Int32Array.from(storeIds, (id) => bench.storeIndex.get(id)!);
}

/** The whole chain's 180 days: one pass costs little more than one store, and every later question is a look-up. */
export function allPoints(bench: Bench): Float64Array {
  bench.points ??= forecastPoints(
    bench.trained,
    bench.panel,
    allStores(bench.panel),
    LONGEST_HORIZON,
    bench.views,
  );
  return bench.points;
}

/** The first days of some stores: m x horizon, in the order of the indexes. */
export function pointsOf(bench: Bench, indexes: Int32Array, horizon: number): Float64Array {
  const all = allPoints(bench);
  const points = new Float64Array(indexes.length * horizon);
  indexes.forEach((store, i) => {
    points.set(all.subarray(store * LONGEST_HORIZON, store * LONGEST_HORIZON + horizon), i * horizon);
  });
  return points;
}

/** Robust standard deviation of a store's log errors; the chain's for a store the backtest did not see. */
export function scaleOf(bench: Bench, store: number): number {
  const row = bench.trainedRow[store];
  return row < 0 ? bench.trained.intervals.chainScale : bench.trained.intervals.scales[row];
}
