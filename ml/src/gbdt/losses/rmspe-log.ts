import type { LossFunction } from "../loss.ts";
import { weightedMean } from "../weighted-mean.ts";

/**
 * Squared relative error on a logarithmic target, r = exp(approx − target). The second derivative is taken as r², which is
 * never negative and held up better than the exact 2r² − r.
 */
export const rmspeLog: LossFunction = {
  name: "RmspeLog",
  outputs: 1,
  leafMethod: "Newton",
  leafIterations: 1,
  hasUnitCurvature: false,
  leafMethods: ["Newton", "Gradient"],
  startsFromAverage: true,
  levels: [],
  exactWeight: null,
  refuse: () => null,
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
  metric: (sum, weight) => Math.sqrt(sum / weight),
  average(target, weight) {
    // Σ (1 − c/y)² is least at c = Σ 1/y ÷ Σ 1/y²; everything relative to the mean keeps exp within range.
    const centre = weightedMean(target, weight, (y) => y);
    const first = weightedMean(target, weight, (y) => Math.exp(centre - y));
    const second = weightedMean(target, weight, (y) => Math.exp(2 * (centre - y)));
    return [centre + Math.log(first / second)];
  },
};
