import { expect, test } from "vitest";
import { testTokens } from "../../test/chart-tokens.ts";
import { drawDifferenceBars } from "./difference-bars.ts";
import { readingText } from "./drawing.ts";
import { drawScenarioLines, type ScenarioLines } from "./scenario-lines.ts";

const EMPTY: ScenarioLines = {
  days: [],
  baseline: [],
  scenarios: [],
  shown: 0,
  limits: [],
  promo: [],
  closed: [],
  extrapolated: [],
  level: 80,
};
const TWO: ScenarioLines = {
  ...EMPTY,
  days: ["2015-08-01", "2015-08-02"],
  baseline: [100, null],
  scenarios: [{ name: "More", values: [110, null] }],
  limits: [{ lower: 90, upper: 130 }, null],
  promo: [true, false],
  closed: [false, true],
  extrapolated: [true, false],
};

test("a day is read with baseline, scenarios, their difference and what is the case", () => {
  const { reading } = drawScenarioLines(TWO)(testTokens, 900);
  expect(readingText(reading(0))).toBe(
    "Sat, 1 Aug 2015, Baseline €100, More €110 (+€10), 80% interval €90 – €130, Promotion, Not seen in history",
  );
  expect(readingText(reading(1))).toMatch(/Baseline €0, More €0 \(€0\), Closed$/);
});

test("nothing to show gives axes alone", () => {
  expect(drawScenarioLines(EMPTY)(testTokens, 900).length).toBe(0);
  expect(drawDifferenceBars([], 0, 80)(testTokens, 900).option).toMatchObject({
    yAxis: { min: 0, max: 0.25 },
  });
});

test("losses reach below 0, and a bar that history cannot vouch for is hollow", () => {
  const day = { date: "2015-08-01", lower: -30, upper: 5, isExtrapolated: true };
  const { option, reading } = drawDifferenceBars([{ ...day, delta: -20 }], 1, 90)(testTokens, 900);
  expect(option).toMatchObject({ yAxis: { min: -32, max: 8, interval: 8 } });
  expect(option.series).toMatchObject([{ data: [{ itemStyle: { color: testTokens.surface } }] }, {}]);
  expect(readingText(reading(0))).toBe(
    "Sat, 1 Aug 2015, Difference -€20, 90% interval -€30 – +€5, Not seen in history",
  );
});
