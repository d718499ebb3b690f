/**
 * Chapter 5: losses. For every loss the first derivative in the direction of ascent (a positive one says "forecast more"),
 * the second derivative, the metric that is reported, the best constant to start from, and how leaves are estimated.
 *
 * `approx` is the raw forecast of one output, before any link; errors here are target − forecast, as in the derivations of
 * the official library (its defaults are copied from there too).
 */
import { absolutePercentage } from "./losses/absolute-percentage.ts";
import { poisson } from "./losses/poisson.ts";
import { quantile } from "./losses/quantile.ts";
import { rmspeLog } from "./losses/rmspe-log.ts";
import { squaredError } from "./losses/squared-error.ts";
import { tweedie } from "./losses/tweedie.ts";
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
