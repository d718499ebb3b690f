import type { LossFunction } from "../loss.ts";
import { weightedMean } from "../weighted-mean.ts";

/** Counts with a logarithmic link: exp f − y·f. */
export const poisson: LossFunction = {
  name: "Poisson",
  outputs: 1,
  leafMethod: "Newton",
  leafIterations: 1,
  hasUnitCurvature: false,
  leafMethods: ["Newton", "Gradient"],
  startsFromAverage: false,
  levels: [],
  exactWeight: null,
  refuse: (target) => (target < 0 ? "is negative; this loss is for counts" : null),
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
