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
import {
  type Bench,
  checkedLevel,
  createBench,
  type ForecastStamp,
  forecastAll,
  indexesOf,
  pointsOf,
  type ReadyBench,
  stampOf,
} from "./answers/bench.ts";
import { refusalOf } from "./answers/forecastable.ts";
import { type ChainPoint, dayTotals, type Portfolio, portfolioOf, totalsOf } from "./answers/portfolio.ts";
import { type PredictedRows, predictRows } from "./answers/predict-rows.ts";
import { type CalendarDay, calendarDay, type ForecastPoint, storePoints } from "./answers/store-points.ts";
import { decodeArtifact } from "./artifact.ts";
import { naiveForecast } from "./baselines/seasonal-naive.ts";
import { ArtifactError, NoModelError } from "./errors.ts";
import { buildPanel, LONGEST_HORIZON, originOf } from "./panel.ts";
import type { CalendarRows } from "./panel-rows.ts";
import { runScenarios, type ScenarioAnswer, type ScenarioPlan } from "./scenario.ts";

export interface ForecastAnswer extends ForecastStamp {
  /** in the order the stores were asked for */
  stores: { storeId: number; points: ForecastPoint[] }[];
}

export interface ChainForecast extends ForecastStamp {
  storeIds: number[];
  /** over all days of the horizon */
  total: number;
  lower: number;
  upper: number;
  points: ChainPoint[];
}

export interface KnownFuture {
  storeId: number;
  origin: IsoDate;
  days: CalendarDay[];
}

/** Which days are asked about. */
export interface ForecastFrame {
  dataSourceId: number;
  /** days ahead, 1–180 */
  horizon: number;
  /** 0.5–0.99, default 0.8 */
  level?: number;
}

export interface ForecastQuery extends ForecastFrame {
  storeIds: readonly number[];
}

export interface StoreForecastQuery extends ForecastQuery {
  /** say of each day what its forecast is made of; default no */
  drivers?: boolean;
}

export type OnProgress = (progress: { share: number; message: string }) => void;

/** A store's forecast beside the seasonal naive rule's. */
export interface NaiveComparison extends ForecastStamp {
  days: { date: IsoDate; open: 0 | 1; modelSales: number; naiveSales: number }[];
}

/** Of a portfolio's work, until every store is forecast; the rest is adding up. */
const SHARE_OF_POINTS = 0.9;
const PROGRESS_PAUSE_MS = 250;

