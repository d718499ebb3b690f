import { createRandom } from "@rossmann/core";
import { describe, expect, it } from "vitest";
import { FIRST_DAY, sampleChain } from "../../test/sample-chain.ts";
import { buildPanel, type Panel, truncatePanel } from "../panel.ts";
import type { PanelRows } from "../panel-rows.ts";
import type { Feature } from "./feature.ts";
import { columnNames, createFeatureTable, fillFeatures } from "./feature-table.ts";
import { ALL_FEATURES } from "./index.ts";
import { originView } from "./origin-view.ts";
import { monthOfRound } from "./promo2.ts";

const DAYS = 860;
const END = 800;
const HORIZON = 42;
const ORIGIN = FIRST_DAY + END - 1;

/** All open days of all stores over the horizon, as of the origin, from a panel that knows more. */
function tableOf(rows: PanelRows, features: readonly Feature[] = ALL_FEATURES) {
  const cut = truncatePanel(buildPanel(rows), ORIGIN, HORIZON, HORIZON);
  return tableOfCut(cut, features);
}

function tableOfCut(cut: Panel, features: readonly Feature[], first = 1, last = HORIZON) {
  const stores: number[] = [];
  const days: number[] = [];
  for (let s = 0; s < cut.storeIds.length; s++) {
    for (let t = cut.historyDays + first - 1; t < cut.historyDays + last; t++) {
      if (cut.open[s * cut.calendarDays + t] === 1) {
        stores.push(s);
        days.push(t);
      }
    }
  }
  const rows = Int32Array.from(stores, (_, i) => i);
  const table = createFeatureTable(features, stores.length);
  const base = new Float64Array(stores.length);
  fillFeatures(
    originView(cut),
    features,
    table,
    { stores: Int32Array.from(stores), days: Int32Array.from(days), rows },
    base,
  );
  return { table, base, stores, days };
}

const honest = sampleChain({ stores: 8, days: DAYS, noise: 0.1 });

/** Everything after the origin drawn anew, except the calendar of the known days. */
function spoiled(): PanelRows {
  const random = createRandom(77);
  const rows: PanelRows = {
    ...honest,
    sales: honest.sales.slice(),
    customers: honest.customers.slice(),
    open: honest.open.slice(),
    promo: honest.promo.slice(),
    schoolHoliday: honest.schoolHoliday.slice(),
    stateHoliday: honest.stateHoliday.slice(),
  };
  for (let i = 0; i < rows.sales.length; i++) {
    if (rows.dayNumbers[i] <= ORIGIN) continue;
    rows.sales[i] = random.integer(1, 50_000);
    rows.customers[i] = random.integer(1, 5000);
    if (rows.dayNumbers[i] <= ORIGIN + HORIZON) continue;
    rows.open[i] = random.integer(0, 1);
    rows.promo[i] = random.integer(0, 1);
    rows.schoolHoliday[i] = random.integer(0, 1);
    rows.stateHoliday[i] = random.integer(0, 3);
  }
  return rows;
}

describe.each(ALL_FEATURES.map((feature) => [feature.names.join(", "), feature] as const))(
  "%s",
  (_names, feature) => {
    it("is the same whatever was sold after the origin and whatever the calendar says behind the horizon", () => {
      const known = tableOf(honest, [feature]);
      const other = tableOf(spoiled(), [feature]);
      expect(known.table.rows).toBeGreaterThan(100);
      expect(other.table.columns).toEqual(known.table.columns);
      expect(other.base).toEqual(known.base);
    });

    it("is the same 43 to 180 days ahead, where the calendar behind the known days is projected", () => {
      const farTable = (rows: PanelRows) =>
        tableOfCut(truncatePanel(buildPanel(rows), ORIGIN, HORIZON, 180), [feature], HORIZON + 1, 180);
      const known = farTable(honest);
      const other = farTable(spoiled());
      expect(known.table.rows).toBeGreaterThan(400);
      expect(other.table.columns).toEqual(known.table.columns);
      expect(other.base).toEqual(known.base);
    });

    it("reads something: a history drawn anew or another calendar changes it", () => {
      const random = createRandom(3);
      const before = tableOf(honest, [feature]);
      const changed: PanelRows = {
        ...honest,
        sales: honest.sales.map((value) => (value > 0 ? random.integer(1000, 9000) : 0)),
        customers: honest.customers.map(() => random.integer(100, 900)),
        open: honest.open.map((value, i) => (honest.dayNumbers[i] % 11 === 0 ? 0 : value)),
        promo: honest.promo.map(() => random.integer(0, 1)),
        schoolHoliday: honest.schoolHoliday.map((_, i) =>
          (honest.dayNumbers[i] + honest.storeIds[i]) % 5 === 0 ? 1 : 0,
        ),
        stateHoliday: honest.stateHoliday.map((_, i) => (honest.dayNumbers[i] % 9 === 0 ? 1 : 0)),
        dayNumbers: honest.dayNumbers,
        stores: {
          ...honest.stores,
          storeType: honest.stores.storeType.map(() => "d"),
          competitionOpenSinceYear: honest.stores.competitionOpenSinceYear.map(() => 2010),
          promo2: honest.stores.promo2.map(() => 1),
        },
      };
      const stays = ["weekday, day_of_month", "history_days", "calendar_known"].some((name) =>
        feature.names.join(", ").startsWith(name),
      );
      const after = tableOf(changed, [feature]);
      // Places in the calendar belong to the days alone; with other closed days there are other rows.
      if (!stays) expect(after.table.columns).not.toEqual(before.table.columns);
    });
  },
);

