import { beforeAll, describe, expect, test } from "vitest";
import { draws } from "../../test/gbdt/draws.ts";
import { oracleText } from "../../test/gbdt/oracle.ts";
import {
  columnsByName,
  ModelColumnsError,
  ModelFileError,
  type ObliviousModel,
  predictionValuesChange,
  predictRaw,
  readModel,
  shapValues,
  trainBooster,
  writeModel,
} from "./index.ts";

/** One float feature, one split; small enough to check by hand. */
const minimal = () => ({
  features_info: {
    float_features: [
      {
        borders: [1.5],
        feature_id: "x",
        feature_index: 0,
        flat_feature_index: 0,
        has_nans: false,
        nan_value_treatment: "AsIs",
      },
    ],
  },
  model_info: {},
  oblivious_trees: [
    {
      leaf_values: [-2, 3],
      leaf_weights: [10, 20],
      splits: [{ border: 1.5, float_feature_index: 0, split_index: 0, split_type: "FloatFeature" }],
    },
  ],
  scale_and_bias: [1, [100]],
});
type File = ReturnType<typeof minimal>;

describe("the smallest valid file", () => {
  const model = readModel(JSON.stringify(minimal()));
  const columns = [Float32Array.from([1, 1.5, 2])];

  test("predicts 98, 98 (not greater) and 103", () => {
    expect([...predictRaw(model, columns)]).toEqual([98, 98, 103]);
  });

  test("explains x = 2 as 5/3 above the base 304/3", () => {
    const { values, base } = shapValues(model, columns);
    expect(values[2]).toBeCloseTo(5 / 3, 12);
    expect(base[0]).toBeCloseTo(304 / 3, 12);
  });

  test("gives its only feature all importance", () => {
    expect(predictionValuesChange(model)[0]).toBeCloseTo(100, 9);
  });
});

