import type { LossFunction } from "../loss.ts";
import { weightedQuantile } from "../weighted-quantile.ts";

/** |y − f| / max(1, |y|): targets below 1 do not blow the percentage up. */
export const absolutePercentage: LossFunction = {
  name: "MAPE",
  outputs: 1,
  leafMethod: "Exact",
  leafIterations: 1,
  hasUnitCurvature: false,
  leafMethods: ["Exact", "Gradient"],
  startsFromAverage: true,
  levels: [0.5],
  exactWeight: (target) => 1 / Math.max(1, Math.abs(target)),
  refuse: () => null,
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
