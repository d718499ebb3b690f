/**
 * Which intervals are sharper at equal coverage: conformal residuals (those that serve), quantile trees made conformal
 * (MultiQuantile, corrected per horizon group), or the mean of both? Six rolling origins of 42 days, every origin's intervals
 * learned from the other five.
 *
 *   ROSSMANN_DATA=folder node benchmarks/intervals.bench.ts [--every-stores 5]
 */
import { parseArgs } from "node:util";
import { chooseOrigins } from "../ml/src/backtest/rolling-origin.ts";
import { type BacktestFold, runBacktest } from "../ml/src/backtest/run-backtest.ts";
import { HORIZON_GROUPS, horizonGroupOf } from "../ml/src/backtest/segments.ts";
import { boostingModel } from "../ml/src/boosting/boosting-model.ts";
import { startOf } from "../ml/src/boosting/fitted-boosting.ts";
import { forecastRows } from "../ml/src/boosting/forecast-rows.ts";
import { NEAR } from "../ml/src/boosting/row-scheme.ts";
import { createRowStore } from "../ml/src/boosting/row-store.ts";
import { NEAR_FEATURES } from "../ml/src/features/index.ts";
import { predictRaw, trainBooster } from "../ml/src/gbdt/index.ts";
import { fitConformal, intervalBounds, logErrors } from "../ml/src/intervals/conformal.ts";
import { pinballLoss } from "../ml/src/metrics/pinball-loss.ts";
import { allStores } from "../ml/src/model.ts";
import { buildPanel, originOf, truncatePanel } from "../ml/src/panel.ts";
import { selectStores } from "../ml/src/select-stores.ts";
import { readRossmann } from "../ml/test/read-rossmann.ts";

const HORIZON = 42;
const LEVELS = [0.8, 0.9, 0.95];
/** Quantiles of the levels' bounds, in the order lower, upper of each level. */
const QUANTILES = LEVELS.flatMap((level) => [(1 - level) / 2, (1 + level) / 2]);
const ASCENDING = QUANTILES.toSorted((a, b) => a - b);
const SHARED = { depth: 6, borderCount: 64, randomStrength: 0, learningRate: 0.1 } as const;

const { values } = parseArgs({ options: { "every-stores": { type: "string", default: "5" } } });
const folder = process.env.ROSSMANN_DATA;
if (folder === undefined)
  throw new Error("set ROSSMANN_DATA to the folder that holds train.csv, store.csv and test.csv");

const every = Number(values["every-stores"]);
const whole = buildPanel(readRossmann(folder));
const chosen = whole.storeIds.map((_, s) => s).filter((s) => s % every === 0);
const panel = selectStores(whole, chosen);
const stores = panel.storeIds.length;

/** One array of n x 42 per quantile. */
type Bounds = Float64Array[];
interface Judged {
  fold: BacktestFold;
  points: Float64Array;
  /** logarithms of the quantile trees' forecasts, in the order of QUANTILES; NaN on closed days */
  trees: Bounds;
}

const near = {
  parts: [
    { scheme: "stagger", base: "usual_day" },
    { scheme: "stagger", base: "ridge" },
  ],
  maxStores: Infinity,
  seeds: 1,
  params: { ...SHARED, iterations: 200, bootstrap: { type: "MVS", rate: 0.5 } },
} as const;
const model = boostingModel({ near, far: { ...near, parts: [{ scheme: "far", base: "ridge" }] } }, panel);
const origins = chooseOrigins(panel.firstDay, originOf(panel), HORIZON, 6);
const folds = await runBacktest(panel, [model], { origins, horizon: HORIZON, seed: 1, profile: "full" });
const rows = createRowStore(panel, NEAR_FEATURES, ["stagger"]);
const judged: Judged[] = [];
for (const fold of folds) {
  judged.push({ fold, points: fold.forecasts.get("boosting")!, trees: await quantileTrees(fold) });
}

console.log(`${stores} stores, ${folds.length} origins of ${HORIZON} days`);
const methods: Record<string, (others: Judged[], one: Judged) => Bounds> = {
  "conformal residuals": residualBounds,
  "conformal quantile trees": treeBounds,
  "mean of both": (others, one) => {
    const [a, b] = [residualBounds(others, one), treeBounds(others, one)];
    return a.map((bound, q) => bound.map((value, i) => Math.sqrt(value * b[q][i])));
  },
};
for (const [name, boundsOf] of Object.entries(methods)) {
  const bounds = judged.map((one, k) =>
    boundsOf(
      judged.filter((_, other) => other !== k),
      one,
    ),
  );
  report(name, bounds);
}

