import { expect, test } from "vitest";
import { testTokens } from "../../test/chart-tokens.ts";
import { drawWeekdayMonthHeat, type HeatCell } from "./weekday-month-heat.ts";

const option = (cells: HeatCell[]) =>
  drawWeekdayMonthHeat(cells)(testTokens, 900).option as {
    visualMap: { min: number; max: number };
    series: { data: { value: number[]; label: { color: string } }[] }[];
  };

test("no cell, one cell and equal cells all have a scale with a length", () => {
  for (const cells of [
    [],
    [{ weekday: 1, month: 1, mean: 5, days: 1 }],
    [1, 2].map((month) => ({ weekday: 1, month, mean: 5, days: 1 })),
  ]) {
    const { min, max } = option(cells).visualMap;
    expect(max).toBeGreaterThan(min);
  }
  expect(option([]).series[0]?.data).toEqual([]);
});

test("letters are dark on light cells and light on dark ones", () => {
  const cells = option([
    { weekday: 1, month: 1, mean: 1, days: 1 },
    { weekday: 7, month: 12, mean: 9, days: 1 },
  ]).series[0]?.data;
  expect(cells?.[0]).toMatchObject({ value: [0, 0, 1], label: { color: "#000000" } });
  expect(cells?.[1]).toMatchObject({ value: [11, 6, 9], label: { color: "#ffffff" } });
});
