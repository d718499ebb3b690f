/** Accuracy on the competition's own data, where a folder with its CSVs is named by ROSSMANN_DATA. */
import { isoDate } from "@rossmann/core";
import { beforeAll, describe, expect, it } from "vitest";
import type { AverageOf } from "../src/average.ts";
import { chooseOrigins } from "../src/backtest/rolling-origin.ts";
import { runBacktest } from "../src/backtest/run-backtest.ts";
import { type BacktestRow, scoreBacktest } from "../src/backtest/score-backtest.ts";
import { seasonalNaive } from "../src/baselines/seasonal-naive.ts";
import { storeWeekdayPromoMedian } from "../src/baselines/store-weekday-promo-median.ts";
import { buildPanel, originOf } from "../src/panel.ts";
import { hierarchicalRidge } from "../src/ridge/hierarchical-ridge.ts";
import { readRossmann } from "./read-rossmann.ts";

const folder = process.env.ROSSMANN_DATA;

describe.skipIf(folder === undefined)(
  "six origins of 42 days on the competition's data (needs ROSSMANN_DATA to name its folder)",
  () => {
    let table: BacktestRow[];
    const average: AverageOf = {
      name: "average",
      members: [
        { name: "store_weekday_promo_median", weight: 0.2 },
        { name: "ridge", weight: 0.8 },
      ],
    };
    beforeAll(async () => {
      const panel = buildPanel(readRossmann(folder!));
      const folds = await runBacktest(panel, [seasonalNaive, storeWeekdayPromoMedian, hierarchicalRidge], {
        origins: chooseOrigins(panel.firstDay, originOf(panel), 42, 6),
        averages: [average],
        horizon: 42,
        seed: 1,
        profile: "quick",
      });
      table = scoreBacktest(folds, panel.stores.storeType);
      expect(folds.map((fold) => isoDate(fold.origin))).toEqual([
        "2015-05-08",
        "2015-03-27",
        "2015-02-13",
        "2015-01-02",
        "2014-08-01",
        "2014-06-20",
      ]);
    });

    const over = (
      model: string,
      measure: "rmspe" | "wape" | "coverage_80" | "coverage_90" | "coverage_95",
    ) => {
      const rows = table.filter((row) => row.model === model && row.kind === "all");
      return rows.reduce((sum, row) => sum + row.measures[measure]!, 0) / rows.length;
    };

    it("the simple models err as little as they did when their settings were chosen (RMSPE)", () => {
      expect(over("average", "rmspe")).toBeLessThan(0.131);
      expect(over("ridge", "rmspe")).toBeLessThan(0.133);
      expect(over("store_weekday_promo_median", "rmspe")).toBeLessThan(0.155);
    });

    it("the seasonal naive forecast errs more than twice as much", () => {
      expect(over("seasonal_naive", "rmspe")).toBeGreaterThan(0.3);
    });

    it("intervals learned from the other origins cover as they promise, within two points", () => {
      expect(Math.abs(over("average", "coverage_80") - 0.8)).toBeLessThan(0.02);
      expect(Math.abs(over("average", "coverage_90") - 0.9)).toBeLessThan(0.02);
      expect(Math.abs(over("average", "coverage_95") - 0.95)).toBeLessThan(0.02);
    });

    it("in every horizon group and every tenth of the stores, within five points", () => {
      for (const kind of ["horizon", "store_decile"]) {
        const groups = Map.groupBy(
          table.filter((row) => row.model === "average" && row.kind === kind),
          (row) => row.segment,
        );
        for (const [segment, rows] of groups) {
          const covered = rows.reduce((sum, row) => sum + row.measures.coverage_80! * row.points, 0);
          const points = rows.reduce((sum, row) => sum + row.points, 0);
          expect(Math.abs(covered / points - 0.8), `${kind} ${segment}`).toBeLessThan(0.05);
        }
      }
    });
  },
);
