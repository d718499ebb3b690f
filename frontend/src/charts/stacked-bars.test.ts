import { expect, test } from "vitest";
import { testTokens } from "../../test/chart-tokens.ts";
import { count } from "../lib/format.ts";
import { drawStackedBars } from "./stacked-bars.ts";

const series = [
  { name: "pass", values: [3, 0], role: "good" as const },
  { name: "fail", values: [1, 0], role: "bad" as const },
];

test("every category is read with all its parts and notes, also one in which nothing happened", () => {
  const drawing = drawStackedBars(["Mon", "Tue"], series, count, (i) => (i === 0 ? ["1 blocked"] : []))(
    testTokens,
    400,
  );
  expect(drawing.reading(0)).toEqual({
    title: "Mon",
    rows: [
      { name: "pass", color: testTokens.good, value: "3" },
      { name: "fail", color: testTokens.bad, value: "1" },
    ],
    notes: ["1 blocked"],
  });
  expect(drawing.reading(1).rows.map((row) => row.value)).toEqual(["0", "0"]);
  const { series: bars, yAxis } = drawing.option as {
    series: { stack: string }[];
    yAxis: { min: number; minInterval: number };
  };
  expect(new Set(bars.map((bar) => bar.stack)).size).toBe(1);
  expect(yAxis).toMatchObject({ min: 0, minInterval: 1 });
});

test("nothing to draw gives empty axes", () => {
  expect(drawStackedBars([], [], count)(testTokens, 400).length).toBe(0);
});
