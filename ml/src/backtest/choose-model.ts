import type { ModelName } from "../model.ts";

/** Mean error of a model over the origins of a backtest. */
export interface ModelScore {
  name: ModelName;
  /** RMSPE per origin, the same origins in the same order for every model */
  errors: readonly number[];
}

export interface Choice {
  name: ModelName;
  /** best mean error; the chosen model may be a simpler one within the margin */
  best: ModelName;
  /** one standard error of the difference between the chosen and the best */
  margin: number;
  reason: string;
}

/**
 * The simplest model that is not worse than the best by more than one standard error of their difference. The
 * difference is taken origin by origin, since hard origins are hard for every model.
 *
 * @param scores from the simplest model to the most complex, at least one, at least one origin; a model whose errors
 *               are not all finite is left out
 * @throws {Error} when no model has finite errors
 *
 * Source: Breiman et al. (1984), Classification and Regression Trees, section 3.4.3 (the 1 SE rule).
 */
export function chooseModel(scores: readonly ModelScore[]): Choice {
  const finite = scores.filter((score) => score.errors.every(Number.isFinite));
  if (finite.length === 0) throw new Error("no model gave finite forecasts at every origin");
  const best = finite.reduce((a, b) => (mean(b.errors) < mean(a.errors) ? b : a));
  for (const candidate of finite) {
    const differences = candidate.errors.map((error, k) => error - best.errors[k]);
    const margin = standardError(differences);
    if (mean(differences) > margin) continue;
    const gap = mean(differences).toFixed(4);
    const reason =
      candidate === best
        ? `lowest mean RMSPE over ${best.errors.length} origins (${mean(best.errors).toFixed(4)}), every simpler model is worse by more than one standard error`
        : `simplest model within one standard error (${margin.toFixed(4)}) of the best, ${best.name}: mean RMSPE ${gap} higher`;
    return { name: candidate.name, best: best.name, margin, reason };
  }
  // The best differs from itself by 0, which is never above the margin.
  throw new Error("unreachable: the best model is within its own margin");
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** 0 for a single value: with one origin the best simply wins. */
function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}
