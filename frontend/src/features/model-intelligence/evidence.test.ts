import { expect, test } from "vitest";
import { fakeModels } from "../../../test/fake-models.ts";
import type {
  BacktestMetrics,
  BacktestRow,
  BacktestTable,
  ExperimentItem,
  Experiments,
} from "../../lib/api-types.ts";
import { duration } from "../../lib/duration.ts";
import { calibration, calibrationSentence } from "./calibration.ts";
import { leaderboard, meanOf, NAIVE } from "./leaderboard.ts";
import { runDifferences } from "./run-differences.ts";
import { segmentErrors, segmentSentence } from "./segment-errors.ts";
import { servingAnswer } from "./serving-answer.ts";

const NOTHING: BacktestMetrics = {
  rmspe: null,
  wape: null,
  mae: null,
  rmse: null,
  smape: null,
  mape_nonzero: null,
  bias: null,
  coverage_80: null,
  coverage_90: null,
  coverage_95: null,
  pinball: null,
};
const row = (
  model: string,
  origin: string,
  metrics: Partial<BacktestMetrics>,
  kind = "all",
  segment = "all",
): BacktestRow => ({
  model_type: model,
  origin,
  segment_kind: kind,
  segment,
  points: 10,
  metrics: { ...NOTHING, ...metrics },
});

test("the leaderboard is the mean over starting points, best first, and names the worst start", () => {
  const scores = leaderboard([
    row(NAIVE, "2015-05-08", { rmspe: 0.3, wape: 0.2 }),
    row("ridge", "2015-05-08", { rmspe: 0.1, wape: 0.08, bias: 0.02 }),
    row("ridge", "2014-06-20", { rmspe: 0.14, wape: 0.1, bias: -0.01 }),
    row("ridge", "2014-06-20", { rmspe: 0.9 }, "weekday", "7"),
  ]);
  expect(scores.map((score) => score.model)).toEqual(["ridge", NAIVE]);
  expect(scores[0]?.rmspe).toBeCloseTo(0.12, 12);
  expect(scores[0]?.bias).toBeCloseTo(0.005, 12);
  expect(scores[0]?.worst).toEqual({ origin: "2014-06-20", rmspe: 0.14 });
  expect(scores[0]?.coverage80).toBeNull();
  expect(leaderboard([])).toEqual([]);
});

test("a mean leaves out what was not measured and never makes it 0", () => {
  expect(meanOf([0.1, null, 0.3])).toBeCloseTo(0.2, 12);
  expect(meanOf([null])).toBeNull();
});

test("segments come in their natural order with the naive rule beside them", () => {
  const rows = ["15-28", "1-7", "8-14"].flatMap((segment, i) => [
    row("ridge", "2015-05-08", { wape: 0.1 + i / 100 }, "horizon", segment),
    row(NAIVE, "2015-05-08", { wape: 0.2 }, "horizon", segment),
  ]);
  const errors = segmentErrors(rows, "horizon", "ridge");
  expect(errors.map((entry) => entry.name)).toEqual(["1–7", "8–14", "15–28"]);
  expect(errors.every((entry) => entry.naive === 0.2)).toBe(true);
  expect(segmentSentence("horizon", errors)).toBe("Off by 11.0% 1–7 days ahead, 10.0% 15–28 days ahead.");
  expect(segmentErrors(rows, "horizon", "boosting")).toEqual([]);
});

test("where the model is surest is said in a planner's words", () => {
  const of = (cut: "weekday" | "store_decile" | "promo", values: Record<string, number>) =>
    segmentSentence(
      cut,
      segmentErrors(
        Object.entries(values).map(([segment, wape]) => row("m", "2015-05-08", { wape }, cut, segment)),
        cut,
        "m",
      ),
    );
  expect(of("weekday", { 1: 0.09, 3: 0.07, 7: 0.2 })).toBe(
    "Surest on Wed (off by 7.0%), least sure on Sun (20.0%).",
  );
  expect(of("promo", { promo: 0.1, no_promo: 0.08 })).toBe(
    "Surest on other days (off by 8.0%), least sure on promotion days (10.0%).",
  );
  expect(of("store_decile", { 1: 0.12, 10: 0.07 })).toContain("in the smallest tenth of stores (12.0%)");
  expect(of("promo", { promo: 0.1 })).toBe("Off by 10.0%; there is nothing else to compare with.");
  expect(segmentSentence("promo", [])).toBe("Not tested.");
});

