import { describe, expect, it } from "vitest";
import { sampleChain } from "../../test/sample-chain.ts";
import { learn } from "../learn.ts";
import { buildPanel } from "../panel.ts";
import { calendarWeeks } from "./calendar-weeks.ts";
import { totalCoverage } from "./total-coverage.ts";

describe("totalCoverage", () => {
  it("judges every day and week of every origin by the others, for the chain and each store type", async () => {
    const panel = buildPanel(sampleChain({ stores: 6, days: 800, noise: 0.05 }));
    const { trained, short } = await learn(panel, { profile: "quick", seed: 1, origins: 4, horizon: 14 });
    const rows = totalCoverage(panel, trained);
    expect(rows.map(({ storeType, span, level }) => `${storeType} ${span} ${level}`)).toHaveLength(3 * 2 * 3);
    for (const { storeType, span, count, inside } of rows) {
      expect(inside).toBeLessThanOrEqual(count);
      // Two or three calendar weeks of each window; twelve open days, save holidays.
      const most = short.folds.length * (span === "week" ? 3 : 12);
      expect(count, `${storeType} ${span}`).toBeGreaterThan(0.6 * most);
      expect(count, `${storeType} ${span}`).toBeLessThanOrEqual(most);
    }
    const byDay = rows.filter(({ storeType, span }) => storeType === null && span === "day");
    const shares = byDay.map(({ count, inside }) => inside / count);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[2]).toBeGreaterThan(0.85);
  });

  it("has nothing to say of a model that does not tell its origins", async () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 200 }));
    const { trained } = await learn(panel, { profile: "quick", seed: 1, origins: 2, horizon: 14 });
    const silent = { ...trained, paths: trained.paths.map((path) => ({ ...path, origin: null })) };
    expect(totalCoverage(panel, silent)).toEqual([]);
  });
});

describe("calendarWeeks", () => {
  it("cuts a horizon at its Sundays: from a Thursday, 12 days", () => {
    // 2015-07-30 was a Thursday.
    expect(calendarWeeks(16646, 12)).toEqual([
      { from: 1, to: 4 },
      { from: 5, to: 11 },
      { from: 12, to: 12 },
    ]);
  });
});
