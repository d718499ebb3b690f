/**
 * The porter who carries forecasts out: for each data source he keeps the panel and the serving model ready, renews both
 * when another load or another model serves, and stamps every answer with its origin and model version.
 */
import { readFile, stat } from "node:fs/promises";
import { type IsoDate, isoDate } from "@rossmann/core";
import {
  type Db,
  loadModelVersion,
  type ModelReference,
  modelVersionOf,
  readPanel,
  sourceFootprint,
} from "@rossmann/warehouse";
import { decodeArtifact } from "./artifact.ts";
import { ArtifactError, HorizonError, NoModelError, UnknownStoreError } from "./errors.ts";
import { assertLevel, intervalBounds } from "./intervals/conformal.ts";
import { totalBounds } from "./intervals/totals.ts";
import { allStores, type ModelName } from "./model.ts";
import { Basis, buildPanel, LONGEST_HORIZON, originOf, type Panel } from "./panel.ts";
import type { CalendarRows } from "./panel-rows.ts";
import { forecastPoints, type TrainedModel } from "./trained-model.ts";
import { withKnownDays } from "./with-known-days.ts";

export type StateHolidayCode = "0" | "a" | "b" | "c";

/** One day of one store. Sales in currency units. */
export interface ForecastPoint {
  date: IsoDate;
  predictedSales: number;
  /** bounds at the level that was asked for; lower ≤ predicted ≤ upper, all exactly 0 on closed days */
  lower: number;
  upper: number;
  lower95: number;
  upper95: number;
  open: 0 | 1;
  promo: 0 | 1;
  stateHoliday: StateHolidayCode;
  schoolHoliday: 0 | 1;
  /** the day's calendar was known in advance; false: projected from the past */
  known: boolean;
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

export interface ForecastAnswer extends ForecastStamp {
  /** in the order the stores were asked for */
  stores: { storeId: number; points: ForecastPoint[] }[];
}

/** The total of several stores on one day. */
export interface ChainPoint {
  date: IsoDate;
  predictedSales: number;
  lower: number;
  upper: number;
  lower95: number;
  upper95: number;
  openStores: number;
  promoStores: number;
  /** every open store's calendar was known in advance */
  known: boolean;
}

export interface ChainForecast extends ForecastStamp {
  storeIds: number[];
  /** over all days of the horizon */
  total: number;
  lower: number;
  upper: number;
  points: ChainPoint[];
}

export interface ForecastQuery {
  dataSourceId: number;
  storeIds: readonly number[];
  /** days ahead, 1–180 */
  horizon: number;
  /** 0.5–0.99, default 0.8 */
  level?: number;
}

/** Columns in the order of the rows that were asked for. */
export interface PredictedRows extends Omit<ForecastStamp, "horizon" | "level"> {
  sales: Float64Array;
  lower80: Float64Array;
  upper80: Float64Array;
  lower90: Float64Array;
  upper90: Float64Array;
  lower95: Float64Array;
  upper95: Float64Array;
}

export interface Forecaster {
  /**
   * The coming days of some stores.
   *
   * @throws {UnknownStoreError} {@link HorizonError} {@link LevelError} {@link NoModelError} {@link ArtifactError}
   */
  forecast(query: ForecastQuery): Promise<ForecastAnswer>;
  /** Totals over some stores (default: all) with intervals that know that errors are shared. Throws as `forecast`. */
  chain(query: Omit<ForecastQuery, "storeIds"> & { storeIds?: readonly number[] }): Promise<ChainForecast>;
  /**
   * Predict given store-days after the origin, whose calendar counts as known.
   *
   * @throws {HorizonError} for a day outside of the 180 days after the origin, and as `forecast`
   */
  predict(query: { dataSourceId: number; rows: CalendarRows }): Promise<PredictedRows>;
}

export interface ForecasterOptions {
  /** which registered model answers; default the champion */
  model?: ModelReference;
  /** a model file that answers instead of the registry's */
  modelPath?: string;
}

const DEFAULT_LEVEL = 0.8;
const WIDE_LEVEL = 0.95;
const HOLIDAY_CODES: readonly StateHolidayCode[] = ["0", "a", "b", "c"];

/** What is kept ready for one data source. */
interface Bench {
  panel: Panel;
  trained: TrainedModel;
  version: number;
  modelType: ModelName;
  storeIndex: Map<number, number>;
  /** rows of the stores in the trained model, −1 for a store it did not see */
  trainedRow: Int32Array;
  /** n x 180, made when first asked for */
  points: Float64Array | null;
}

/** A forecaster over the registry (or one model file) with a cache that notices new loads and new champions. */
export function createForecaster(db: Db, options: ForecasterOptions = {}): Forecaster {
  const benches = new Map<number, { key: string; bench: Promise<Bench> }>();

  async function benchOf(dataSourceId: number): Promise<Bench> {
    const [footprint, source] = await Promise.all([
      sourceFootprint(db, dataSourceId),
      modelKey(db, dataSourceId, options),
    ]);
    const key = `${footprint?.etlRunId ?? "none"}|${source}`;
    const known = benches.get(dataSourceId);
    if (known?.key === key) return known.bench;
    const bench = prepare(db, dataSourceId, options);
    benches.set(dataSourceId, { key, bench });
    // A failure is not kept: the next question tries again.
    bench.catch(() => {
      if (benches.get(dataSourceId)?.bench === bench) benches.delete(dataSourceId);
    });
    return bench;
  }

  return {
    async forecast(query) {
      const level = checked(query.horizon, query.level);
      const bench = await benchOf(query.dataSourceId);
      const indexes = indexesOf(bench, query.storeIds);
      const points = allPoints(bench);
      return {
        ...stamp(bench, query, level),
        stores: query.storeIds.map((storeId, i) => ({
          storeId,
          points: storePoints(bench, indexes[i], points, query.horizon, level),
        })),
      };
    },
    async chain(query) {
      const level = checked(query.horizon, query.level);
      const bench = await benchOf(query.dataSourceId);
      const storeIds = query.storeIds ?? Array.from(bench.panel.storeIds);
      const indexes = indexesOf(bench, storeIds);
      return {
        ...stamp(bench, query, level),
        storeIds: [...storeIds],
        ...chainTotals(bench, indexes, query.horizon, level),
      };
    },
    async predict({ dataSourceId, rows }) {
      return predictRows(await benchOf(dataSourceId), dataSourceId, rows);
    },
  };
}

function checked(horizon: number, level: number | undefined): number {
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= LONGEST_HORIZON)) {
    throw new HorizonError(horizon, LONGEST_HORIZON);
  }
  const asked = level ?? DEFAULT_LEVEL;
  assertLevel(asked);
  return asked;
}

