import { dayNumber, easterSunday, isoDate, weekday } from "@rossmann/core";
import { describe, expect, it } from "vitest";
import { sampleChain } from "../test/sample-chain.ts";
import { buildPanel, type Panel } from "./panel.ts";

/** Day index of a date. */
const on = (panel: Panel, year: number, month: number, day: number) =>
  dayNumber(year, month, day)! - panel.firstDay;

describe("projectCalendar", () => {
  const panel = buildPanel(sampleChain({ stores: 3, days: 800 }));
  const truth = sampleChain({ stores: 1, days: 980 });

  it("continues a fortnightly promotion", () => {
    expect(Array.from(panel.promo.subarray(800, 980))).toEqual(Array.from(truth.promo.subarray(800, 980)));
  });

  it("continues the shifts of last year when no short rhythm fits", () => {
    // Weeks of promotion in an irregular order that repeats every 52 weeks.
    const weeks = Array.from({ length: 52 }, (_, k) => ((k * k * 7 + k * 3) % 11 < 5 ? 1 : 0));
    const promoOf = (day: number) =>
      weekday(day) <= 5 ? weeks[Math.floor((day - dayNumber(2013, 1, 7)!) / 7) % 52] : 0;
    const irregular = buildPanel(
      sampleChain({ stores: 2, days: 800, change: (row) => ({ ...row, promo: promoOf(row.day) }) }),
    );
    for (let t = 800; t < 980; t++) {
      expect(irregular.promo[t], isoDate(irregular.firstDay + t)).toBe(promoOf(irregular.firstDay + t));
    }
  });

  it("learns the promotion of each store when stores do not share it", () => {
    const own = buildPanel(
      sampleChain({
        stores: 4,
        days: 400,
        change: (row) => ({ ...row, promo: weekday(row.day) === row.storeId ? 1 : 0 }),
      }),
    );
    for (let s = 0; s < 4; s++) {
      for (let t = 400; t < 500; t++) {
        expect(own.promo[s * own.calendarDays + t]).toBe(weekday(own.firstDay + t) === s + 1 ? 1 : 0);
      }
    }
  });

  it("moves movable feasts with Easter and keeps fixed ones on their date", () => {
    // History ends 2015-03-17; Easter 2015 is 5 April, in 2014 it was 20 April.
    const easter = easterSunday(2015) - panel.firstDay;
    expect(panel.stateHoliday[easter - 2]).toBe(2);
    expect(panel.stateHoliday[easter + 1]).toBe(2);
    expect(panel.stateHoliday[easter + 39]).toBe(1);
    expect(panel.stateHoliday[on(panel, 2015, 5, 1)]).toBe(1);
    // Where Good Friday and Easter Monday stood last year is an ordinary day now.
    expect(panel.stateHoliday[on(panel, 2015, 4, 18)]).toBe(0);
    expect(panel.stateHoliday[on(panel, 2015, 4, 21)]).toBe(0);
  });

  it("closes on Sundays and holidays and opens on all other days", () => {
    for (let t = 800; t < 980; t++) {
      const isClosed = weekday(panel.firstDay + t) === 7 || panel.stateHoliday[t] !== 0;
      expect(panel.open[t], isoDate(panel.firstDay + t)).toBe(isClosed ? 0 : 1);
    }
  });

  it("opens on holidays where the store always did", () => {
    const open = buildPanel(
      sampleChain({ stores: 2, days: 800, change: (row) => ({ ...row, open: 1, sales: 100 }) }),
    );
    expect(open.open.subarray(800, 980).every((flag) => flag === 1)).toBe(true);
  });

  it("keeps a store closed that has had no rows for eight weeks", () => {
    const silent = buildPanel(
      sampleChain({
        stores: 2,
        days: 300,
        change: (row) => (row.storeId === 2 && row.day > dayNumber(2013, 8, 20)! ? null : row),
      }),
    );
    const from = silent.calendarDays + 300;
    expect(silent.open.subarray(from, from + 180).some((flag) => flag === 1)).toBe(false);
  });

  it("carries school holidays over from last year", () => {
    expect(panel.schoolHoliday[on(panel, 2015, 7, 15)]).toBe(1);
    expect(panel.schoolHoliday[on(panel, 2015, 6, 15)]).toBe(0);
  });

  it("fills a missing cell of a known day and keeps the others", () => {
    const rows = sampleChain({ stores: 1, days: 300, future: 14 });
    rows.future.open.fill(255);
    rows.future.promo.fill(1);
    const filled = buildPanel(rows);
    for (let t = 300; t < 314; t++) {
      const isSunday = weekday(filled.firstDay + t) === 7;
      expect(filled.open[t]).toBe(isSunday || filled.stateHoliday[t] !== 0 ? 0 : 1);
      expect(filled.promo[t]).toBe(1);
    }
  });
});
