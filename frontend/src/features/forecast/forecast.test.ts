import { expect, test } from "vitest";
import { fakeChain } from "../../../test/fake-chain.ts";
import { knownSentence } from "./components/forecast-chart.tsx";
import { forecastCsv } from "./forecast-csv.ts";
import { summarise } from "./forecast-summary.ts";
import { usuallyWithin } from "./usually-within.ts";

const points = fakeChain(3).forecast(2, 90);

test("the file has the columns that readers of earlier files know first, one line a day, and its name says what it is", () => {
  const { name, content } = forecastCsv(points, 2);
  const lines = content.trimEnd().split("\r\n");
  expect(name).toBe("forecast_store_2_90d.csv");
  expect(lines).toHaveLength(91);
  expect(lines[0]).toMatch(/^date,predicted_sales,predicted_lower,predicted_upper,/);
  expect(lines[1]?.split(",").slice(0, 2)).toEqual(["2015-08-01", String(points[0]?.predicted_sales)]);
});

test("the summary's width leaves out days without an interval; nothing gives no figures", () => {
  const open = points.filter((point) => point.open === 1);
  const widths = open.map((point) => (point.predicted_upper ?? 0) - (point.predicted_lower ?? 0));
  const summary = summarise(points);
  expect(summary.openDays).toBe(open.length);
  expect(summary.openDays).toBeLessThan(90);
  expect(summary.meanWidth).toBeCloseTo(widths.reduce((a, b) => a + b, 0) / widths.length, 6);
  expect(summary.peak?.sales).toBe(Math.max(...points.map((point) => point.predicted_sales)));
  expect(summarise([])).toEqual({ total: 0, average: null, openDays: 0, peak: null, meanWidth: null });
});

test("accuracy is said in whole percent, rounded to the side of caution", () => {
  expect(usuallyWithin({ typical_error_pct: 8.1 })).toBe("usually within 9%");
  expect(usuallyWithin({ typical_error_pct: 0 })).toBe("usually within 1%");
  expect(usuallyWithin({ typical_error_pct: null })).toBeNull();
  expect(usuallyWithin(undefined)).toBeNull();
});

test("it is said until when the plan is known", () => {
  expect(knownSentence(points)).toBe(
    "Promotions and opening days are known before 18 Sept 2015 and projected for 18 Sept – 29 Oct 2015.",
  );
  expect(knownSentence(points.slice(0, 30))).toBe("Promotions and opening days are known for all 30 days.");
  expect(knownSentence([])).toBe("No days.");
});
