/**
 * Chapter 5: losses. For every loss the first derivative in the direction of ascent (a positive one says "forecast more"),
 * the second derivative, the metric that is reported, the best constant to start from, and how leaves are estimated.
 *
 * `approx` is the raw forecast of one output, before any link; errors here are target − forecast, as in the derivations of
 * the official library (its defaults are copied from there too).
 */
import type { LeafMethod, Loss } from "./params.ts";

export interface LossFunction {
  name: string;
  outputs: number;
  leafMethod: LeafMethod;
  leafIterations: number;
  /** is the second derivative −1 everywhere? */
  hasUnitCurvature: boolean;
  /** methods this loss can use */
  leafMethods: readonly LeafMethod[];
  startsFromAverage: boolean;
  /** level of the quantile per output, for Exact leaves; empty for other losses */
  levels: readonly number[];
  /** what Exact leaves weigh a row by, besides its own weight; null means 1 */
  exactWeight: ((target: number) => number) | null;
  /** what is wrong with this target value, or null */
  refuse: (target: number) => string | null;
  /** First derivatives of rows [begin, end) into `gradient[0 …]`, second ones into `hessian` unless that is null. */
  derive: (
    output: number,
    target: Float64Array,
    approx: Float64Array,
    begin: number,
    end: number,
    gradient: Float64Array,
    hessian: Float64Array | null,
  ) => void;
  /** Weighted sum of losses of rows [begin, end) of one output; `weight` null means 1. */
  sum: (
    output: number,
    target: Float64Array,
    approx: Float64Array,
    weight: Float64Array | null,
    begin: number,
    end: number,
  ) => number;
  /** The metric from that sum over all outputs and rows; smaller is better. */
  metric: (sum: number, weight: number) => number;
  /** Best constant forecast per output. */
  average: (target: Float64Array, weight: Float64Array | null) => number[];
}

/** Errors below this count as none, for losses with a corner at 0. */
const CORNER = 1e-6;

export function createLoss(loss: Loss): LossFunction {
  switch (loss.name) {
    case "RMSE":
      return squaredError;
    case "MAE":
      return quantile("MAE", [0.5], 2);
    case "Quantile":
      return quantile("Quantile", [loss.alpha], 1);
    case "MultiQuantile":
      return quantile("MultiQuantile", loss.alpha, 1);
    case "MAPE":
      return absolutePercentage;
    case "Poisson":
      return poisson;
    case "Tweedie":
      return tweedie(loss.power);
    case "RmspeLog":
      return rmspeLog;
  }
}

const anyTarget = () => null;
const mustNotBeNegative = (target: number) =>
  target < 0 ? "is negative; this loss is for counts and amounts" : null;
const root = (sum: number, weight: number) => Math.sqrt(sum / weight);

const squaredError: LossFunction = {
  name: "RMSE",
  outputs: 1,
  leafMethod: "Newton",
  leafIterations: 1,
  hasUnitCurvature: true,
  leafMethods: ["Newton", "Gradient"],
  startsFromAverage: true,
  levels: [],
  exactWeight: null,
  refuse: anyTarget,
  derive(_output, target, approx, begin, end, gradient, hessian) {
    for (let i = begin; i < end; i++) gradient[i - begin] = target[i] - approx[i];
    hessian?.fill(-1, 0, end - begin);
  },
  sum(_output, target, approx, weight, begin, end) {
    let sum = 0;
    for (let i = begin; i < end; i++) {
      const error = target[i] - approx[i];
      sum += weight === null ? error * error : weight[i] * error * error;
    }
    return sum;
  },
  metric: root,
  average: (target, weight) => [weightedMean(target, weight, (y) => y)],
};