export interface Forecaster {
  /**
   * The coming days of some stores.
   *
   * @throws {UnknownStoreError} {@link StoreWithoutHistoryError} {@link StoreClosedError} {@link HorizonError}
   *   {@link LevelError} {@link NoModelError} {@link ArtifactError}
   */
  forecast(query: StoreForecastQuery): Promise<ForecastAnswer>;
  /** Totals over every store with intervals that know that errors are shared. Throws as `forecast`. */
  chain(query: ForecastFrame): Promise<ChainForecast>;
  /**
   * Some stores one by one and together. A store that cannot be forecast is named beside the others.
   *
   * @throws {NothingToForecastError} when none is left, and as `forecast`
   */
  portfolio(query: ForecastQuery & { onProgress?: OnProgress }): Promise<ForecastStamp & Portfolio>;
  /** Scenarios against the plain forecast, summed over some stores. Throws as `portfolio`. */
  scenarios(
    query: ForecastQuery & { plans: readonly ScenarioPlan[] },
  ): Promise<ForecastStamp & ScenarioAnswer>;
  /** What is known or projected of a store's coming days. Throws as `forecast`. */
  knownFuture(query: { dataSourceId: number; storeId: number; horizon: number }): Promise<KnownFuture>;
  /** A store's coming 180 days by the model and by the seasonal naive rule. Throws as `forecast`. */
  withNaive(query: { dataSourceId: number; storeId: number }): Promise<NaiveComparison>;
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

/** A forecaster over the registry (or one model file) with a cache that notices new loads and new champions. */
export function createForecaster(db: Db, options: ForecasterOptions = {}): Forecaster {
  const benches = new Map<number, { key: string; bench: Promise<Bench> }>();

  /** With the forecast of every store; whoever waits is told how far it is. */
  async function readyBench(dataSourceId: number, onProgress?: OnProgress): Promise<ReadyBench> {
    onProgress?.({ share: 0, message: "read the history and the model" });
    const bench = await benchOf(dataSourceId);
    if (onProgress === undefined) return forecastAll(bench);
    const told = setInterval(() => {
      const done = Math.floor(bench.share * bench.panel.storeIds.length);
      const message = `${done} of ${bench.panel.storeIds.length} stores are forecast`;
      onProgress({ share: bench.share * SHARE_OF_POINTS, message });
    }, PROGRESS_PAUSE_MS);
    try {
      return await forecastAll(bench);
    } finally {
      clearInterval(told);
      onProgress({ share: SHARE_OF_POINTS, message: "add the stores up" });
    }
  }

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
      const level = checkedLevel(query.horizon, query.level);
      const bench = await readyBench(query.dataSourceId);
      const indexes = indexesOf(bench, query.storeIds);
      for (const storeId of query.storeIds) {
        const refusal = refusalOf(bench, storeId);
        if (refusal !== null) throw refusal;
      }
      return {
        ...stampOf(bench, query, level),
        stores: query.storeIds.map((storeId, i) => ({
          storeId,
          points: storePoints(bench, indexes[i], query.horizon, level, query.drivers),
        })),
      };
    },
    async chain(query) {
      const level = checkedLevel(query.horizon, query.level);
      const bench = await readyBench(query.dataSourceId);
      const storeIds = Array.from(bench.panel.storeIds);
      const indexes = indexesOf(bench, storeIds);
      const points = pointsOf(bench, indexes, query.horizon);
      return {
        ...stampOf(bench, query, level),
        storeIds,
        ...totalsOf(bench, indexes, points, query.horizon)(1, query.horizon)(level),
        points: dayTotals(bench, indexes, points, query.horizon, level),
      };
    },
    async portfolio(query) {
      const level = checkedLevel(query.horizon, query.level);
      const bench = await readyBench(query.dataSourceId, query.onProgress);
      return {
        ...stampOf(bench, query, level),
        ...portfolioOf(bench, query.storeIds, query.horizon, level),
      };
    },
    async scenarios(query) {
      const level = checkedLevel(query.horizon, query.level);
      const bench = await readyBench(query.dataSourceId);
      return {
        ...stampOf(bench, query, level),
        ...runScenarios(bench, query.storeIds, query.plans, query.horizon, level),
      };
    },
    async knownFuture({ dataSourceId, storeId, horizon }) {
      checkedLevel(horizon, undefined);
      const bench = await benchOf(dataSourceId);
      const [store] = indexesOf(bench, [storeId]);
      return {
        storeId,
        origin: isoDate(originOf(bench.panel)),
        days: Array.from({ length: horizon }, (_, k) => calendarDay(bench.panel, store, k)),
      };
    },
    async withNaive({ dataSourceId, storeId }) {
      const bench = await readyBench(dataSourceId);
      const refusal = refusalOf(bench, storeId);
      if (refusal !== null) throw refusal;
      const stores = indexesOf(bench, [storeId]);
      const points = pointsOf(bench, stores, LONGEST_HORIZON);
      const naive = naiveForecast(bench.panel, stores, LONGEST_HORIZON);
      const horizon = LONGEST_HORIZON;
      return {
        ...stampOf(bench, { dataSourceId, horizon }, checkedLevel(horizon, undefined)),
        days: Array.from(points, (modelSales, k) => {
          const { date, open } = calendarDay(bench.panel, stores[0], k);
          return { date, open, modelSales, naiveSales: naive[k] };
        }),
      };
    },
    async predict({ dataSourceId, rows }) {
      return predictRows(await benchOf(dataSourceId), dataSourceId, rows);
    },
  };
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
  return createBench(buildPanel(rows), decodeArtifact(stored.artifact), stored.version);
}
