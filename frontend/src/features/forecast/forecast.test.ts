import { expect, test } from "vitest";
import { fakeChain } from "../../../test/fake-chain.ts";
import { fakeOverride, NO_VALUE } from "../../../test/fake-overrides.ts";
import type { Override } from "../../lib/api-types.ts";
import { biasWords } from "../common/actuals-panel.tsx";
import { valueSentence } from "./components/corrections-panel.tsx";
import { driversSentence } from "./components/drivers-panel.tsx";
import { knownSentence } from "./components/forecast-chart.tsx";
import { type CorrectionForm, corrected, correctionFaults } from "./correction-form.ts";
import { correctionsByDay } from "./corrections.ts";
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

test("the file carries what makes up each day, and the planner's figure beside the model's", () => {
  const correction = { sales: 1234, override: {} as Override };
  const first = points.find((point) => point.open === 1);
  const { content } = forecastCsv(points, 2, new Map([[first?.date ?? "", correction]]));
  const [header = "", line = ""] = content.split("\r\n");
  const cells = Object.fromEntries(header.split(",").map((name, i) => [name, line.split(",")[i]]));
  expect(cells.override_sales).toBe("1234");
  expect(Number(cells.predicted_sales)).toBe(first?.predicted_sales);
  const parts = Object.entries(cells).filter(([name]) => name.startsWith("driver_"));
  expect(parts).toHaveLength(7);
  expect(parts.reduce((sum, [, value]) => sum + Number(value), 0)).toBeCloseTo(
    first?.predicted_sales ?? 0,
    6,
  );
});

test("of two corrections of a day the newer one holds; one taken back does not", () => {
  const made = (id: number, change: number, withdrawn: string | null = null): Override => ({
    ...fakeOverride(fakeChain(3), newOverride(change), id),
    created_at: `2026-01-0${id}T00:00:00Z`,
    withdrawn_at: withdrawn,
  });
  const newOverride = (change_pct: number) => ({
    store_id: 2,
    date_from: "2015-08-03",
    date_to: "2015-08-04",
    change_pct,
    reason: "works",
  });
  const model = points.find((point) => point.date === "2015-08-03")?.predicted_sales ?? 0;
  const held = correctionsByDay([made(2, -50), made(1, 10), made(3, 90, "2026-01-04T00:00:00Z")]);
  expect([...held.keys()]).toEqual(["2015-08-03", "2015-08-04"]);
  expect(held.get("2015-08-03")?.sales).toBeCloseTo(model * 0.5, 6);
});

test("a correction's faults are said beside their fields", () => {
  const form: CorrectionForm = {
    from: "2015-08-03",
    to: "2015-08-04",
    kind: "change",
    value: "-10",
    reason: "works",
  };
  const faults = (change: Partial<CorrectionForm>) => correctionFaults({ ...form, ...change }, points);
  expect(faults({})).toEqual({});
  expect(faults({ value: "" }).value).toMatch(/from -100 to 1000/);
  expect(faults({ value: "-101" }).value).toBeDefined();
  expect(faults({ kind: "sales", value: "-1" }).value).toMatch(/at least 0/);
  expect(faults({ to: "2015-08-01" }).to).toMatch(/before the first/);
  expect(faults({ from: "2014-01-01" }).from).toMatch(/from 1 Aug to 29 Oct/);
  expect(faults({ from: "2015-08-02", to: "2015-08-02" }).from).toMatch(/closed/);
  expect(faults({ reason: " a " }).reason).toMatch(/why/);
  expect(corrected(form, points)?.after).toBeCloseTo((corrected(form, points)?.before ?? 0) * 0.9, 6);
  expect(corrected({ ...form, value: "x" }, points)).toBeNull();
});

test("a day's makings are said by the strongest of them", () => {
  const drivers = {
    level: 1000,
    weekday: 5,
    promotion: 300,
    season: -400,
    holidays: 0,
    trend: 0,
    competition: 0,
  };
  expect(driversSentence(905, drivers)).toBe(
    "€905, from an ordinary day of €1,000; moved most by season: -€400.",
  );
  expect(driversSentence(1000, { ...drivers, weekday: 0, promotion: 0, season: 0 })).toMatch(
    /nothing moves it/,
  );
});

test("what corrections were worth is said against model and naive rule, once it is known", () => {
  expect(valueSentence(undefined)).toMatch(/Once the sales are known/);
  expect(
    valueSentence({
      ...NO_VALUE,
      days: 4,
      wape_override: 0.08,
      value_added_vs_model: 0.021,
      value_added_vs_naive: -0.01,
    }),
  ).toBe(
    "So far, over 4 corrected days of all stores, corrections were off by 8.0%: 2.1% points nearer than the model, 1.0% points further off than last season's sales.",
  );
});

test("a bias is said as too high or too low", () => {
  expect(biasWords(0.031)).toBe("3.1% too high on the whole");
  expect(biasWords(-0.2)).toBe("20.0% too low on the whole");
  expect(biasWords(0.001)).toBe("even on the whole");
});
