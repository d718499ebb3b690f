import { expect, test } from "vitest";
import { testTokens } from "../../test/chart-tokens.ts";
import { axisTop, drawSalesOverTime, type ForecastDay, type HistoryDay } from "./sales-over-time.ts";

const past = (date: string, sales: number | null, more: Partial<HistoryDay> = {}): HistoryDay => ({
  date,
  sales,
  customers: 10,
  average: null,
  isClosed: false,
  hasPromo: false,
  isPartial: false,
  notes: [],
  ...more,
});
const coming = (date: string, sales: number, more: Partial<ForecastDay> = {}): ForecastDay => ({
  date,
  sales,
  lower80: sales * 0.9,
  upper80: sales * 1.1,
  lower95: sales * 0.8,
  upper95: sales * 1.2,
  isClosed: false,
  hasPromo: false,
  isKnown: true,
  notes: [],
  ...more,
});
interface Series {
  name: string;
  type: string;
  data: unknown[];
  showSymbol?: boolean;
}
const draw = (
  history: HistoryDay[],
  forecast: ForecastDay[] = [],
  granularity: "daily" | "monthly" = "daily",
) => {
  const drawing = drawSalesOverTime({ granularity, history, forecast, strips: ["promo", "closed", "plan"] })(
    testTokens,
    900,
  );
  const option = drawing.option as {
    series: Series[];
    xAxis: { data: string[] };
    yAxis: { min: number; max: number; interval: number };
  };
  return {
    ...drawing,
    ...option,
    named: (name: string) => option.series.find((entry) => entry.name === name),
  };
};

test("nothing to draw gives empty axes with a height", () => {
  const { length, yAxis, named } = draw([]);
  expect(length).toBe(0);
  expect(yAxis).toMatchObject({ min: 0, max: 1 });
  expect(named("Sales")?.data).toEqual([]);
  expect(named("Forecast")).toBeUndefined();
});

test("one day is a dot, since a line needs two", () => {
  const { named, reading } = draw([past("2015-07-31", 5000, { hasPromo: true })]);
  expect(named("Sales")).toMatchObject({ data: [5000], showSymbol: true });
  expect(reading(0)).toMatchObject({ title: "Fri, 31 Jul 2015", notes: ["Promotion"] });
});

test("a flat series is a level line on an axis that starts at 0", () => {
  const { yAxis, named } = draw(["2015-07-29", "2015-07-30", "2015-07-31"].map((date) => past(date, 5000)));
  expect(yAxis).toMatchObject({ min: 0, max: 6000, interval: 1500 });
  expect(named("Sales")?.data).toEqual([5000, 5000, 5000]);
});

test("closed days are gaps of the line, 0 in the reading, and hatched under the axis", () => {
  const { named, reading } = draw(
    [past("2015-07-31", 5000)],
    [coming("2015-08-01", 5200), coming("2015-08-02", 0, { isClosed: true }), coming("2015-08-03", 6100)],
  );
  expect(named("Forecast")?.data).toEqual([null, 5200, null, 6100]);
  expect(reading(2)).toMatchObject({ rows: [{ name: "Forecast", value: "€0" }] });
  expect(reading(2).notes).toContain("Closed");
  expect(named("Closed")?.data).toEqual([
    [0, 0],
    [2, 2],
  ]);
});

test("the plan's strip tells known days from projected ones", () => {
  const { named } = draw(
    [past("2015-07-31", 1)],
    [
      coming("2015-08-01", 1),
      coming("2015-08-02", 1, { isKnown: false }),
      coming("2015-08-03", 1, { isKnown: false }),
    ],
  );
  expect(named("Plan")?.data).toEqual([
    [0, 0],
    [1, 1],
    [2, 3],
  ]);
});

test("a forecast without limits has a line and no band, and its reading has no interval", () => {
  const bare = { lower80: null, upper80: null, lower95: null, upper95: null };
  const { named, reading } = draw([], [coming("2015-08-01", 1, bare), coming("2015-08-02", 2, bare)]);
  expect(named("80% interval")?.data).toEqual([]);
  expect(reading(0).rows.map((row) => row.name)).toEqual(["Forecast"]);
});

test("months are bars, and a part of a month looks and reads like one", () => {
  const { named, reading } = draw(
    [
      past("2015-05-01", 10, { isPartial: true, notes: ["Only a part of the month"] }),
      past("2015-06-01", 20),
    ],
    [],
    "monthly",
  );
  expect(named("Sales")).toMatchObject({
    type: "bar",
    data: [
      { value: 10, itemStyle: { color: testTokens.faint } },
      { value: 20, itemStyle: { color: testTokens.ink2 } },
    ],
  });
  expect(reading(0)).toMatchObject({ title: "May 2015", notes: ["Only a part of the month"] });
});

test("axisTop lies above everything and has round quarters", () => {
  for (const top of [1, 7, 99, 101, 12_149_447, 3.2e9]) {
    const found = axisTop({ history: [past("2015-07-31", top)], forecast: [] });
    expect(found).toBeGreaterThanOrEqual(top);
    expect(found).toBeLessThanOrEqual(top * 2);
  }
  expect(axisTop({ history: [past("2015-07-31", 0)], forecast: [] })).toBe(1);
  expect(axisTop({ history: [], forecast: [coming("2015-08-01", 100)] })).toBe(120);
});
