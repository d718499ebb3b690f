import { createRandom } from "@rossmann/core";
import { describe, expect, it } from "vitest";
import { trainBooster } from "./booster.ts";
import { groupedShap } from "./grouped-shap.ts";
import { leafShapley } from "./leaf-shapley.ts";
import { columnCount } from "./model.ts";
import { predictRaw } from "./predictor.ts";
import { shapValues } from "./shap.ts";

const COLUMNS = 5;
const ROWS = 400;
const random = createRandom(7);
const columns = Array.from({ length: COLUMNS }, () =>
  Float32Array.from({ length: ROWS }, () => random.normal()),
);
const target = Float64Array.from(
  { length: ROWS },
  (_, i) => columns[0][i] + columns[1][i] * columns[2][i] + (columns[3][i] > 0.5 ? 2 : 0),
);
const names = columns.map((_, k) => `c${k}`);

describe("groupedShap", () => {
  it("of single columns is what TreeSHAP says, for shallow trees and for deep ones", async () => {
    for (const depth of [1, 4, 6, 9]) {
      const model = await trainBooster({ columns, names, target }, { iterations: 12, depth, seed: 1 });
      const width = columnCount(model);
      const own = names.slice(0, width).map((_, k) => k);
      const { values, base } = groupedShap(model, own, width)(columns.slice(0, width));
      const expected = shapValues(model, columns.slice(0, width));
      expect(base).toBeCloseTo(expected.base[0], 10);
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected.values[i], 9);
    }
  });

  it("adds up to the forecast, whatever the groups", async () => {
    const model = await trainBooster({ columns, names, target }, { iterations: 30, depth: 6, seed: 2 });
    const given = columns.slice(0, columnCount(model));
    const { values, base } = groupedShap(model, [0, 1, 1, 0, 1].slice(0, given.length), 2)(given);
    predictRaw(model, given).forEach((raw, row) => {
      expect(base + values[2 * row] + values[2 * row + 1]).toBeCloseTo(raw, 9);
    });
  });
});

describe("leafShapley", () => {
  it("of one split is the distance to the weighted mean: weights 10 and 20, values -2 and 3", () => {
    const { values, mean } = leafShapley(
      {
        splits: Int32Array.of(0),
        leafValues: Float64Array.of(-2, 3),
        leafWeights: Float64Array.of(10, 20),
      },
      [0],
      1,
    );
    expect(mean).toBeCloseTo(4 / 3, 12);
    expect(Array.from(values)).toEqual([expect.closeTo(-10 / 3, 12), expect.closeTo(5 / 3, 12)]);
  });

  it("still adds up where no training row ever went", () => {
    const tree = {
      splits: Int32Array.of(0, 1),
      leafValues: Float64Array.of(1, 2, 3, 7),
      leafWeights: Float64Array.of(5, 0, 5, 0),
    };
    const { values, mean } = leafShapley(tree, [0, 1], 2);
    for (const [leaf, value] of tree.leafValues.entries()) {
      expect(mean + values[2 * leaf] + values[2 * leaf + 1]).toBeCloseTo(value, 12);
    }
  });
});