describe("the feature table", () => {
  const { table, stores, days } = tableOf(honest);
  const column = (name: string) => table.columns[table.names.indexOf(name)];

  it("has no two columns of one name", () => {
    const names = columnNames(ALL_FEATURES);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(90);
  });

  it("knows the distance, the weekday and the promotion of every row", () => {
    const panel = buildPanel(honest);
    for (let i = 0; i < table.rows; i++) {
      expect(column("horizon")[i]).toBe(days[i] - END + 1);
      expect(column("promo")[i]).toBe(panel.promo[stores[i] * panel.calendarDays + days[i]]);
    }
  });

  it("agrees with a naive mean of residuals over the last 28 days", () => {
    const cut = truncatePanel(buildPanel(honest), ORIGIN, HORIZON, HORIZON);
    const group = (t: number, promo: number) => (t % 7) * 2 + promo;
    for (const s of [0, 3, 7]) {
      const log = (t: number) => cut.logSales[s * END + t];
      const promoOn = (t: number) => cut.promo[s * cut.calendarDays + t];
      const medianLike = (t: number) => {
        const like: number[] = [];
        for (let u = END - 364; u < END; u++) {
          if (!Number.isNaN(log(u)) && group(u, promoOn(u)) === group(t, promoOn(t))) like.push(log(u));
        }
        like.sort((a, b) => a - b);
        return (like[Math.floor((like.length - 1) / 2)] + like[Math.ceil((like.length - 1) / 2)]) / 2;
      };
      const residuals = Array.from({ length: 28 }, (_, k) => END - 28 + k)
        .filter((t) => !Number.isNaN(log(t)))
        .map((t) => log(t) - medianLike(t));
      const mean = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
      expect(column("level28")[stores.indexOf(s)]).toBeCloseTo(mean, 5);
    }
  });

  it("looks a year back on the same weekday", () => {
    const cut = truncatePanel(buildPanel(honest), ORIGIN, HORIZON, HORIZON);
    for (let i = 0; i < table.rows; i += 37) {
      const past = days[i] - 364;
      expect(column("last_year_promo")[i]).toBe(cut.promo[stores[i] * cut.calendarDays + past]);
      expect(Number.isNaN(column("last_year")[i])).toBe(Number.isNaN(cut.logSales[stores[i] * END + past]));
    }
  });

  it("is finite or missing, never infinite, for a store that opened last week, one that is silent and one without attributes", () => {
    const young = sampleChain({
      stores: 5,
      days: DAYS,
      change: (row) => {
        if (row.storeId === 2) return row.day > ORIGIN - 6 ? row : null;
        if (row.storeId === 3) return row.day < FIRST_DAY + 200 ? row : null;
        if (row.storeId === 4) return { ...row, open: 0, sales: 0, customers: NaN };
        return row;
      },
    });
    young.stores.storeType.fill(null);
    young.stores.competitionDistance.fill(NaN);
    young.stores.competitionOpenSinceYear.fill(NaN);
    for (const values of tableOf(young).table.columns) {
      expect(values.every((value) => Number.isNaN(value) || Number.isFinite(value))).toBe(true);
    }
  });
});

describe("monthOfRound", () => {
  it("counts from the last month of the list, over the turn of the year too", () => {
    expect(monthOfRound("Jan,Apr,Jul,Oct", 1)).toBe(0);
    expect(monthOfRound("Jan,Apr,Jul,Oct", 6)).toBe(2);
    expect(monthOfRound("Mar,Jun,Sept,Dec", 2)).toBe(2);
    expect(monthOfRound("Mar,Jun,Sept,Dec", 9)).toBe(0);
    expect(monthOfRound(null, 5)).toBe(-1);
  });
});