/** @param factor 2 makes the pinball loss at 0.5 the absolute error */
function quantile(name: string, levels: readonly number[], factor: number): LossFunction {
  return {
    name,
    outputs: levels.length,
    leafMethod: "Exact",
    leafIterations: 1,
    hasUnitCurvature: false,
    leafMethods: ["Exact", "Gradient"],
    startsFromAverage: true,
    levels,
    exactWeight: null,
    refuse: anyTarget,
    derive(output, target, approx, begin, end, gradient, hessian) {
      const level = levels[output];
      for (let i = begin; i < end; i++) {
        const error = target[i] - approx[i];
        gradient[i - begin] = Math.abs(error) < CORNER ? 0 : error > 0 ? level : level - 1;
      }
      hessian?.fill(0, 0, end - begin);
    },
    sum(output, target, approx, weight, begin, end) {
      const level = levels[output];
      let sum = 0;
      for (let i = begin; i < end; i++) {
        const error = target[i] - approx[i];
        sum +=
          (weight === null ? factor : factor * weight[i]) * (error > 0 ? level * error : (level - 1) * error);
      }
      return sum;
    },
    metric: (sum, weight) => sum / (weight * levels.length),
    average: (target, weight) =>
      levels.map((level) => weightedQuantile(target.slice(), weight?.slice() ?? null, level)),
  };
}

const absolutePercentage: LossFunction = {
  name: "MAPE",
  outputs: 1,
  leafMethod: "Exact",
  leafIterations: 1,
  hasUnitCurvature: false,
  leafMethods: ["Exact", "Gradient"],
  startsFromAverage: true,
  levels: [0.5],
  exactWeight: (target) => 1 / Math.max(1, Math.abs(target)),
  refuse: anyTarget,
  derive(_output, target, approx, begin, end, gradient, hessian) {
    for (let i = begin; i < end; i++)
      gradient[i - begin] = Math.sign(target[i] - approx[i]) / Math.max(1, Math.abs(target[i]));
    hessian?.fill(0, 0, end - begin);
  },
  sum(_output, target, approx, weight, begin, end) {
    let sum = 0;
    for (let i = begin; i < end; i++)
      sum +=
        ((weight === null ? 1 : weight[i]) * Math.abs(target[i] - approx[i])) /
        Math.max(1, Math.abs(target[i]));
    return sum;
  },
  metric: (sum, weight) => sum / weight,
  average(target, weight) {
    const shares = target.map((y, i) => (weight === null ? 1 : weight[i]) / Math.max(1, Math.abs(y)));
    // On a value of the data, not beside it, as in the official library.
    return [weightedQuantile(target.slice(), shares, 0.5, 0)];
  },
};

const poisson: LossFunction = {
  name: "Poisson",
  outputs: 1,
  leafMethod: "Newton",
  leafIterations: 1,
  hasUnitCurvature: false,
  leafMethods: ["Newton", "Gradient"],
  startsFromAverage: false,
  levels: [],
  exactWeight: null,
  refuse: mustNotBeNegative,
  derive(_output, target, approx, begin, end, gradient, hessian) {
    for (let i = begin; i < end; i++) {
      const mean = Math.exp(approx[i]);
      gradient[i - begin] = target[i] - mean;
      if (hessian !== null) hessian[i - begin] = -mean;
    }
  },
  sum(_output, target, approx, weight, begin, end) {
    let sum = 0;
    for (let i = begin; i < end; i++)
      sum += (weight === null ? 1 : weight[i]) * (Math.exp(approx[i]) - target[i] * approx[i]);
    return sum;
  },
  metric: (sum, weight) => sum / weight,
  average: (target, weight) => [
    Math.log(
      Math.max(
        weightedMean(target, weight, (y) => y),
        1e-9,
      ),
    ),
  ],
};

function tweedie(power: number): LossFunction {
  return {
    name: "Tweedie",
    outputs: 1,
    leafMethod: "Newton",
    leafIterations: 1,
    hasUnitCurvature: false,
    leafMethods: ["Newton", "Gradient"],
    startsFromAverage: false,
    levels: [],
    exactWeight: null,
    refuse: mustNotBeNegative,
    derive(_output, target, approx, begin, end, gradient, hessian) {
      for (let i = begin; i < end; i++) {
        const pull = target[i] * Math.exp((1 - power) * approx[i]);
        const push = Math.exp((2 - power) * approx[i]);
        gradient[i - begin] = pull - push;
        if (hessian !== null) hessian[i - begin] = (1 - power) * pull - (2 - power) * push;
      }
    },
    sum(_output, target, approx, weight, begin, end) {
      let sum = 0;
      for (let i = begin; i < end; i++) {
        const loss =
          Math.exp((2 - power) * approx[i]) / (2 - power) -
          (target[i] * Math.exp((1 - power) * approx[i])) / (1 - power);
        sum += weight === null ? loss : weight[i] * loss;
      }
      return sum;
    },
    metric: (sum, weight) => sum / weight,
    average: (target, weight) => [
      Math.log(
        Math.max(
          weightedMean(target, weight, (y) => y),
          1e-9,
        ),
      ),
    ],
  };
}

