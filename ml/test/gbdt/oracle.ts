import { readFileSync } from "node:fs";
import type { ColumnValues } from "../../src/gbdt/predictor.ts";
import { draws } from "./draws.ts";

/** What official CatBoost wrote; see fixtures/catboost/make.py. */
export function oracleText(name: string): string {
  return readFileSync(new URL(`../../../fixtures/catboost/${name}.json`, import.meta.url), "utf8");
}

export const MODEL_CASES = [
  ...Array.from({ length: 8 }, (_, i) => `depth-${i + 1}`),
  ...["shallow", "nan-min", "nan-max", "one-hot", "ctr", "ctr-buckets", "combination"],
  ...["multi-quantile", "multi-rmse", "poisson"],
];

export interface ModelCase {
  columns: ColumnValues[];
  rows: number;
  /** by row, then output */
  raw: number[][];
  importance: number[];
  /** by row, output, then column with the base at the end */
  shap: number[][][];
}

export function modelCase(name: string): ModelCase {
  const { columns, isCategory, ...rest } = JSON.parse(oracleText(`${name}.case`)) as Omit<
    ModelCase,
    "columns"
  > & {
    columns: (string | number | null)[][];
    isCategory: boolean[];
  };
  return {
    ...rest,
    rows: columns[0].length,
    columns: columns.map((column, i) =>
      isCategory[i]
        ? column.map(String)
        : Float64Array.from(column, (value) => (value === null ? Number.NaN : Number(value))),
    ),
  };
}

export interface TrainingCase {
  columns: Float32Array[];
  target: Float64Array;
  weight?: Float64Array;
}

const cut = (value: number) => Math.floor(1e6 * value) / 1e6;

/** The data sets of make.py, by the same draws. */
export const TRAINING_CASES: Record<string, () => TrainingCase> = {
  smooth() {
    const rows = 6000;
    const draw = draws(101);
    const columns = Array.from({ length: 8 }, () => Array.from({ length: rows }, draw));
    const [a, b, c, d] = columns;
    const target = Float64Array.from({ length: rows }, (_, i) =>
      cut(Math.sin(6 * a[i]) + 2 * b[i] * c[i] + Math.abs(d[i] - 0.5) + 0.3 * draw()),
    );
    return { columns: columns.map((column) => Float32Array.from(column)), target };
  },

  messy() {
    const rows = 5000;
    const draw = draws(202);
    const columns = Array.from({ length: 7 }, () => new Float32Array(rows));
    const target = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const [a, b, c, d, e, f] = [draw(), draw(), draw(), draw(), draw(), draw()];
      columns[0][i] = a < 0.15 ? Number.NaN : Math.floor(50 * a);
      columns[1][i] = b < 0.3 ? 1 : 0;
      columns[2][i] = 1 / (0.01 + c);
      columns[3][i] = 4;
      columns[4][i] = d < 0.7 ? 0 : d - 0.5;
      columns[5][i] = Math.floor(6 * e) - 3;
      columns[6][i] = f < 0.5 ? Number.NaN : f * f;
      target[i] = cut((a < 0.15 ? 0 : 3 * a) + (b < 0.3 ? 2 * b : 0) + 4 * c + (e > 0.5 ? d : 0) + draw());
    }
    return { columns, target };
  },

  shops() {
    const rows = 8000;
    const draw = draws(303);
    const columns = Array.from({ length: 6 }, () => new Float32Array(rows));
    const target = new Float64Array(rows);
    const weight = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const shop = i % 40;
      const day = Math.floor(i / 40);
      const weekday = day % 7;
      const promo = day % 14 < 5 ? 1 : 0;
      const level = 8 + ((shop * 37) % 40) / 40;
      for (const [j, value] of [shop, weekday, promo, day, level + 0.1 * draw(), draw()].entries())
        columns[j][i] = value;
      target[i] = cut(level + 0.3 * promo - 0.1 * Math.abs(weekday - 2) + 0.001 * day + 0.2 * draw());
      weight[i] = 1 + (day % 4) / 4;
    }
    return { columns, target, weight };
  },
};

export interface TrainingOracle {
  params: { score_function: "Cosine" | "L2"; depth: number; border_count: number };
  borders: Record<string, number[]>;
  /** by tree: (column, border) in order */
  splits: [number, number][][];
  rmse: number;
}

export const trainingOracle = (name: string) => JSON.parse(oracleText(`training-${name}`)) as TrainingOracle;

export interface LossCase {
  /**
   * in official words; or "gradient", "monotone": RMSE with Gradient leaves, or with constraints +1, −1, +1, 0; or "iterated": one tree of Poisson with five
   * steps a leaf
   */
  loss: string;
  isWeighted: boolean;
  bias: number[];
  /** of the first 40 rows, by output */
  raw: number[][];
  /** after every tree */
  metric: number[];
}

export const lossCases = () => JSON.parse(oracleText("losses")) as LossCase[];

/** The data of `losses` in make.py. */
export function lossData(): {
  columns: Float32Array[];
  names: string[];
  target: Float64Array;
  weight: Float64Array;
} {
  const rows = 1200;
  const draw = draws(404);
  const columns = Array.from({ length: 4 }, () => Array.from({ length: rows }, draw));
  const [a, b, c] = columns;
  return {
    columns: columns.map((column) => Float32Array.from(column)),
    names: ["f0", "f1", "f2", "f3"],
    target: Float64Array.from({ length: rows }, (_, i) =>
      cut(4 + 3 * Math.sin(5 * a[i]) + 2 * b[i] * c[i] + draw()),
    ),
    weight: Float64Array.from({ length: rows }, (_, i) => 1 + (i % 3)),
  };
}