/** Changes whenever another model would answer. */
async function modelKey(
  db: Db,
  dataSourceId: number,
  { model, modelPath }: ForecasterOptions,
): Promise<string> {
  if (modelPath !== undefined) {
    const found = await stat(modelPath).catch((cause) => {
      throw new ArtifactError(`${modelPath} cannot be read`, { cause });
    });
    return `${modelPath}|${found.mtimeMs}|${found.size}`;
  }
  if (typeof model === "number") return String(model);
  const version = await modelVersionOf(db, dataSourceId, model ?? "champion");
  if (version === null) {
    throw new NoModelError(
      `data source ${dataSourceId} has no ${model ?? "champion"} model yet; train one with "rossmann train"`,
    );
  }
  return String(version);
}

async function prepare(
  db: Db,
  dataSourceId: number,
  { model, modelPath }: ForecasterOptions,
): Promise<Bench> {
  const [rows, stored] = await Promise.all([
    readPanel(db, dataSourceId),
    modelPath !== undefined
      ? readFile(modelPath).then((artifact) => ({ artifact, version: 0 }))
      : loadModelVersion(db, dataSourceId, model ?? "champion"),
  ]);
  const trained = decodeArtifact(stored.artifact);
  const panel = buildPanel(rows);
  const rowOf = new Map(Array.from(trained.storeIds, (id, row) => [id, row]));
  return {
    panel,
    trained,
    version: stored.version,
    modelType: trained.parts[0].name,
    storeIndex: new Map(Array.from(panel.storeIds, (id, s) => [id, s])),
    trainedRow: Int32Array.from(panel.storeIds, (id) => rowOf.get(id) ?? -1),
    points: null,
  };
}

function indexesOf(bench: Bench, storeIds: readonly number[]): Int32Array {
  const unknown = storeIds.filter((id) => !bench.storeIndex.has(id));
  if (unknown.length > 0) throw new UnknownStoreError(unknown);
  return Int32Array.from(storeIds, (id) => bench.storeIndex.get(id)!);
}

/** The whole chain's 180 days: one pass costs little more than one store, and every later question is a look-up. */
function allPoints(bench: Bench): Float64Array {
  bench.points ??= forecastPoints(bench.trained, bench.panel, allStores(bench.panel), LONGEST_HORIZON);
  return bench.points;
}

