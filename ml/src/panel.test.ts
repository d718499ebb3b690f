import { dayNumber, parseIsoDate } from "@rossmann/core";
import { describe, expect, it } from "vitest";
import { sampleChain } from "../test/sample-chain.ts";
import { EmptyHistoryError, OriginError } from "./errors.ts";
import { Basis, buildPanel, LONGEST_HORIZON, LOOKAHEAD_DAYS, originOf, truncatePanel } from "./panel.ts";
import { MISSING } from "./panel-rows.ts";

describe("buildPanel", () => {
  it("lays every row on its store and day", () => {
    const rows = sampleChain({ stores: 3, days: 40 });
    const panel = buildPanel(rows);
    expect(panel.historyDays).toBe(40);
    expect(panel.calendarDays).toBe(40 + LONGEST_HORIZON + LOOKAHEAD_DAYS);
    for (let i = 0; i < rows.storeIds.length; i++) {
      const s = rows.storeIds[i] - 1;
      const t = rows.dayNumbers[i] - panel.firstDay;
      expect(panel.sales[s * 40 + t]).toBe(rows.sales[i]);
      expect(panel.promo[s * panel.calendarDays + t]).toBe(rows.promo[i]);
      const isSold = rows.open[i] === 1 && rows.sales[i] > 0;
      const log = panel.logSales[s * 40 + t];
      if (isSold) expect(log).toBeCloseTo(Math.log(rows.sales[i]), 12);
      else expect(log).toBeNaN();
    }
  });

  it("keeps a day without a row missing, closed, and with the chain's promotion", () => {
    const gap = dayNumber(2013, 1, 23)!;
    const rows = sampleChain({
      stores: 3,
      days: 40,
      change: (row) => (row.storeId === 2 && row.day === gap ? null : row),
    });
    const panel = buildPanel(rows);
    const t = gap - panel.firstDay;
    expect(panel.sales[40 + t]).toBeNaN();
    expect(panel.basis[panel.calendarDays + t]).toBe(Basis.absent);
    expect(panel.open[panel.calendarDays + t]).toBe(0);
    expect(panel.promo[panel.calendarDays + t]).toBe(panel.promo[t]);
  });

  it("takes a row without `open` as open when it sold something", () => {
    const rows = sampleChain({ stores: 1, days: 14 });
    rows.open.fill(MISSING);
    const panel = buildPanel(rows);
    for (let t = 0; t < 14; t++) expect(panel.open[t]).toBe(rows.sales[t] > 0 ? 1 : 0);
  });

  it("marks days of the known future as known and the days behind them as projected", () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 100, future: 10 }));
    expect(Array.from(panel.basis.subarray(98, 112))).toEqual([
      ...Array(2).fill(Basis.observed),
      ...Array(10).fill(Basis.known),
      ...Array(2).fill(Basis.projected),
    ]);
  });

  it("learns nothing from negative, infinite or missing sales", () => {
    const rows = sampleChain({ stores: 1, days: 14 });
    rows.sales[0] = -5;
    rows.sales[1] = Infinity;
    rows.sales[2] = NaN;
    const panel = buildPanel(rows);
    for (const t of [0, 1, 2]) expect(panel.logSales[t]).toBeNaN();
  });

  it("refuses a source without rows, saying what to load", () => {
    const rows = sampleChain({ stores: 2, days: 0 });
    expect(() => buildPanel(rows)).toThrow(EmptyHistoryError);
    expect(() => buildPanel(rows)).toThrow(/2 stores and 0 daily rows; load train.csv/);
  });
});

describe("truncatePanel", () => {
  const panel = buildPanel(sampleChain({ stores: 3, days: 400 }));
  const origin = panel.firstDay + 299;

  it("equals a panel that was never told what came later", () => {
    const early = sampleChain({ stores: 3, days: 300, future: 42 });
    // The generator draws the noise of later days too, so only the history of the first store is the same draw.
    const cut = truncatePanel(panel, origin, 42);
    const built = buildPanel(early);
    expect(cut.historyDays).toBe(300);
    expect(cut.sales.subarray(0, 300)).toEqual(built.sales.subarray(0, 300));
    for (const name of ["open", "promo", "schoolHoliday", "stateHoliday", "basis"] as const) {
      expect(cut[name]).toEqual(built[name]);
    }
  });

  it("holds nothing that was sold after the origin", () => {
    const cut = truncatePanel(panel, origin, 42);
    expect(originOf(cut)).toBe(origin);
    expect(cut.sales.length).toBe(3 * 300);
  });

  it("does not depend on the calendar behind the known days", () => {
    const changed = { ...panel, promo: panel.promo.slice(), open: panel.open.slice() };
    for (let s = 0; s < 3; s++) {
      for (let t = 342; t < 400; t++) changed.promo[s * panel.calendarDays + t] ^= 1;
    }
    expect(truncatePanel(changed, origin, 42)).toEqual(truncatePanel(panel, origin, 42));
  });

  it("names the days it could serve when the origin lies outside", () => {
    const late = parseIsoDate("2020-01-01")!;
    expect(() => truncatePanel(panel, late, 42)).toThrow(OriginError);
    expect(() => truncatePanel(panel, late, 42)).toThrow(/between 2013-01-07 and 2014-02-10, got 2020-01-01/);
  });
});
