import { describe, expect, test } from "vitest";
import {
  MODEL_CASES,
  modelCase,
  oracleText,
  TRAINING_CASES,
  trainingOracle,
} from "../../test/gbdt/oracle.ts";
import { binFeatures } from "./binning.ts";
import {
  predictionValuesChange,
  predictRaw,
  readModel,
  shapValues,
  trainBooster,
  writeModel,
} from "./index.ts";
import { completeParams } from "./params.ts";

describe.each(MODEL_CASES)("the official model %s", (name) => {
  const model = readModel(oracleText(`${name}.model`));
  const oracle = modelCase(name);

  test("predictRaw gives the official forecasts within 1e-9", () => {
    const raw = predictRaw(model, oracle.columns);
    expect(worstDifference([...raw], oracle.raw.flat())).toBeLessThan(1e-9);
  });

  test("shapValues gives the official contributions and base within 1e-6", () => {
    const { values, base, columns, outputs } = shapValues(model, oracle.columns);
    const ours = oracle.shap.map((byOutput, row) =>
      byOutput.map((_, output) => {
        const at = (row * outputs + output) * columns;
        return [...values.subarray(at, at + columns), base[output]];
      }),
    );
    expect(worstDifference(ours.flat(2), oracle.shap.flat(2))).toBeLessThan(1e-6);
  });

  test("predictionValuesChange gives the official importance within 1e-6", () => {
    expect(worstDifference([...predictionValuesChange(model)], oracle.importance)).toBeLessThan(1e-6);
  });

  test("written again it predicts the same", () => {
    const again = readModel(writeModel(model, "a note"));
    expect(again.metadata).toBe("a note");
    expect(predictRaw(again, oracle.columns)).toEqual(predictRaw(model, oracle.columns));
  });
});

describe.each(Object.keys(TRAINING_CASES))(
  "training on the data set %s without sampling and noise",
  (name) => {
    const data = TRAINING_CASES[name]();
    const oracle = trainingOracle(name);
    const { score_function: scoreFunction, depth, border_count: borderCount } = oracle.params;
    const params = {
      scoreFunction,
      depth,
      borderCount,
      iterations: 100,
      learningRate: 0.1,
      bootstrap: { type: "None" },
      randomStrength: 0,
    } as const;

    test("every border is the official one", () => {
      // The official file of borders keeps nine digits.
      const features = binFeatures(data.columns, data.target.length, completeParams(params));
      for (const { column, borders } of features) {
        const official = oracle.borders[column] ?? [];
        expect(borders.length).toBe(official.length);
        for (const [i, border] of official.entries()) expect(borders[i]).toBeCloseTo(border, 5);
      }
    });

    test("the splits of the first 50 trees are the official ones, and the final RMSE within 0.2 %", async () => {
      const names = data.columns.map((_, i) => `f${i}`);
      const model = await trainBooster({ ...data, names }, params);
      const bySplit = model.floatFeatures.flatMap(({ borders }, feature) =>
        [...borders].map((b) => [feature, b]),
      );
      const splits = model.trees
        .slice(0, 50)
        .map((tree) => Array.from(tree.splits, (split) => bySplit[split]));
      expect(splits).toEqual(oracle.splits);
      const rmse = model.training?.learnMetric.at(-1) as number;
      expect(Math.abs(rmse / oracle.rmse - 1)).toBeLessThan(0.002);
    });
  },
);

function worstDifference(ours: readonly number[], theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return ours.reduce((worst, value, i) => Math.max(worst, Math.abs(value - theirs[i])), 0);
}
