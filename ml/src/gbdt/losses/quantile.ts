import type { LossFunction } from "../loss.ts";
import { CORNER, weightedQuantile } from "../weighted-quantile.ts";

/**
 * Pinball loss, one output per level; all outputs share the structure of their trees.
 *
 * @param factor 2 makes the pinball loss at 0.5 the absolute error
 */
export function quantile(name: string, levels: readonly number[], factor: number): LossFunction {
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
    refuse: () => null,
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
