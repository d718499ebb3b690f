import { expect, test } from "vitest";
import { testTokens } from "../../test/chart-tokens.ts";
import { percentWhole } from "../lib/format.ts";
import { drawGroupedBars } from "./grouped-bars.ts";

const series = [
  { name: "model", values: [0.07, null], role: "subject" as const },
  { name: "naive", values: [0.2, 0.3], role: "reference" as const },
];

test("every category is read with both series; a missing value is a dash and a gap, never 0", () => {
  const drawing = drawGroupedBars(["Mon", "Tue"], series, percentWhole)(testTokens, 400);
  expect(drawing.length).toBe(2);
  expect(drawing.reading(1)).toEqual({
    title: "Tue",
    rows: [
      { name: "model", color: testTokens.accent, value: "–" },
      { name: "naive", color: testTokens.faint, value: "30%" },
    ],
    notes: [],
  });
  const { series: bars, yAxis } = drawing.option as { series: { data: unknown[] }[]; yAxis: { min: number } };
  expect(bars[0]?.data).toEqual([0.07, null]);
  expect(yAxis.min).toBe(0);
});

test("nothing to draw gives empty axes", () => {
  expect(drawGroupedBars([], [], percentWhole)(testTokens, 400).length).toBe(0);
});
