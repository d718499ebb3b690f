import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draws } from "../../test/gbdt/draws.ts";
import { naivePredict, naiveSplits } from "../../test/gbdt/naive.ts";
import { lossCases, lossData } from "../../test/gbdt/oracle.ts";
import { columnBorders } from "./borders.ts";
import { type BoosterParams, type Loss, predictRaw, readModel, trainBooster, writeModel } from "./index.ts";

const quiet = { bootstrap: { type: "None" }, randomStrength: 0 } as const;

/** A small data set with missing values, a two-valued column, weights and a target that all columns have a part in. */
function sample(rows = 3000, seed = 9) {
  const draw = draws(seed);
  const columns = Array.from({ length: 6 }, () => Float32Array.from({ length: rows }, draw));
  columns[1] = columns[1].map((value) => (value < 0.1 ? Number.NaN : value));
  columns[2] = columns[2].map((value) => (value < 0.3 ? 1 : 0));
  const target = Float64Array.from({ length: rows }, (_, i) => {
    const missing = Number.isNaN(columns[1][i]) ? 1 : columns[1][i];
    return 3 + Math.sin(6 * columns[0][i]) + missing + columns[2][i] * columns[3][i] + 0.2 * draw();
  });
  const weight = Float64Array.from({ length: rows }, () => 0.5 + draw());
  return { columns, names: ["a", "b", "c", "d", "e", "f"], target, weight };
}

describe("trainBooster under each loss", () => {
  const official: Record<string, (parameter: string) => Partial<BoosterParams>> = {
    RMSE: () => ({ loss: { name: "RMSE" } }),
    MAE: () => ({ loss: { name: "MAE" } }),
    Quantile: (alpha) => ({ loss: { name: "Quantile", alpha: Number(alpha) } }),
    MultiQuantile: (alpha) => ({ loss: { name: "MultiQuantile", alpha: alpha.split(",").map(Number) } }),
    Poisson: () => ({ loss: { name: "Poisson" } }),
    Tweedie: (power) => ({ loss: { name: "Tweedie", power: Number(power) } }),
    gradient: () => ({ leafMethod: "Gradient", l2LeafReg: 10 }),
    // One tree: whether a late step still pays, the official library judges by a loss with an approximate exp.
    iterated: () => ({ loss: { name: "Poisson" }, leafIterations: 5, iterations: 1 }),
    monotone: () => ({ monotone: { f0: 1, f1: -1, f2: 1 } }),
  };
  const { weight, ...data } = lossData();
  const cases = lossCases().map((oracle) => ({
    ...oracle,
    title: `${oracle.loss}${oracle.isWeighted ? ", weighted" : ""}`,
  }));
  const setting = { ...quiet, iterations: 20, learningRate: 0.2, depth: 4, borderCount: 64 };
  const train = ({ loss, isWeighted }: { loss: string; isWeighted: boolean }) => {
    const [name, parameter = ""] = loss.split(":");
    const dataset = isWeighted ? { ...data, weight } : data;
    return trainBooster(dataset, { ...setting, ...official[name](parameter.split("=")[1]) });
  };

  test.each(cases.filter(({ loss }) => loss !== "monotone"))(
    "$title forecasts as the official library does",
    async (oracle) => {
      const model = await train(oracle);
      const raw = predictRaw(
        model,
        data.columns.map((column) => column.subarray(0, 40)),
      );
      // Exact leaves stand 1e-6 beside a value of the data; the official library rounds its starting value later than we do.
      for (const [i, value] of oracle.raw.flat().entries())
        expect(Math.abs(raw[i] - value)).toBeLessThan(2e-7);
      expect(model.bias).toEqual(oracle.bias);
    },
  );

  test("with monotone constraints the loss is within 1 % of the official one", async () => {
    const oracle = cases.find(({ loss }) => loss === "monotone") as (typeof cases)[number];
    const metric = (await train(oracle)).training?.learnMetric.at(-1) as number;
    expect(metric).toBeLessThan((oracle.metric.at(-1) as number) * 1.01);
  });

  const losses: Loss[] = [
    ...(["RMSE", "MAE", "MAPE", "Poisson", "RmspeLog"] as const).map((name) => ({ name })),
    { name: "Quantile", alpha: 0.1 },
    { name: "MultiQuantile", alpha: [0.1, 0.9] },
    { name: "Tweedie", power: 1.3 },
  ];

  test.each(losses)("$name falls from tree to tree, with weights, on two threads as on one", async (loss) => {
    const dataset = { ...data, weight };
    const params = { ...quiet, loss, iterations: 15, learningRate: 0.1, depth: 4 };
    const model = await trainBooster(dataset, params);
    const metric = model.training?.learnMetric as Float64Array;
    for (let tree = 1; tree < metric.length; tree++) expect(metric[tree]).toBeLessThan(metric[tree - 1]);
    expect(writeModel(await trainBooster(dataset, params, { threads: 2 }))).toBe(writeModel(model));
  });

  test("RmspeLog comes closer in relative error than RMSE of the logarithms", async () => {
    const draw = draws(77);
    const rows = 4000;
    const column = Float32Array.from({ length: rows }, draw);
    const target = Float64Array.from(column, (value) => 8 + value + 0.8 * (draw() + draw() + draw() - 1.5));
    const relativeError = async (loss: Loss) => {
      const raw = predictRaw(
        await trainBooster(
          { columns: [column], names: ["x"], target },
          { ...quiet, loss, iterations: 60, learningRate: 0.2, depth: 3 },
        ),
        [column],
      );
      return Math.sqrt(
        raw.reduce((sum, forecast, i) => sum + (Math.exp(forecast - target[i]) - 1) ** 2, 0) / rows,
      );
    };
    expect(await relativeError({ name: "RmspeLog" })).toBeLessThan(await relativeError({ name: "RMSE" }));
  });
});

