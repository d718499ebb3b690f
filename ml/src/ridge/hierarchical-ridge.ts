/**
 * Hierarchical ridge on log sales: what a weekday, a promotion or a holiday does is learned per store type first, then
 * each store may deviate from its type as far as its own days insist. Fits a thousand stores in about a second.
 *
 * With X the rows of a store, W the weights 0.5^(age / 500 days), y centred per store:
 *
 * ```
 *   type:   (Σ over stores XᵀWX + 1·I)  β = Σ XᵀWy
 *   store:  (XᵀWX + Λ)                  γ = XᵀW(y − Xβ) = XᵀWy − XᵀWX β
 *   forecast: exp(mean of the store + x(β + γ))
 * ```
 *
 * Both stages rest on the same XᵀWX and XᵀWy, so every row is visited once.
 */
import { DRIVER_COUNT } from "../drivers/driver-groups.ts";
import { ArtifactError } from "../errors.ts";
import { floatsToText, textToFloat32 } from "../float-text.ts";
import type { FittedModel, ForecastModel, JsonValue } from "../model.ts";
import { originOf, type Panel } from "../panel.ts";
import { solveRidge } from "./cholesky.ts";
import { COLUMN_COUNT, createDesign, type Design, EASTER, INTERCEPT, MONTH, TREND } from "./design.ts";
import { ridgeDrivers } from "./ridge-drivers.ts";

const HALF_LIFE_DAYS = 500;
const TYPE_PENALTY = 1;
/** Chosen by backtest: a thousand days of a store decide most of its effects themselves. */
const STORE_PENALTY = 3;
/** A store's place in the month is worth ten bins; its trend is continued into days nobody has seen: more shrinkage. */
const STORE_PENALTY_MONTH = 8;
const STORE_PENALTY_TREND = 30;
/** No day of a shop sells a thousand times its mean: bounds what an extrapolated trend can do. */
const LARGEST_DEVIATION = 5;

export const hierarchicalRidge: ForecastModel = {
  name: "ridge",
  fit: async (panel) => fitRidge(panel),
  restore(parameters: JsonValue) {
    const given = parameters as { [key: string]: JsonValue };
    if (!Array.isArray(given.store_ids))
      throw new ArtifactError("the list of stores of the ridge is missing");
    if (given.columns !== COLUMN_COUNT) {
      throw new ArtifactError(`the ridge has ${given.columns} columns, this version has ${COLUMN_COUNT}`);
    }
    const storeIds = Int32Array.from(given.store_ids as number[]);
    const types = given.types as string[];
    return fittedModel({
      storeIds,
      trendZero: Number(given.trend_zero),
      types,
      typeCoefficients: textToFloat32(
        given.type_coefficients,
        types.length * COLUMN_COUNT,
        "ridge of the types",
      ),
      coefficients: textToFloat32(given.coefficients, storeIds.length * COLUMN_COUNT, "ridge of the stores"),
    });
  },
};

export interface RidgeModel extends FittedModel {
  /** What the log of the forecast of an open day is made of, in the order of `DRIVERS`. @param t day index */
  explainDay(panel: Panel, store: number, t: number): Float64Array;
}

interface RidgeParameters {
  storeIds: Int32Array;
  trendZero: number;
  /** names of the store types; "" stands for unknown */
  types: string[];
  /** types x columns, intercept included: what a store without days gets */
  typeCoefficients: Float32Array;
  /** n x columns; NaN for stores without days */
  coefficients: Float32Array;
}

