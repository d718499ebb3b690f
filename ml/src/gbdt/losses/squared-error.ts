import type { LossFunction } from "../loss.ts";
import { weightedMean } from "../weighted-mean.ts";

/** Half the squared error: d = y − f, h = −1. */
export const squaredError: LossFunction = {
  name: "RMSE",
  outputs: 1,
  leafMethod: "Newton",
  leafIterations: 1,
  hasUnitCurvature: true,
  leafMethods: ["Newton", "Gradient"],
  startsFromAverage: true,
  levels: [],
  exactWeight: null,
  refuse: () => null,
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
  metric: (sum, weight) => Math.sqrt(sum / weight),
  average: (target, weight) => [weightedMean(target, weight, (y) => y)],
};