describe("the model does not depend on the machine", () => {
  const data = sample();
  test.each<[string, Partial<BoosterParams>]>([
    ["no sampling", quiet],
    ["MVS with noise", { bootstrap: { type: "MVS", rate: 0.7 } }],
    ["Bernoulli and rsm", { bootstrap: { type: "Bernoulli", rate: 0.5 }, rsm: 0.5 }],
    [
      "L2, deep, MultiQuantile",
      { scoreFunction: "L2", depth: 9, loss: { name: "MultiQuantile", alpha: [0.2, 0.8] } },
    ],
  ])("%s: same bytes on 1, 2 and 3 threads, and without WebAssembly", async (_title, params) => {
    const bytes = async (options: object) =>
      writeModel(await trainBooster(data, { iterations: 6, seed: 3, ...params }, options));
    const first = await bytes({ threads: 1 });
    expect(await bytes({ threads: 2 })).toBe(first);
    expect(await bytes({ threads: 3 })).toBe(first);
    expect(await bytes({ threads: 1, kernels: "plain" })).toBe(first);
    expect(await bytes({ threads: 2, kernels: "plain" })).toBe(first);
  });

  test("another seed gives another model when rows are sampled", async () => {
    const [one, two] = await Promise.all([1, 2].map((seed) => trainBooster(data, { iterations: 5, seed })));
    expect(one.trees).not.toEqual(two.trees);
  });
});