/** The fit itself, without a turn of the event loop. */
export function fitRidge(panel: Panel): RidgeModel {
  const { storeIds, historyDays, logSales } = panel;
  const n = storeIds.length;
  const p = COLUMN_COUNT;
  const trendZero = originOf(panel);
  const design = createDesign(panel, trendZero);
  const typeNames = panel.stores.storeType.map((type) => type ?? "");
  const types = [...new Set(typeNames)].sort();
  const typeOf = typeNames.map((type) => types.indexOf(type));

  const means = new Float64Array(n).fill(NaN);
  const grams = gramsFor(n);
  const moments = new Float64Array(n * p);
  const columns = new Int32Array(p);
  const values = new Float64Array(p);
  const weights = Float64Array.from({ length: historyDays }, (_, t) => {
    return 0.5 ** ((historyDays - 1 - t) / HALF_LIFE_DAYS);
  });
  for (let s = 0; s < n; s++) {
    let weight = 0;
    let sum = 0;
    for (let t = 0; t < historyDays; t++) {
      const y = logSales[s * historyDays + t];
      if (Number.isNaN(y)) continue;
      weight += weights[t];
      sum += weights[t] * y;
    }
    if (weight === 0) continue;
    means[s] = sum / weight;
    const gram = grams.subarray(s * p * p, (s + 1) * p * p);
    const moment = moments.subarray(s * p, (s + 1) * p);
    for (let t = 0; t < historyDays; t++) {
      const y = logSales[s * historyDays + t];
      if (Number.isNaN(y)) continue;
      const count = design.row(s, t, columns, values);
      for (let i = 0; i < count; i++) {
        const weighted = weights[t] * values[i];
        moment[columns[i]] += weighted * (y - means[s]);
        const row = columns[i] * p;
        for (let j = i; j < count; j++) gram[row + columns[j]] += weighted * values[j];
      }
    }
  }

  const scratch = new Float64Array(p * p);
  const beta = new Float64Array(types.length * p);
  const typeCoefficients = new Float32Array(types.length * p);
  const chainMean = meanOf(means);
  const typePenalties = new Float64Array(p).fill(TYPE_PENALTY);
  for (let type = 0; type < types.length; type++) {
    const gram = new Float64Array(p * p);
    const moment = new Float64Array(p);
    for (let s = 0; s < n; s++) {
      if (typeOf[s] !== type) continue;
      for (let i = 0; i < p * p; i++) gram[i] += grams[s * p * p + i];
      for (let i = 0; i < p; i++) moment[i] += moments[s * p + i];
    }
    const out = beta.subarray(type * p, (type + 1) * p);
    solveRidge(gram, typePenalties, moment, out, scratch);
    const typeMean = meanOf(means.filter((_, s) => typeOf[s] === type));
    typeCoefficients.set(out, type * p);
    typeCoefficients[type * p + INTERCEPT] = out[INTERCEPT] + (Number.isNaN(typeMean) ? chainMean : typeMean);
  }

  const penalties = storePenalties();
  const coefficients = new Float32Array(n * p).fill(NaN);
  const gamma = new Float64Array(p);
  const remainder = new Float64Array(p);
  for (let s = 0; s < n; s++) {
    if (Number.isNaN(means[s])) continue;
    const gram = grams.subarray(s * p * p, (s + 1) * p * p);
    const shared = beta.subarray(typeOf[s] * p, (typeOf[s] + 1) * p);
    for (let i = 0; i < p; i++) {
      let explained = 0;
      for (let j = 0; j < p; j++) explained += (j >= i ? gram[i * p + j] : gram[j * p + i]) * shared[j];
      remainder[i] = moments[s * p + i] - explained;
    }
    solveRidge(gram, penalties, remainder, gamma, scratch);
    for (let i = 0; i < p; i++) coefficients[s * p + i] = shared[i] + gamma[i];
    coefficients[s * p + INTERCEPT] += means[s];
  }
  return fittedModel({ storeIds, trendZero, types, typeCoefficients, coefficients });
}

let gramBuffer = new Float64Array(0);

/** n x p x p zeros. Thirty megabytes that every fit needs and none keeps: one buffer serves them all. */
function gramsFor(stores: number): Float64Array {
  const length = stores * COLUMN_COUNT * COLUMN_COUNT;
  if (gramBuffer.length !== length) gramBuffer = new Float64Array(length);
  else gramBuffer.fill(0);
  return gramBuffer;
}

