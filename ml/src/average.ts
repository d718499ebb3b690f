/** The geometric mean of several models: they err differently, so that their average errs less than each. */
import type { ModelName } from "./model.ts";

/** A candidate that is made of other candidates' forecasts and needs no fit of its own. */
export interface AverageOf {
  name: ModelName;
  members: readonly AverageMember[];
}

export interface AverageMember {
  name: ModelName;
  /** share in the mean of logs; the shares add up to 1 */
  weight: number;
}

/**
 * exp(Σ weight · log part), element by element; 0 where any part is 0.
 *
 * @param parts   forecasts of equal length, at least one
 * @param weights one per part, adding up to 1
 */
export function geometricMean(parts: readonly Float64Array[], weights: readonly number[]): Float64Array {
  if (parts.length === 1) return parts[0].slice();
  const out = new Float64Array(parts[0].length);
  for (let i = 0; i < out.length; i++) {
    let log = 0;
    for (let k = 0; k < parts.length; k++) log += weights[k] * Math.log(parts[k][i]);
    out[i] = Math.exp(log);
  }
  return out;
}
