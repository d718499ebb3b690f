/**
 * Chapter 3: splitting. One (feature, border) for all leaves of a level; a candidate's score is added up over all of them.
 *
 * Cosine = Σ a·S / sqrt(1e-100 + Σ a²·W), L2 = Σ a·S, with a = S / (W + λ) per side. The strictly greater score wins, the
 * first of equals: features ascending, then borders ascending.
 */
import { LARGEST_NORMAL, normalAt, randomKey } from "./hash-random.ts";
import { join } from "./histogram.ts";
import { shareOfFeatures } from "./memory.ts";
import type { Workspace } from "./workspace.ts";

export interface Split {
  feature: number;
  border: number;
}

/** Noise on scores: its standard deviation, and the key its draws depend on. */
export interface Noise {
  deviation: number;
  key: number;
}

export interface Scoring {
  /** leaves just built, whose shares are to be joined first */
  listed: number;
  /** histograms in the scan list */
  scanned: number;
  /** do the sums go on from an earlier batch of leaves? */
  keeps: boolean;
  /** are all leaves in, so that the best can be chosen? */
  isFinished: boolean;
  regularizer: number;
  noise: Noise;
}

/** Task: scores the borders of this thread's features and notes each feature's best. */
export function score(
  workspace: Workspace,
  { listed, scanned, keeps, isFinished, regularizer, noise }: Scoring,
): void {
  join(workspace, listed);
  const { layout, kernels, params, thread } = workspace;
  const { at, bins } = layout;
  const { begin, end } = shareOfFeatures(layout, thread);
  kernels.scan(
    at.scanList,
    scanned,
    begin,
    end,
    bins,
    at.borderCounts,
    regularizer,
    at.scores,
    keeps ? 1 : 0,
    layout.isMonotone ? at.directions : 0,
  );
  if (!isFinished) return;

  const scores = workspace.doubles("scores", 2 * layout.cells);
  const best = workspace.doubles("best", 2 * layout.features);
  const isTried = workspace.bytes("isTried", layout.features);
  const borderCounts = workspace.words("borderCounts", layout.features);
  const reach = noise.deviation * LARGEST_NORMAL;
  const isCosine = params.scoreFunction === "Cosine";
  for (let feature = begin; feature < end; feature++) {
    let bestScore = -Infinity;
    let bestBorder = -1;
    let bestWithNoise = -Infinity;
    const key = noise.deviation === 0 ? 0 : randomKey(noise.key, feature);
    for (let border = 0; isTried[feature] === 1 && border < borderCounts[feature]; border++) {
      const cell = 2 * (feature * bins + border);
      const value = isCosine ? scores[cell] / Math.sqrt(1e-100 + scores[cell + 1]) : scores[cell];
      // Most candidates are so far behind that no draw could lift them above the best: theirs is not made.
      if (value + reach <= bestWithNoise) continue;
      const withNoise = noise.deviation === 0 ? value : value + noise.deviation * normalAt(key, border);
      if (withNoise > bestWithNoise) {
        bestScore = value;
        bestBorder = border;
        bestWithNoise = withNoise;
      }
    }
    best[2 * feature] = bestScore;
    best[2 * feature + 1] = bestBorder;
  }
}

/** The best of the features' best; noise is drawn anew for this comparison. Null when no feature has a candidate. */
export function chooseSplit(workspace: Workspace, noise: Noise): Split | null {
  const { features } = workspace.layout;
  const best = workspace.doubles("best", 2 * features);
  const key = randomKey(noise.key, -2);
  let chosen: Split | null = null;
  let chosenScore = -Infinity;
  for (let feature = 0; feature < features; feature++) {
    const border = best[2 * feature + 1];
    if (border < 0) continue;
    const score = best[2 * feature] + (noise.deviation === 0 ? 0 : noise.deviation * normalAt(key, feature));
    if (score > chosenScore) {
      chosen = { feature, border };
      chosenScore = score;
    }
  }
  return chosen;
}