function storePenalties(): Float64Array {
  const penalties = new Float64Array(COLUMN_COUNT).fill(STORE_PENALTY);
  penalties[INTERCEPT] = 0;
  penalties[TREND] = STORE_PENALTY_TREND;
  penalties.fill(STORE_PENALTY_MONTH, MONTH, EASTER);
  return penalties;
}

/** Mean of what is not NaN; NaN when nothing is left. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? NaN : sum / count;
}

function fittedModel(ridge: RidgeParameters): RidgeModel {
  const p = COLUMN_COUNT;
  const rowOf = new Map(Array.from(ridge.storeIds, (id, s) => [id, s]));
  const explainDay = (panel: Panel, store: number, t: number) =>
    ridgeDrivers(
      panel,
      designOf(panel, ridge.trendZero),
      coefficientsOf(ridge, rowOf, panel, store),
      store,
      t,
    );
  return {
    name: "ridge",
    forecast(panel, storeIndexes, horizon) {
      const out = new Float64Array(storeIndexes.length * horizon);
      const design = designOf(panel, ridge.trendZero);
      const columns = new Int32Array(p);
      const values = new Float64Array(p);
      for (let i = 0; i < storeIndexes.length; i++) {
        const s = storeIndexes[i];
        const coefficients = coefficientsOf(ridge, rowOf, panel, s);
        for (let h = 1; h <= horizon; h++) {
          const t = panel.historyDays - 1 + h;
          if (panel.open[s * panel.calendarDays + t] !== 1) continue;
          const count = design.row(s, t, columns, values);
          let deviation = 0;
          for (let j = 1; j < count; j++) deviation += values[j] * coefficients[columns[j]];
          const bounded = Math.min(LARGEST_DEVIATION, Math.max(-LARGEST_DEVIATION, deviation));
          out[i * horizon + h - 1] = Math.exp(coefficients[INTERCEPT] + bounded);
        }
      }
      return out;
    },
    explain(panel, storeIndexes, horizon, from = 1) {
      const logs = new Float64Array(storeIndexes.length * horizon * DRIVER_COUNT);
      storeIndexes.forEach((store, i) => {
        for (let h = from; h <= horizon; h++) {
          const t = panel.historyDays - 1 + h;
          if (panel.open[store * panel.calendarDays + t] !== 1) continue;
          logs.set(explainDay(panel, store, t), (i * horizon + h - 1) * DRIVER_COUNT);
        }
      });
      return logs;
    },
    explainDay,
    parameters: () => ({
      columns: p,
      store_ids: Array.from(ridge.storeIds),
      trend_zero: ridge.trendZero,
      types: ridge.types,
      type_coefficients: floatsToText(ridge.typeCoefficients),
      coefficients: floatsToText(ridge.coefficients),
    }),
  };
}

const designs = new WeakMap<Panel, { trendZero: number; design: Design }>();

/** Whoever asks about single stores asks about the same panel many times. */
function designOf(panel: Panel, trendZero: number): Design {
  let known = designs.get(panel);
  if (known?.trendZero !== trendZero) {
    known = { trendZero, design: createDesign(panel, trendZero) };
    designs.set(panel, known);
  }
  return known.design;
}

/** The store's own coefficients, else those of its type, else those of the first type. */
function coefficientsOf(
  ridge: RidgeParameters,
  rowOf: Map<number, number>,
  panel: Panel,
  store: number,
): Float32Array {
  const p = COLUMN_COUNT;
  const row = rowOf.get(panel.storeIds[store]);
  if (row !== undefined && !Number.isNaN(ridge.coefficients[row * p])) {
    return ridge.coefficients.subarray(row * p, (row + 1) * p);
  }
  const type = Math.max(0, ridge.types.indexOf(panel.stores.storeType[store] ?? ""));
  return ridge.typeCoefficients.subarray(type * p, (type + 1) * p);
}