describe("growing", () => {
  test("the leaf weights of every tree add up to the weight of all rows", async () => {
    const data = sample();
    const total = Float32Array.from(data.weight).reduce((sum, w) => sum + w, 0);
    for (const tree of (await trainBooster(data, { iterations: 8 })).trees)
      expect(tree.leafWeights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(total, 2);
  });

  test("a tree ends early when a split would tell nothing new", async () => {
    const columns = [Float32Array.from({ length: 40 }, (_, i) => i % 2)];
    const model = await trainBooster(
      { columns, names: ["x"], target: Float64Array.from(columns[0]) },
      { ...quiet, iterations: 3 },
    );
    expect(model.trees.map(({ splits }) => splits.length)).toEqual([1, 1, 1]);
  });

  test("a tree with more leaves than histograms fit into memory is the same tree", async () => {
    // 255 borders in 300 columns are some 1.2 MB a leaf: 256 MB hold seven levels. The copies of a split of the first column
    // always lose to it, so that four columns alone, whose histograms all fit, have to give the same tree.
    const draw = draws(4);
    const rows = 2500;
    const columns = Array.from({ length: 4 }, () => Float32Array.from({ length: rows }, draw));
    const target = Float64Array.from(
      { length: rows },
      (_, i) => columns[0][i] + columns[1][i] * columns[2][i] + draw(),
    );
    const median = columns[0].toSorted()[rows / 2];
    const copies = Array.from({ length: 296 }, () => columns[0].map((value) => (value > median ? 1 : 0)));
    const deepTree = async (all: Float32Array[], threads: number) => {
      const params = { ...quiet, iterations: 1, borderCount: 255, depth: 10 };
      return (
        await trainBooster({ columns: all, names: all.map((_, i) => `f${i}`), target }, params, { threads })
      ).trees[0];
    };
    const fitting = await deepTree(columns, 1);
    expect(await deepTree([...columns, ...copies], 2)).toEqual(fitting);
    expect(fitting.splits).toHaveLength(10);
  });

  test("a forecast never moves against a monotone constraint", async () => {
    const data = sample(2000);
    const monotone = { a: 1, d: -1 } as const;
    const model = await trainBooster(data, { iterations: 30, learningRate: 0.2, monotone });
    const draw = draws(12);
    for (let trial = 0; trial < 200; trial++) {
      const row = Array.from({ length: 6 }, draw);
      const steps = Array.from({ length: 20 }, (_, i) => i / 19);
      for (const [feature, direction] of [
        [0, 1],
        [3, -1],
      ]) {
        const columns = row.map((value, i) =>
          Float32Array.from(steps, (step) => (i === feature ? step : value)),
        );
        const raw = predictRaw(model, columns);
        for (let i = 1; i < raw.length; i++)
          expect((raw[i] - raw[i - 1]) * direction).toBeGreaterThanOrEqual(-1e-12);
      }
    }
  });
});

describe("stopping", () => {
  const { weight: _weight, ...data } = sample(600);
  const evalSet = sample(400, 10);

  test("early stopping keeps the trees up to the earliest best on the eval set", async () => {
    const params = { iterations: 400, learningRate: 0.3, earlyStoppingRounds: 15 };
    const model = await trainBooster({ ...data, evalSet }, params);
    const { bestIteration, evalMetric, stopped, iterations } = model.training as NonNullable<
      typeof model.training
    >;
    const best = evalMetric.indexOf(Math.min(...evalMetric));
    expect(stopped).toBe("early_stopping");
    expect(bestIteration).toBe(best);
    expect(iterations).toBe(best + 16);
    expect(model.trees).toHaveLength(best + 1);
    const raw = predictRaw(model, evalSet.columns);
    const total = evalSet.weight.reduce((sum, w) => sum + w, 0);
    const squares = raw.reduce(
      (sum, forecast, i) => sum + evalSet.weight[i] * (forecast - evalSet.target[i]) ** 2,
      0,
    );
    expect(Math.sqrt(squares / total)).toBeCloseTo(evalMetric[best], 5);
  });

  test("progress is told after every tree, with the time left", async () => {
    const told: number[] = [];
    await trainBooster(
      { ...data, evalSet },
      { iterations: 12 },
      {
        onProgress(progress) {
          told.push(progress.tree);
          expect(progress.trees).toBe(12);
          expect(progress.remainingMs).toBeCloseTo(
            (progress.elapsedMs / progress.tree) * (12 - progress.tree),
            6,
          );
          expect(progress.evalMetric).toBeGreaterThan(0);
        },
      },
    );
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test("a cancelled training rejects with training_cancelled, between two trees", async () => {
    const controller = new AbortController();
    const onProgress = ({ tree }: { tree: number }) => {
      if (tree === 3) controller.abort();
      expect(tree).toBeLessThanOrEqual(3);
    };
    for (const threads of [1, 2])
      await expect(
        trainBooster(data, { iterations: 1000 }, { signal: controller.signal, onProgress, threads }),
      ).rejects.toMatchObject({ code: "training_cancelled" });
  });
});

describe("bad input", () => {
  const { weight: _weight, ...data } = sample(50);
  const changed = (change: (copy: typeof data) => void) => {
    const copy = {
      ...data,
      columns: data.columns.map((c) => c.slice()),
      target: data.target.slice(),
      names: [...data.names],
    };
    change(copy);
    return copy;
  };

  test.each<
    [
      string,
      ReturnType<typeof changed> & { weight?: Float64Array; evalSet?: object },
      Partial<BoosterParams>,
      RegExp,
    ]
  >([
    [
      "a NaN target",
      changed(({ target }) => target.fill(Number.NaN, 7, 8)),
      {},
      /target of the training set is NaN at row 7/,
    ],
    ["an infinite target", changed(({ target }) => target.fill(-Infinity, 3, 4)), {}, /-Infinity at row 3/],
    [
      "a negative count",
      changed(({ target }) => target.fill(-2, 5, 6)),
      { loss: { name: "Poisson" } },
      /row 5 is negative.*got -2/,
    ],
    [
      "an infinite value",
      changed(({ columns }) => columns[4].fill(Infinity, 2, 3)),
      {},
      /column 'e' .* Infinity at row 2/,
    ],
    [
      "a forbidden NaN",
      data,
      { nanMode: "Forbidden" },
      /column 'b' .* missing at row \d+, and nanMode is Forbidden/,
    ],
    [
      "no rows",
      { columns: [new Float32Array(0)], names: ["x"], target: new Float64Array(0) },
      {},
      /has no rows/,
    ],
    [
      "columns of another length",
      changed((copy) => copy.columns.splice(2, 1, new Float32Array(49))),
      {},
      /50 targets but column 'c' has 49/,
    ],
    ["a name twice", changed(({ names }) => names.splice(0, 1, "b")), {}, /'b' twice/],
    ["names that do not fit", changed(({ names }) => names.pop()), {}, /5 names for 6 columns/],
    ["weights of 0", { ...data, weight: new Float64Array(50) }, {}, /all weights .* are 0/],
    ["a negative weight", { ...data, weight: new Float64Array(50).fill(-1) }, {}, /weight .* is -1 at row 0/],
    [
      "an eval set without a column",
      { ...data, evalSet: { columns: [], target: data.target } },
      {},
      /eval set must have the 6 columns/,
    ],
    ["a monotone stranger", data, { monotone: { zzz: 1 } }, /monotone names 'zzz'/],
    ["depth 17", data, { depth: 17 }, /depth must be a whole number from 0 to 16, got 17/],
    [
      "levels that cross",
      data,
      { loss: { name: "MultiQuantile", alpha: [0.9, 0.1] } },
      /must ascend, got 0.1 after 0.9/,
    ],
    [
      "Newton leaves of a quantile",
      data,
      { loss: { name: "MAE" }, leafMethod: "Newton" },
      /must be Exact or Gradient, got Newton/,
    ],
  ])("%s is refused with what was found and where", async (_title, dataset, params, message) => {
    await expect(trainBooster(dataset as typeof data, { iterations: 2, ...params })).rejects.toThrow(message);
    await expect(trainBooster(dataset as typeof data, { iterations: 2, ...params })).rejects.toMatchObject({
      code: "training_input",
    });
  });

  test("one row, a constant target and constant columns give a model that forecasts the target", async () => {
    for (const rows of [1, 30]) {
      const columns = [new Float32Array(rows).fill(4), new Float32Array(rows).fill(Number.NaN)];
      const model = await trainBooster(
        { columns, names: ["x", "y"], target: new Float64Array(rows).fill(2.5) },
        { iterations: 3 },
      );
      expect([...predictRaw(readModel(writeModel(model)), columns)]).toEqual(new Array(rows).fill(2.5));
    }
  });

  test("forecasts that run away are refused instead of saved", async () => {
    const params = { loss: { name: "Poisson" }, learningRate: 10, l2LeafReg: 0, iterations: 50 } as const;
    const target = data.target.map((y) => y * 1e6);
    await expect(trainBooster({ ...data, target }, params)).rejects.toThrow(
      /no longer finite under Poisson; lower learningRate/,
    );
  });
});

describe("any data set", () => {
  const cell = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -40, max: 40 }).map((n) => n / 8) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
    { weight: 1, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  );
  const dataset = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 4 }))
    .chain(([rows, features]) =>
      fc.record({
        columns: fc.array(fc.array(cell, { minLength: rows, maxLength: rows }), {
          minLength: features,
          maxLength: features,
        }),
        target: fc.array(fc.integer({ min: 0, max: 64 }), { minLength: rows, maxLength: rows }),
      }),
    );

  test("gives a finite model that its own predictor and the naive one agree on", async () => {
    const losses = fc.constantFrom<Loss>(
      { name: "RMSE" },
      { name: "MAE" },
      { name: "MultiQuantile", alpha: [0.2, 0.7] },
      { name: "Tweedie", power: 1.5 },
    );
    const params = fc.record({
      loss: losses,
      depth: fc.integer({ min: 0, max: 9 }),
      borderCount: fc.constantFrom(1, 3, 32, 255),
      nanMode: fc.constantFrom("Min" as const, "Max" as const),
      bootstrap: fc.constantFrom({ type: "None" } as const, { type: "Bernoulli", rate: 0.6 } as const),
      rsm: fc.constantFrom(0.4, 1),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(dataset, params, async ({ columns, target }, given) => {
        const data = {
          columns: columns.map((column) => Float32Array.from(column)),
          names: columns.map((_, i) => `f${i}`),
          target: Float64Array.from(target),
        };
        const json = writeModel(await trainBooster(data, { ...given, iterations: 4, learningRate: 0.3 }));
        const model = readModel(json);
        const raw = predictRaw(model, data.columns);
        for (let row = 0; row < target.length; row++) {
          const naive = naivePredict(
            json,
            data.columns.map((column) => column[row]),
          );
          for (const [output, value] of naive.entries()) {
            expect(Number.isFinite(value)).toBe(true);
            expect(raw[row * model.outputs + output]).toBe(value);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test("gives the splits that trying everything gives, where all sums are exact", async () => {
    const whole = fc.integer({ min: -20, max: 20 });
    const exact = fc
      .tuple(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 3 }))
      .chain(([rows, features]) =>
        fc.record({
          columns: fc.array(fc.array(whole, { minLength: rows, maxLength: rows }), {
            minLength: features,
            maxLength: features,
          }),
          target: fc.array(whole, { minLength: rows, maxLength: rows }),
          depth: fc.integer({ min: 1, max: 5 }),
          lambda: fc.constantFrom(0.5, 1, 3),
          score: fc.constantFrom("Cosine" as const, "L2" as const),
        }),
      );
    await fc.assert(
      fc.asyncProperty(exact, async ({ columns, target, depth, lambda, score }) => {
        const data = {
          columns: columns.map((column) => Float32Array.from(column)),
          names: columns.map((_, i) => `f${i}`),
          target: Float64Array.from(target),
        };
        const params = {
          ...quiet,
          iterations: 1,
          depth,
          l2LeafReg: lambda,
          scoreFunction: score,
          boostFromAverage: false,
        };
        const model = await trainBooster(data, params);
        const all = model.floatFeatures.flatMap(({ borders }, feature) =>
          [...borders].map((border) => ({ feature, border })),
        );
        const borders = data.columns.map((column) => [...columnBorders(column, 254, "Min", null).borders]);
        const rows = target.map((_, i) => columns.map((column) => column[i]));
        const expected = naiveSplits(rows, target, borders, { depth, lambda, score });
        expect(Array.from(model.trees[0].splits, (split) => all[split])).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
