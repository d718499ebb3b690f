import type { LossFunction } from "../loss.ts";
import { weightedMean } from "../weighted-mean.ts";

/** Amounts with many zeros, logarithmic link; `power` between Poisson (1) and gamma (2). */
export function tweedie(power: number): LossFunction {
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
    refuse: (target) => (target < 0 ? "is negative; this loss is for amounts" : null),
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