describe("a file of ours", () => {
  let model: ObliviousModel;
  let json: string;
  beforeAll(async () => {
    const draw = draws(31);
    const columns = Array.from({ length: 3 }, () => Float32Array.from({ length: 500 }, draw));
    const target = Float64Array.from(columns[0], (value, i) => value + columns[1][i] ** 2);
    model = await trainBooster({ columns, names: ["price", "promo", "öl"], target }, { iterations: 10 });
    json = writeModel(model, JSON.stringify({ origin: "2015-06-19" }));
  });

  test("comes back as it went, metadata included, and is written to the same bytes again", () => {
    const again = readModel(json, { needsChecksum: true });
    const { training: _training, ...stored } = model;
    expect(again).toEqual({ ...stored, metadata: '{"origin":"2015-06-19"}' });
    expect(writeModel(again)).toBe(json);
  });

  test("lists only borders that a tree uses, and its split indexes cover exactly those", () => {
    const used = new Set(model.trees.flatMap(({ splits }) => [...splits]));
    const listed = model.floatFeatures.reduce((sum, { borders }) => sum + borders.length, 0);
    expect([...used].sort((a, b) => a - b)).toEqual([...Array(listed).keys()]);
  });

  test("is refused when a single digit was changed", () => {
    const at = json.indexOf('"leaf_values":[') + 20;
    const digit = json[at] === "7" ? "8" : "7";
    expect(() => readModel(json.slice(0, at) + digit + json.slice(at + 1))).toThrow(
      /edited or damaged|must be|not JSON/,
    );
    const weights = json.replace(/"leaf_weights":\[\d+/, '"leaf_weights":[3');
    expect(() => readModel(weights)).toThrow(/checksum does not fit/);
  });

  test("is refused wherever it was cut", () => {
    for (let length = 0; length < json.length; length += Math.ceil(json.length / 60))
      expect(() => readModel(json.slice(0, length))).toThrow(ModelFileError);
  });

  test("without its checksum it is refused where one is needed", () => {
    const file = JSON.parse(json);
    delete file.model_info.rossmann_sha256;
    expect(() => readModel(JSON.stringify(file), { needsChecksum: true })).toThrow(/no checksum of ours/);
    expect(readModel(JSON.stringify(file)).trees).toEqual(model.trees);
  });

  test("predicts the same when its columns are asked for by name, in whatever order they come", () => {
    const [price, promo, oil] = [
      [0.1, 0.9],
      [0.5, 0.2],
      [0.3, 0.3],
    ].map((values) => Float32Array.from(values));
    const expected = predictRaw(model, [price, promo, oil]);
    expect(predictRaw(model, columnsByName(model, { öl: oil, extra: oil, promo, price }))).toEqual(expected);
  });

  test("refuses columns that are missing, superfluous, of another length or kind", () => {
    const column = new Float32Array(2);
    expect(() => columnsByName(model, { price: column, promo: column })).toThrow(/needs column 'öl'/);
    expect(() => predictRaw(model, [column, column])).toThrow(/number 2, 'öl', is missing/);
    expect(() => predictRaw(model, [column, column, column, column])).toThrow(/knows 3 columns, got 4/);
    expect(() => predictRaw(model, [column, new Float32Array(3), column])).toThrow(/'promo' has 3 rows/);
    expect(() => predictRaw(model, [["a", "b"], column, column])).toThrow(/'price' must hold numbers/);
    expect(() => predictRaw(model, [column, column, column], new Float64Array(5))).toThrow(ModelColumnsError);
  });
});

describe("a foreign or edited file is refused with the reason", () => {
  const float = (file: File) => file.features_info.float_features[0];
  const tree = (file: File) => file.oblivious_trees[0];
  test.each<[string, (file: File) => unknown, RegExp]>([
    ["no trees", (file) => Reflect.deleteProperty(file, "oblivious_trees"), /'oblivious_trees' is missing/],
    [
      "other trees",
      (file) => {
        Reflect.deleteProperty(file, "oblivious_trees");
        Reflect.set(file, "trees", []);
      },
      /not symmetric/,
    ],
    [
      "borders out of order",
      (file) => {
        float(file).borders = [2, 1.5];
      },
      /borders is out of order: 1.5 follows 2/,
    ],
    [
      "a border twice",
      (file) => {
        float(file).borders = [1.5, 1.5];
      },
      /out of order/,
    ],
    [
      "a border that is a text",
      (file) => {
        Reflect.set(float(file), "borders", ["1.5"]);
      },
      /borders\[0\] must be a number, got "1.5"/,
    ],
    [
      "a split index beyond the borders",
      (file) => {
        tree(file).splits[0].split_index = 1;
      },
      /split_index must be a whole number from 0 to 0, got 1/,
    ],
    [
      "a split that says something else",
      (file) => {
        tree(file).splits[0].border = 9;
      },
      /border is 9, but split_index 0 means 1.5/,
    ],
    [
      "a leaf too few",
      (file) => {
        tree(file).leaf_values.pop();
      },
      /leaf_values must have 2 numbers .* got 1/,
    ],
    [
      "a leaf that is no number",
      (file) => {
        Reflect.set(tree(file).leaf_values, 1, null);
      },
      /leaf_values\[1\] must be a number, got null/,
    ],
    [
      "weights too many",
      (file) => {
        tree(file).leaf_weights.push(1);
      },
      /leaf_weights must have 2 numbers, got 3/,
    ],
    [
      "a negative weight",
      (file) => {
        tree(file).leaf_weights[0] = -1;
      },
      /must not be negative/,
    ],
    [
      "two features in one column",
      (file) => {
        file.features_info.float_features.push({ ...float(file), feature_index: 1 });
      },
      /two features claim column 0/,
    ],
    [
      "a feature out of place",
      (file) => {
        float(file).feature_index = 3;
      },
      /feature_index must be 0, its place/,
    ],
    [
      "no bias",
      (file) => {
        file.scale_and_bias = [1, []];
      },
      /one number per output, got none/,
    ],
    [
      "an unknown treatment of missing values",
      (file) => {
        float(file).nan_value_treatment = "AsMean";
      },
      /got 'AsMean'/,
    ],
  ])("%s", (_title, change, reason) => {
    const file = minimal();
    change(file);
    expect(() => readModel(JSON.stringify(file))).toThrow(ModelFileError);
    expect(() => readModel(JSON.stringify(file))).toThrow(reason);
  });

  test("something that is no JSON, or no object", () => {
    expect(() => readModel("PK\u0003\u0004")).toThrow(/another kind of file/);
    expect(() => readModel('{"features_info":{"flo')).toThrow(/seems to be cut off/);
    expect(() => readModel("[]")).toThrow(/file must be an object/);
    expect(() => readModel("{}")).toThrow(/not a CatBoost JSON model/);
  });

  test("target statistics whose table is missing", () => {
    const file = JSON.parse(oracleText("ctr.model"));
    delete file.ctr_data;
    expect(() => readModel(JSON.stringify(file))).toThrow(/ctr_data has no table/);
  });

  test("a model without leaf weights predicts, but is not explained", () => {
    const file = minimal();
    Reflect.deleteProperty(file.oblivious_trees[0], "leaf_weights");
    const model = readModel(JSON.stringify(file));
    expect([...predictRaw(model, [Float32Array.of(2)])]).toEqual([103]);
    expect(() => shapValues(model, [Float32Array.of(2)])).toThrow(/no leaf weights/);
    expect(() => predictionValuesChange(model)).toThrow(/no leaf weights/);
  });
});