const stamp = (
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

function scaleOf(bench: Bench, store: number): number {
  const row = bench.trainedRow[store];
  return row < 0 ? bench.trained.intervals.chainScale : bench.trained.intervals.scales[row];
}

function storePoints(
  bench: Bench,
  store: number,
  all: Float64Array,
  horizon: number,
  level: number,
): ForecastPoint[] {
  const { panel, trained } = bench;
  const points = all.subarray(store * LONGEST_HORIZON, store * LONGEST_HORIZON + horizon);
  const scale = scaleOf(bench, store);
  const bounds = [level, WIDE_LEVEL].map((each) => {
    const lower = new Float64Array(horizon);
    const upper = new Float64Array(horizon);
    intervalBounds(trained.intervals, points, scale, each, lower, upper);
    return { lower, upper };
  });
  return Array.from({ length: horizon }, (_, k) => {
    const cell = store * panel.calendarDays + panel.historyDays + k;
    return {
      date: isoDate(originOf(panel) + 1 + k),
      predictedSales: points[k],
      lower: bounds[0].lower[k],
      upper: bounds[0].upper[k],
      lower95: bounds[1].lower[k],
      upper95: bounds[1].upper[k],
      open: panel.open[cell] as 0 | 1,
      promo: panel.promo[cell] as 0 | 1,
      stateHoliday: HOLIDAY_CODES[panel.stateHoliday[cell]],
      schoolHoliday: panel.schoolHoliday[cell] as 0 | 1,
      known: panel.basis[cell] === Basis.known,
    };
  });
}

function chainTotals(bench: Bench, indexes: Int32Array, horizon: number, level: number) {
  const { panel, trained } = bench;
  const all = allPoints(bench);
  const points = new Float64Array(indexes.length * horizon);
  indexes.forEach((store, i) => {
    points.set(all.subarray(store * LONGEST_HORIZON, store * LONGEST_HORIZON + horizon), i * horizon);
  });
  const rows = Int32Array.from(indexes, (store) => bench.trainedRow[store]);
  const over = (from: number, to: number, at: number) =>
    totalBounds(trained.paths, rows, points, horizon, { from, to }, at);
  const { total, lower, upper } = over(1, horizon, level);
  const days = Array.from({ length: horizon }, (_, k): ChainPoint => {
    const day = over(k + 1, k + 1, level);
    const wide = over(k + 1, k + 1, WIDE_LEVEL);
    const cells = Array.from(indexes, (store) => store * panel.calendarDays + panel.historyDays + k);
    const open = cells.filter((cell) => panel.open[cell] === 1);
    return {
      date: isoDate(originOf(panel) + 1 + k),
      predictedSales: day.total,
      lower: day.lower,
      upper: day.upper,
      lower95: wide.lower,
      upper95: wide.upper,
      openStores: open.length,
      promoStores: cells.filter((cell) => panel.promo[cell] === 1).length,
      known:
        cells.length > 0 &&
        (open.length > 0 ? open : cells).every((cell) => panel.basis[cell] === Basis.known),
    };
  });
  return { total, lower, upper, points: days };
}

function predictRows(bench: Bench, dataSourceId: number, rows: CalendarRows): PredictedRows {
  const unknown = new Set(Array.from(rows.storeIds).filter((id) => !bench.storeIndex.has(id)));
  if (unknown.size > 0) throw new UnknownStoreError([...unknown]);
  const origin = originOf(bench.panel);
  let horizon = 1;
  for (const day of rows.dayNumbers) {
    const ahead = day - origin;
    if (ahead < 1 || ahead > LONGEST_HORIZON) throw new HorizonError(ahead, LONGEST_HORIZON);
    if (ahead > horizon) horizon = ahead;
  }
  const panel = withKnownDays(bench.panel, rows);
  const points = forecastPoints(bench.trained, panel, allStores(panel), horizon);
  const columns = () => new Float64Array(rows.storeIds.length);
  const predicted = {
    sales: columns(),
    lower80: columns(),
    upper80: columns(),
    lower90: columns(),
    upper90: columns(),
    lower95: columns(),
    upper95: columns(),
  };
  const bounds = new Map<number, Float64Array[]>();
  for (let i = 0; i < rows.storeIds.length; i++) {
    const store = bench.storeIndex.get(rows.storeIds[i])!;
    const own = points.subarray(store * horizon, (store + 1) * horizon);
    let of = bounds.get(store);
    if (of === undefined) {
      of = [0.8, 0.9, 0.95].flatMap((level) => {
        const lower = new Float64Array(horizon);
        const upper = new Float64Array(horizon);
        intervalBounds(bench.trained.intervals, own, scaleOf(bench, store), level, lower, upper);
        return [lower, upper];
      });
      bounds.set(store, of);
    }
    const k = rows.dayNumbers[i] - origin - 1;
    predicted.sales[i] = own[k];
    predicted.lower80[i] = of[0][k];
    predicted.upper80[i] = of[1][k];
    predicted.lower90[i] = of[2][k];
    predicted.upper90[i] = of[3][k];
    predicted.lower95[i] = of[4][k];
    predicted.upper95[i] = of[5][k];
  }
  return {
    dataSourceId,
    origin: isoDate(origin),
    modelVersion: bench.version,
    modelType: bench.modelType,
    ...predicted,
  };
}
