import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIRST_DAY, sampleChain } from "../../test/sample-chain.ts";
import { ArtifactError } from "../errors.ts";
import { allStores, type FitOptions } from "../model.ts";
import { buildPanel, originOf, truncatePanel } from "../panel.ts";
import { COLUMN_COUNT, createDesign, INTERCEPT, TREND } from "./design.ts";
import { hierarchicalRidge } from "./hierarchical-ridge.ts";

const options: FitOptions = { seed: 1, profile: "quick", horizon: 42 };

describe("createDesign", () => {
  it("writes columns in ascending order, each once, all finite", () => {
    const panel = buildPanel(sampleChain({ stores: 2, days: 500 }));
    const design = createDesign(panel, originOf(panel));
    const columns = new Int32Array(COLUMN_COUNT);
    const values = new Float64Array(COLUMN_COUNT);
    for (let t = 0; t < 680; t++) {
      const count = design.row(1, t, columns, values);
      for (let i = 1; i < count; i++) expect(columns[i]).toBeGreaterThan(columns[i - 1]);
      expect(columns[count - 1]).toBeLessThan(COLUMN_COUNT);
      expect(values.subarray(0, count).every(Number.isFinite)).toBe(true);
    }
  });
});

describe("hierarchicalRidge", () => {
  it("agrees with a dense twin for a single store", async () => {
    const panel = buildPanel(sampleChain({ stores: 1, days: 300 }));
    const forecast = (await hierarchicalRidge.fit(panel, options)).forecast(panel, allStores(panel), 42);
    const twin = denseTwin(panel, 42);
    for (let h = 0; h < 42; h++) {
      // Coefficients are kept in single precision.
      if (twin[h] === 0) expect(forecast[h]).toBe(0);
      else expect(forecast[h] / twin[h]).toBeCloseTo(1, 4);
    }
  });

  it("finds the uplift of promotions and the weekly rhythm of a quiet chain", async () => {
    const rows = sampleChain({ stores: 6, days: 800, noise: 0.02 });
    const panel = truncatePanel(buildPanel(rows), FIRST_DAY + 757, 42);
    const forecast = (await hierarchicalRidge.fit(panel, options)).forecast(panel, allStores(panel), 42);
    let error = 0;
    let days = 0;
    for (let i = 0; i < rows.storeIds.length; i++) {
      const h = rows.dayNumbers[i] - originOf(panel);
      if (h < 1 || rows.sales[i] === 0) continue;
      error += Math.abs(Math.log(forecast[(rows.storeIds[i] - 1) * 42 + h - 1] / rows.sales[i]));
      days++;
    }
    expect(days).toBeGreaterThan(150);
    expect(error / days).toBeLessThan(0.03);
  });

  it("gives a store without a day its type's forecast", async () => {
    const panel = buildPanel(
      sampleChain({ stores: 4, days: 400, change: (row) => (row.storeId === 3 ? null : row), future: 42 }),
    );
    const forecast = (await hierarchicalRidge.fit(panel, options)).forecast(panel, allStores(panel), 42);
    const open = forecast.subarray(2 * 42, 3 * 42).filter((value) => value > 0);
    expect(open.length).toBeGreaterThan(30);
    expect(Math.min(...open)).toBeGreaterThan(500);
    expect(Math.max(...open)).toBeLessThan(30_000);
  });

  it("forecasts finite sales, 0 on closed days, for any chain", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 1000 }),
        async (stores, days, seed) => {
          const panel = buildPanel(
            sampleChain({
              stores,
              days,
              seed,
              change: (row) =>
                (row.day * 3 + row.storeId * seed) % 4 === 1 && row.day > FIRST_DAY ? null : row,
            }),
          );
          const forecast = (await hierarchicalRidge.fit(panel, options)).forecast(
            panel,
            allStores(panel),
            180,
          );
          for (let i = 0; i < forecast.length; i++) {
            const cell = Math.floor(i / 180) * panel.calendarDays + panel.historyDays + (i % 180);
            if (panel.open[cell] !== 1) expect(forecast[i]).toBe(0);
            else expect(Number.isFinite(forecast[i]) && forecast[i] > 0).toBe(true);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("forecasts the same after it was written and read, and refuses another number of columns", async () => {
    const panel = buildPanel(sampleChain({ stores: 3, days: 200 }));
    const fitted = await hierarchicalRidge.fit(panel, options);
    const text = JSON.stringify(fitted.parameters());
    const restored = hierarchicalRidge.restore(JSON.parse(text));
    expect(restored.forecast(panel, allStores(panel), 42)).toEqual(
      fitted.forecast(panel, allStores(panel), 42),
    );
    const foreign = { ...JSON.parse(text), columns: 3 };
    expect(() => hierarchicalRidge.restore(foreign)).toThrow(ArtifactError);
  });
});

/** The same two stages with full matrices and Gauss elimination. */
function denseTwin(panel: ReturnType<typeof buildPanel>, horizon: number): Float64Array {
  const p = COLUMN_COUNT;
  const design = createDesign(panel, originOf(panel));
  const full = (t: number) => {
    const columns = new Int32Array(p);
    const values = new Float64Array(p);
    const row = new Array<number>(p).fill(0);
    const count = design.row(0, t, columns, values);
    for (let i = 0; i < count; i++) row[columns[i]] = values[i];
    return row;
  };
  const days = Array.from({ length: panel.historyDays }, (_, t) => t).filter(
    (t) => !Number.isNaN(panel.logSales[t]),
  );
  const weight = (t: number) => 0.5 ** ((panel.historyDays - 1 - t) / 500);
  const total = days.reduce((sum, t) => sum + weight(t), 0);
  const mean = days.reduce((sum, t) => sum + weight(t) * panel.logSales[t], 0) / total;
  const fit = (y: (t: number) => number, penalty: (column: number) => number) => {
    const a = Array.from({ length: p }, () => new Array<number>(p + 1).fill(0));
    for (const t of days) {
      const x = full(t);
      for (let i = 0; i < p; i++) {
        for (let j = 0; j < p; j++) a[i][j] += weight(t) * x[i] * x[j];
        a[i][p] += weight(t) * x[i] * y(t);
      }
    }
    for (let i = 0; i < p; i++) a[i][i] += penalty(i);
    return eliminate(a);
  };
  const dot = (x: number[], b: number[]) => x.reduce((sum, value, i) => sum + value * b[i], 0);
  const beta = fit(
    (t) => panel.logSales[t] - mean,
    () => 1,
  );
  const isMonth = (i: number) => i >= 22 && i < 32;
  const gamma = fit(
    (t) => panel.logSales[t] - mean - dot(full(t), beta),
    (i) => (i === INTERCEPT ? 0 : i === TREND ? 30 : isMonth(i) ? 8 : 3),
  );
  return Float64Array.from({ length: horizon }, (_, k) => {
    const t = panel.historyDays + k;
    if (panel.open[t] !== 1) return 0;
    const x = full(t);
    return Math.exp(mean + dot(x, beta) + dot(x, gamma));
  });
}

function eliminate(a: number[][]): number[] {
  const p = a.length;
  for (let i = 0; i < p; i++) {
    let pivot = i;
    for (let r = i + 1; r < p; r++) if (Math.abs(a[r][i]) > Math.abs(a[pivot][i])) pivot = r;
    [a[i], a[pivot]] = [a[pivot], a[i]];
    for (let r = 0; r < p; r++) {
      if (r === i) continue;
      const factor = a[r][i] / a[i][i];
      for (let c = i; c <= p; c++) a[r][c] -= factor * a[i][c];
    }
  }
  return a.map((row, i) => row[p] / row[i]);
}
