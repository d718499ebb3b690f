/** All figures of a set of scored days. */
import { bias } from "../metrics/bias.ts";
import { mae } from "../metrics/mae.ts";
import { mapeNonzero } from "../metrics/mape-nonzero.ts";
import { rmse } from "../metrics/rmse.ts";
import { rmspe } from "../metrics/rmspe.ts";
import { smape } from "../metrics/smape.ts";
import { wape } from "../metrics/wape.ts";

/** Ratios are ratios (0.12 reads "12 %"); mae, rmse and pinball are in currency units. */
export interface Measures {
  rmspe: number;
  wape: number;
  mae: number;
  rmse: number;
  smape: number;
  mape_nonzero: number;
  /** Σ(ŷ − y) / Σ y: positive is over-forecast */
  bias: number;
  /** share of days inside of the 80, 90 and 95 % interval; absent where no other origin could teach the interval */
  coverage_80?: number;
  coverage_90?: number;
  coverage_95?: number;
  /** mean pinball loss over the quantiles 2.5, 5, 10, 50, 90, 95 and 97.5 % */
  pinball?: number;
}

/** @throws {ShapeError} when the lengths differ */
export function measure(actual: Float64Array, predicted: Float64Array): Measures {
  return {
    rmspe: rmspe(actual, predicted),
    wape: wape(actual, predicted),
    mae: mae(actual, predicted),
    rmse: rmse(actual, predicted),
    smape: smape(actual, predicted),
    mape_nonzero: mapeNonzero(actual, predicted),
    bias: bias(actual, predicted),
  };
}