/**
 * Squared relative error on a logarithmic target, r = exp(approx − target). The second derivative is taken as r², which is
 * never negative and held up better than the exact 2r² − r.
 */
const rmspeLog: LossFunction = {
  name: "RmspeLog",
  outputs: 1,
  leafMethod: "Newton",
  leafIterations: 1,
  hasUnitCurvature: false,
  leafMethods: ["Newton", "Gradient"],
  startsFromAverage: true,
  levels: [],
  exactWeight: null,
  refuse: anyTarget,
  derive(_output, target, approx, begin, end, gradient, hessian) {
    for (let i = begin; i < end; i++) {
      const ratio = Math.exp(approx[i] - target[i]);
      gradient[i - begin] = ratio - ratio * ratio;
      if (hessian !== null) hessian[i - begin] = -ratio * ratio;
    }
  },
  sum(_output, target, approx, weight, begin, end) {
    let sum = 0;
    for (let i = begin; i < end; i++) {
      const error = Math.exp(approx[i] - target[i]) - 1;
      sum += weight === null ? error * error : weight[i] * error * error;
    }
    return sum;
  },
  metric: root,
  average(target, weight) {
    // Σ (1 − c/y)² is least at c = Σ 1/y ÷ Σ 1/y²; everything relative to the mean keeps exp within range.
    const centre = weightedMean(target, weight, (y) => y);
    const first = weightedMean(target, weight, (y) => Math.exp(centre - y));
    const second = weightedMean(target, weight, (y) => Math.exp(2 * (centre - y)));
    return [centre + Math.log(first / second)];
  },
};

function weightedMean(
  target: Float64Array,
  weight: Float64Array | null,
  value: (target: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < target.length; i++) {
    const w = weight === null ? 1 : weight[i];
    sum += w * value(target[i]);
    total += w;
  }
  return sum / total;
}

/**
 * The quantile that Exact leaves take: the first value whose cumulative weight reaches `level` of the total, moved by `move`
 * towards the side that the corner of the loss asks for.
 *
 * @param values  reordered by this call; empty gives 0
 * @param weights belong to `values`, reordered with them; null means 1
 */
export function weightedQuantile(
  values: Float64Array,
  weights: Float64Array | null,
  level: number,
  move: number = CORNER,
): number {
  if (values.length === 0) return 0;
  let total = values.length;
  if (weights !== null) {
    total = 0;
    for (const weight of weights) total += weight;
  }
  const wanted = level * total;
  // Quickselect on cumulative weight: below [0, low) is `before`, everything from `high` on is too large.
  let low = 0;
  let high = values.length;
  let before = 0;
  for (;;) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high - 1]);
    let less = low;
    let more = high;
    let lessWeight = 0;
    let equalWeight = 0;
    for (let i = low; i < more; ) {
      const value = values[i];
      const weight = weights === null ? 1 : weights[i];
      if (value < pivot) {
        lessWeight += weight;
        swap(values, weights, less++, i++);
      } else if (value > pivot) swap(values, weights, --more, i);
      else {
        equalWeight += weight;
        i++;
      }
    }
    if (less > low && before + lessWeight >= wanted) high = less;
    else if (before + lessWeight + equalWeight >= wanted || more === high) {
      const isAbove = before + lessWeight + level * equalWeight >= wanted;
      return isAbove ? pivot - move : pivot + move;
    } else {
      before += lessWeight + equalWeight;
      low = more;
    }
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function swap(values: Float64Array, weights: Float64Array | null, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
  if (weights === null) return;
  const weight = weights[i];
  weights[i] = weights[j];
  weights[j] = weight;
}
