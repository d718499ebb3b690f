import { expect, test } from "vitest";
import { testTokens } from "../../test/chart-tokens.ts";
import { drawStoreComparison, MOST_SERIES } from "./store-comparison.ts";

const series = (name: string, values: (number | null)[], isMain = false) => ({ name, values, isMain });
const days = ["2015-07-30", "2015-07-31"];

test("the reading has all series, the largest first and the missing last", () => {
  const drawing = drawStoreComparison(
    days,
    [series("A", [1, 2], true), series("B", [null, 9]), series("C", [3, null])],
    "daily",
  )(testTokens, 800);
  expect(drawing.reading(0).rows.map((row) => `${row.name} ${row.value}`)).toEqual(["C €3", "A €1", "B –"]);
  expect(drawing.reading(1).rows.map((row) => row.name)).toEqual(["B", "A", "C"]);
});

test("the chosen store is in ink, the others in the palette in order, never more than can be told apart", () => {
  const many = Array.from({ length: 9 }, (_, i) => series(`S${i}`, [1, 1], i === 0));
  const { series: lines } = drawStoreComparison(days, many, "daily")(testTokens, 800).option as {
    series: { lineStyle: { color: string } }[];
  };
  expect(lines).toHaveLength(MOST_SERIES);
  expect(lines.map((line) => line.lineStyle.color)).toEqual([
    testTokens.ink,
    ...testTokens.categories.slice(0, MOST_SERIES - 1),
  ]);
});

test("nothing to compare gives empty axes, one day gives dots", () => {
  expect(drawStoreComparison([], [], "daily")(testTokens, 800).length).toBe(0);
  const { series: lines } = drawStoreComparison(["2015-07-31"], [series("A", [5])], "daily")(testTokens, 800)
    .option as { series: { showSymbol: boolean }[] };
  expect(lines[0]?.showSymbol).toBe(true);
});
