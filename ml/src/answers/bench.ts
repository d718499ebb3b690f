/** What is kept ready to answer questions about one data source: its panel, the serving model, and every store's forecast. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type IsoDate, isoDate } from "@rossmann/core";
import { ROW_HORIZON } from "../boosting/row-scheme.ts";
import { ArtifactError, HorizonError, UnknownStoreError } from "../errors.ts";
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
  /** what {@link forecastAll} gives, once it was asked for */
  points: Promise<Float64Array> | null;
  /** 0–1, while it is worked out */
  share: number;
}

/** A bench with every store's 180 days forecast. */
export interface ReadyBench extends Omit<Bench, "points" | "share"> {
  /** n x 180 */
  points: Float64Array;
}

/** With fewer of its stores known to the model, the model is another chain's. */
const LEAST_KNOWN_SHARE = 0.5;

/**
 * @throws {ArtifactError} when the model was trained on another chain: it knows fewer than half of the stores that have ever
 *   sold anything, or other years
 */
export function createBench(panel: Panel, trained: TrainedModel, version: number): Bench {
  refuseForeign(panel, trained);
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
    share: 0,
  };
}

function refuseForeign(panel: Panel, trained: TrainedModel): void {
  const known = new Set(trained.storeIds);
  const sold = panel.storeIds.filter((_, s) =>
    panel.logSales
      .subarray(s * panel.historyDays, (s + 1) * panel.historyDays)
      .some((log) => !Number.isNaN(log)),
  );
  const common = sold.filter((id) => known.has(id)).length;
  if (common < LEAST_KNOWN_SHARE * sold.length) {
    throw new ArtifactError(
      `it was trained on other stores: it knows ${common} of the ${sold.length} of this data source; train one for it`,
    );
  }
  if (trained.trainedFrom > originOf(panel) || trained.trainedTo < panel.firstDay) {
    throw new ArtifactError(
      `it was trained on ${isoDate(trained.trainedFrom)} to ${isoDate(trained.trainedTo)}, this data source has ${isoDate(panel.firstDay)} to ${isoDate(originOf(panel))}; train one for it`,
    );
  }
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
  bench: Pick<Bench, "panel" | "version" | "modelType">,
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
export function indexesOf(bench: Pick<Bench, "storeIndex">, storeIds: readonly number[]): Int32Array {
  const unknown = storeIds.filter((id) => !bench.storeIndex.has(id));
  if (unknown.length > 0) throw new UnknownStoreError(unknown);
  return Int32Array.from(storeIds, (id) => bench.storeIndex.get(id)!);
}

/** Stores forecast at a time: others get their turn in between. */
const BLOCK_STORES = 50;

/** The whole chain's 180 days: one pass costs little more than one store, and every later question is a look-up. */
export async function forecastAll(bench: Bench): Promise<ReadyBench> {
  bench.points ??= computeAll(bench).catch((error: unknown) => {
    bench.points = null;
    throw error;
  });
  return { ...bench, points: await bench.points };
}

async function computeAll(bench: Bench): Promise<Float64Array> {
  const { panel, trained, views } = bench;
  const n = panel.storeIds.length;
  const points = new Float64Array(n * LONGEST_HORIZON);
  // What is known at one origin takes a second to work out, and farther days are seen from other origins: one after the other.
  for (let reach = 7; reach <= ROW_HORIZON; reach += 7) {
    await nextTurn();
    forecastPoints(trained, panel, Int32Array.of(0), reach, views);
  }
  for (let first = 0; first < n; first += BLOCK_STORES) {
    bench.share = first / n;
    await nextTurn();
    const stores = allStores(panel).subarray(first, first + BLOCK_STORES);
    points.set(forecastPoints(trained, panel, stores, LONGEST_HORIZON, views), first * LONGEST_HORIZON);
  }
  bench.share = 1;
  return points;
}

/** The first days of some stores: m x horizon, in the order of the indexes. */
export function pointsOf({ points: all }: ReadyBench, indexes: Int32Array, horizon: number): Float64Array {
  const points = new Float64Array(indexes.length * horizon);
  indexes.forEach((store, i) => {
    points.set(all.subarray(store * LONGEST_HORIZON, store * LONGEST_HORIZON + horizon), i * horizon);
  });
  return points;
}

/** Robust standard deviation of a store's log errors; the chain's for a store the backtest did not see. */
export function scaleOf(bench: Pick<Bench, "trained" | "trainedRow">, store: number): number {
  const row = bench.trainedRow[store];
  return row < 0 ? bench.trained.intervals.chainScale : bench.trained.intervals.scales[row];
}