/** Trees of all quantiles at once, learned before the fold's origin. */
async function quantileTrees({ origin, actual }: BacktestFold): Promise<Bounds> {
  const cut = truncatePanel(panel, origin, HORIZON);
  const { table, base, target } = (await rows.rowsOf(cut)).get("stagger")!;
  const start = startOf("ridge", table, base);
  const trees = await trainBooster(
    { columns: table.columns, names: table.names, target: target.map((value, i) => value - start[i]) },
    {
      ...SHARED,
      depth: 5,
      iterations: 150,
      loss: { name: "MultiQuantile", alpha: ASCENDING },
      bootstrap: { type: "Bernoulli", rate: 0.5 },
      seed: 1,
    },
    { threads: 2 },
  );
  const asked = forecastRows(cut, NEAR_FEATURES, "stagger", allStores(cut), NEAR);
  const from = startOf("ridge", asked.table, asked.base);
  const raw = predictRaw(trees, asked.table.columns);
  const out = QUANTILES.map(() => new Float64Array(actual.length).fill(NaN));
  asked.cells.forEach((cell, row) => {
    // Sorted, so that quantiles never cross.
    const ascending = ASCENDING.map((_, k) => from[row] + raw[row * ASCENDING.length + k]).sort(
      (a, b) => a - b,
    );
    QUANTILES.forEach((p, q) => {
      out[q][cell] = ascending[ASCENDING.indexOf(p)];
    });
  });
  return out;
}

function residualBounds(others: Judged[], { points }: Judged): Bounds {
  const errors = others.map((other) => logErrors(other.fold.actual, other.points, HORIZON));
  const intervals = fitConformal(errors, stores);
  return LEVELS.flatMap((level) => {
    const lower = new Float64Array(points.length);
    const upper = new Float64Array(points.length);
    for (let s = 0; s < stores; s++) {
      const own = (all: Float64Array) => all.subarray(s * HORIZON, (s + 1) * HORIZON);
      intervalBounds(intervals, own(points), intervals.scales[s], level, own(lower), own(upper));
    }
    return [lower, upper];
  });
}

/** The trees' quantiles, each moved by the quantile of what it missed by at the other origins, per horizon group. */
function treeBounds(others: Judged[], { points, trees }: Judged): Bounds {
  const widening = 1 + 1 / (4 * others.length);
  return QUANTILES.map((p, q) => {
    const missed = HORIZON_GROUPS.map((): number[] => []);
    for (const { fold, trees: theirs } of others) {
      fold.actual.forEach((value, i) => {
        if (value > 0) missed[horizonGroupOf((i % HORIZON) + 1)].push(Math.log(value) - theirs[q][i]);
      });
    }
    const moves = missed.map((scores) => conformalQuantile(scores, p));
    return points.map((point, i) => {
      if (point === 0) return 0;
      const reach = widening * (trees[q][i] + moves[horizonGroupOf((i % HORIZON) + 1)] - Math.log(point));
      return point * Math.exp(p < 0.5 ? Math.min(0, reach) : Math.max(0, reach));
    });
  });
}

function conformalQuantile(scores: number[], p: number): number {
  const ascending = Float64Array.from(scores).sort();
  const rank = p < 0.5 ? Math.floor((scores.length + 1) * p) : Math.ceil((scores.length + 1) * p);
  return ascending[Math.min(scores.length - 1, Math.max(0, rank - 1))];
}

function report(name: string, bounds: Bounds[]): void {
  const pick = (q: number) => Float64Array.from(judged.flatMap((one, k) => scored(one, bounds[k][q])));
  const actual = Float64Array.from(judged.flatMap((one) => scored(one, one.fold.actual)));
  const pinball = QUANTILES.map((p, q) => pinballLoss(actual, pick(q), p));
  const mean = pinball.reduce((sum, value) => sum + value, 0) / pinball.length;
  const perLevel = LEVELS.map((level, k) => {
    const [lower, upper] = [pick(2 * k), pick(2 * k + 1)];
    let inside = 0;
    let width = 0;
    actual.forEach((value, i) => {
      if (value >= lower[i] && value <= upper[i]) inside++;
      width += (upper[i] - lower[i]) / value;
    });
    const percent = (value: number) => `${((100 * value) / actual.length).toFixed(1)} %`;
    return `${100 * level} %: inside ${percent(inside)}, width ${percent(width)}`;
  });
  console.log(`${name.padEnd(25)} pinball ${mean.toFixed(2)}   ${perLevel.join("   ")}`);
  const perOrigin = judged.map((one, k) => {
    const losses = QUANTILES.map((p, q) =>
      pinballLoss(
        Float64Array.from(scored(one, one.fold.actual)),
        Float64Array.from(scored(one, bounds[k][q])),
        p,
      ),
    );
    return losses.reduce((sum, value) => sum + value, 0) / losses.length;
  });
  console.log(`${"".padEnd(25)} by origin ${perOrigin.map((value) => value.toFixed(1)).join("  ")}`);
}

function scored({ fold }: Judged, values: Float64Array): number[] {
  return [...values].filter((_, i) => fold.actual[i] > 0);
}