test("intervals are judged by the level that is furthest from its promise", () => {
  const judge = (coverage_80: number, coverage_95: number) =>
    calibrationSentence(calibration([row("m", "2015-05-08", { coverage_80, coverage_95 })], "m"));
  expect(judge(0.79, 0.94)).toMatch(/^Yes/);
  expect(judge(0.71, 0.95)).toBe("Too narrow: the 80% interval held 71% of the days.");
  expect(judge(0.9, 0.96)).toBe("Wider than needed: the 80% interval held 90% of the days.");
  expect(calibration([row("m", "2015-05-08", {})], "m")).toEqual([]);
  expect(calibrationSentence([])).toBe("Not measured.");
});

test("two trainings are compared by what differs only; the verdict of the gate is not a setting", () => {
  const [first] = items();
  if (first === undefined) throw new Error("no training");
  const second = {
    ...first,
    hyperparameters: { ...first.hyperparameters, random_state: 8, gate: "kept", trees: { depth: 6 } },
  };
  expect(runDifferences(first, second)).toEqual([
    { name: "random_state", first: "7", second: "8" },
    { name: "trees.depth", first: null, second: "6" },
  ]);
  expect(runDifferences(first, first)).toEqual([]);
});

test("the answer says what serves, how far it was off, and how that stands to the naive rule", () => {
  const champion = {
    version: 3,
    model_type: "ridge",
    trained_to: "2015-07-31",
    created_at: "2015-08-01T00:00:00Z",
    experiment_id: "e",
    sha256: "0",
    aliases: ["champion" as const],
    gate: null,
  };
  const scores = (ridge: number) =>
    leaderboard([row("ridge", "2015-05-08", { wape: ridge }), row(NAIVE, "2015-05-08", { wape: 0.2 })]);
  expect(servingAnswer(champion, scores(0.1))).toBe(
    "The ridge model serves (version 3, learned to 31 Jul 2015); on days it had not seen it was off by 10.0% of sales, 50% less than the naive rule.",
  );
  expect(servingAnswer(champion, scores(0.2))).toContain("no better than the naive rule");
  expect(servingAnswer(champion, [])).toBe("The ridge model serves (version 3, learned to 31 Jul 2015).");
  expect(servingAnswer(null, [])).toContain("No model serves yet");
});

test("a length of time is said in two units at most", () => {
  expect([-5, 400, 59_000, 60_000, 125_000, 4_320_000].map(duration)).toEqual([
    "0 s",
    "0 s",
    "59 s",
    "1 min",
    "2 min 5 s",
    "1 h 12 min",
  ]);
});

test("the stand-in of the API keeps the naive baseline in every backtest", () => {
  const models = fakeModels("2015-07-31");
  const table = models.answer("GET", "/ml/experiments/exp_3/backtest")?.body as BacktestTable | undefined;
  expect(leaderboard(table?.rows ?? []).at(-1)?.model).toBe(NAIVE);
});

function items(): ExperimentItem[] {
  const list = fakeModels("2015-07-31").answer("GET", "/ml/experiments")?.body as Experiments | undefined;
  return list?.items ?? [];
}

test("days behind the main windows stand at the end of the days ahead, with the model that answers for them", () => {
  const rows = [
    row("ridge", "2015-05-01", { wape: 0.1 }, "horizon", "1-7"),
    row("ridge", "2014-12-19", { wape: 0.3 }, "long_horizon", "43-90"),
    row("boosting", "2014-12-19", { wape: 0.2 }, "long_horizon", "43-90"),
    row(NAIVE, "2014-12-19", { wape: 0.5 }, "long_horizon", "43-90"),
  ];
  expect(segmentErrors(rows, "horizon", "ridge", "boosting")).toMatchObject([
    { name: "1–7", model: 0.1 },
    { name: "43–90", model: 0.2, naive: 0.5 },
  ]);
});
