import { describe, expect, it } from "vitest";
import { FIRST_DAY, sampleChain } from "../test/sample-chain.ts";
import { EmptyHistoryError, HistoryTooShortError, HorizonError, TrainingCancelledError } from "./errors.ts";
import { intervalBounds } from "./intervals/conformal.ts";
import { type LearnOptions, learn } from "./learn.ts";
import { metadataOf } from "./metadata.ts";
import { allStores } from "./model.ts";
import { buildPanel, type Panel } from "./panel.ts";
import type { PanelRows } from "./panel-rows.ts";
import { forecastPoints } from "./trained-model.ts";

const options: LearnOptions = { profile: "quick", seed: 1 };

/** Trains and checks what every trained model owes: finite, not negative, 0 on closed days, bounds in order. */
async function trainsSoundly(rows: PanelRows) {
  const panel = buildPanel(rows);
  const learned = await learn(panel, options);
  const points = forecastPoints(learned.trained, panel, allStores(panel), 180);
  for (let i = 0; i < points.length; i++) {
    const isOpen = panel.open[Math.floor(i / 180) * panel.calendarDays + panel.historyDays + (i % 180)] === 1;
    if (!isOpen) expect(points[i]).toBe(0);
    expect(Number.isFinite(points[i]) && points[i] >= 0).toBe(true);
  }
  for (let s = 0; s < panel.storeIds.length; s++) {
    const own = points.subarray(s * 180, (s + 1) * 180);
    const lower = new Float64Array(180);
    const upper = new Float64Array(180);
    intervalBounds(learned.trained.intervals, own, learned.trained.intervals.scales[s], 0.99, lower, upper);
    for (let h = 0; h < 180; h++) {
      expect(lower[h] >= 0 && lower[h] <= own[h] && own[h] <= upper[h] && Number.isFinite(upper[h])).toBe(
        true,
      );
    }
  }
  return { panel, learned, points };
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const openDays = (points: Float64Array, store: number) =>
  points.subarray(store * 180, (store + 1) * 180).filter((value) => value > 0);

describe("learn", () => {
  it("beats the seasonal naive forecast on a chain with promotions, and says why it chose", async () => {
    const { learned, panel } = await trainsSoundly(sampleChain({ stores: 10, days: 820, noise: 0.08 }));
    const all = learned.short.table.filter((row) => row.kind === "all");
    const error = (model: string) => {
      const rows = all.filter((row) => row.model === model);
      return rows.reduce((sum, row) => sum + row.measures.rmspe, 0) / rows.length;
    };
    expect(learned.short.folds.length).toBe(6);
    expect(error(learned.short.choice.name)).toBeLessThan(error("seasonal_naive") / 2);
    expect(error(learned.short.choice.name)).toBeLessThan(0.1);
    expect(learned.short.choice.reason).toMatch(/RMSPE|standard error/);
    expect(learned.long?.horizon).toBe(180);
    const metadata = metadataOf(learned, panel, options);
    expect(metadata.selected_model).toBe(learned.short.choice.name);
    expect(Object.keys(metadata.metrics as object)).toContain("best");
  });

  it("covers about as many days as its intervals say", async () => {
    const { learned } = await trainsSoundly(sampleChain({ stores: 20, days: 820, noise: 0.1, seed: 4242 }));
    const rows = learned.short.table.filter(
      (row) => row.kind === "all" && row.model === learned.short.choice.name,
    );
    for (const [key, level] of [
      ["coverage_80", 0.8],
      ["coverage_90", 0.9],
      ["coverage_95", 0.95],
    ] as const) {
      const covered = rows.reduce((sum, row) => sum + row.measures[key]!, 0) / rows.length;
      expect(Math.abs(covered - level)).toBeLessThan(0.03);
    }
  });

  it("works with a single store", async () => {
    await trainsSoundly(sampleChain({ stores: 1, days: 500 }));
  });

  it("works with three weeks of history and refuses less, saying what it needs", async () => {
    await trainsSoundly(sampleChain({ stores: 3, days: 21 }));
    const short = buildPanel(sampleChain({ stores: 3, days: 3 }));
    await expect(learn(short, options)).rejects.toThrow(HistoryTooShortError);
    await expect(learn(short, options)).rejects.toThrow(
      "training needs at least 21 days of history, this source has 3 (2013-01-07 to 2013-01-09); load more days",
    );
  });

  it("forecasts a store that opened in the last week from the chain's habits", async () => {
    const { points } = await trainsSoundly(
      sampleChain({
        stores: 6,
        days: 500,
        change: (row) => (row.storeId === 6 && row.day < FIRST_DAY + 494 ? null : row),
      }),
    );
    const ratio = mean(openDays(points, 5)) / mean(openDays(points, 0));
    expect(ratio).toBeGreaterThan(0.2);
    expect(ratio).toBeLessThan(5);
  });

  it("chooses among the others when the trees have no rows to learn from", async () => {
    const { learned } = await trainsSoundly(
      sampleChain({
        stores: 3,
        days: 420,
        change: (row) => (row.day < FIRST_DAY + 330 ? { ...row, open: 0, sales: 0 } : row),
      }),
    );
    expect(learned.short.choice.name).not.toBe("boosting");
  });

  it("forecasts 0 for a store that was closed for good", async () => {
    const { points } = await trainsSoundly(
      sampleChain({
        stores: 4,
        days: 500,
        change: (row) => (row.storeId === 2 && row.day > FIRST_DAY + 300 ? null : row),
      }),
    );
    expect(openDays(points, 1).length).toBe(0);
    expect(openDays(points, 0).length).toBeGreaterThan(100);
  });

  it("survives missing, negative and infinite sales", async () => {
    await trainsSoundly(
      sampleChain({
        stores: 3,
        days: 400,
        change: (row) => ({
          ...row,
          sales:
            row.day % 13 === 0 ? NaN : row.day % 17 === 0 ? Infinity : row.day % 19 === 0 ? -4 : row.sales,
          customers: row.day % 5 === 0 ? NaN : row.customers,
        }),
      }),
    );
  });

  it("refuses a chain that never opened", async () => {
    const closed = buildPanel(
      sampleChain({ stores: 2, days: 200, change: (row) => ({ ...row, open: 0, sales: 0 }) }),
    );
    await expect(learn(closed, options)).rejects.toThrow(EmptyHistoryError);
    await expect(learn(closed, options)).rejects.toThrow(/none of 2 stores has an open day with sales/);
  });

  it("refuses a window outside of 1–180 days and stops when it is told to", async () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 300 }));
    await expect(learn(panel, { ...options, horizon: 200 })).rejects.toThrow(HorizonError);
    await expect(learn(panel, { ...options, signal: AbortSignal.abort() })).rejects.toThrow(
      TrainingCancelledError,
    );
  });

  it("tells how far it is, never backwards, up to the refit", async () => {
    const panel: Panel = buildPanel(sampleChain({ stores: 3, days: 500 }));
    const shares: number[] = [];
    await learn(panel, { ...options, onProgress: ({ share }) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(10);
    for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeGreaterThanOrEqual(shares[i - 1] - 1e-12);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });
});
