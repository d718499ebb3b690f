import { beforeAll, describe, expect, it } from "vitest";
import { sampleChain } from "../test/sample-chain.ts";
import { encodeArtifact } from "./artifact.ts";
import { trainingMatrix } from "./boosting/training-matrix.ts";
import { ArtifactError } from "./errors.ts";
import { type BoosterDataset, ModelFileError, trainBooster, writeModel } from "./gbdt/index.ts";
import { readImportedModel } from "./imported-model.ts";
import { learn } from "./learn.ts";
import { allStores } from "./model.ts";
import { buildPanel } from "./panel.ts";
import { forecastPoints, type TrainedModel } from "./trained-model.ts";

const rows = sampleChain({ stores: 4, days: 400, noise: 0.05 });
const panel = buildPanel(rows);
const bytesOf = (text: string) => Buffer.from(text);

let serving: TrainedModel;
let matrix: Awaited<ReturnType<typeof trainingMatrix>>;
beforeAll(async () => {
  serving = (await learn(panel, { profile: "quick", seed: 1, origins: 2 })).trained;
  matrix = await trainingMatrix(rows, "stagger");
});

/** Trees on some inputs of the rows, in an order of their own, as another trainer would make them. */
async function trees(change: Partial<BoosterDataset> = {}, params: Parameters<typeof trainBooster>[1] = {}) {
  const names = ["promo", "weekday", "base364", "horizon", "level28"];
  const columns = names.map((name) => matrix.columns[matrix.names.indexOf(name)]);
  const dataset = { names, columns, target: matrix.logSales, ...change };
  return trainBooster(dataset, { iterations: 60, learningRate: 0.2, depth: 4, seed: 1, ...params });
}

describe("readImportedModel", () => {
  it("lets trees of another column order answer for 42 days; later days and intervals stay the serving model's", async () => {
    const { trained, kind, part } = readImportedModel(bytesOf(writeModel(await trees())), panel, serving);
    expect(kind).toBe("trees");
    expect(part).toEqual({ scheme: "stagger", base: "nothing" });
    expect(trained.intervals).toBe(serving.intervals);
    const mine = forecastPoints(trained, panel, allStores(panel), 180);
    const theirs = forecastPoints(serving, panel, allStores(panel), 180);
    let error = 0;
    let open = 0;
    mine.forEach((value, i) => {
      if (i % 180 >= 42) expect(value).toBe(theirs[i]);
      else if (theirs[i] === 0) expect(value).toBe(0);
      else {
        error += Math.abs(Math.log(value / theirs[i]));
        open++;
      }
    });
    expect(error / open).toBeLessThan(0.15);
  });

  it("takes what the trees forecast from the file when it says so, else from who imports it", async () => {
    const target = matrix.logSales.map((value, i) => value - matrix.usualDay[i]);
    const model = await trees({ target });
    const stated = writeModel(model, JSON.stringify({ scheme: "stagger", base: "usual_day" }));
    expect(readImportedModel(bytesOf(stated), panel, serving).part?.base).toBe("usual_day");
    const silent = bytesOf(writeModel(model));
    expect(readImportedModel(silent, panel, serving, { base: "usual_day" }).part?.base).toBe("usual_day");
    expect(() => readImportedModel(silent, panel, serving)).toThrow(/times the serving model's.*--target/);
  });

  it("reads a model file of ours back as it was, needing no model that serves", () => {
    const { trained, kind } = readImportedModel(encodeArtifact(serving), panel, null);
    expect(kind).toBe("model");
    expect(encodeArtifact(trained).equals(encodeArtifact(serving))).toBe(true);
  });

  it("refuses a model file of stores that the data source does not have", async () => {
    const others = { ...rows.stores, storeIds: rows.stores.storeIds.map((id) => id + 500) };
    const elsewhere = buildPanel({ ...rows, stores: others, storeIds: rows.storeIds.map((id) => id + 500) });
    const read = () => readImportedModel(encodeArtifact(serving), elsewhere, null);
    expect(read).toThrow(/trained on 4 stores .* none of which this data source has/);
  });

  it("refuses trees while no model serves, naming the command that makes one", async () => {
    const file = bytesOf(writeModel(await trees()));
    expect(() => readImportedModel(file, panel, null)).toThrow(/train a model first with "rossmann train"/);
  });

  it.each([
    [
      "inputs we do not compute",
      { names: ["promo", "weekday", "weather", "horizon", "level28"] },
      {},
      /1 inputs .*\(weather\)/,
    ],
    [
      "inputs without a name",
      { names: ["", "weekday", "base364", "horizon", "level28"] },
      {},
      /have no name|no name/,
    ],
    [
      "several outputs",
      {},
      { loss: { name: "MultiQuantile", alpha: [0.1, 0.9] } },
      /gives 2 numbers per row, expected 1/,
    ],
  ] as const)("refuses trees with %s", async (_what, change, params, reason) => {
    const read = async () =>
      readImportedModel(bytesOf(writeModel(await trees(change as object, params as object))), panel, serving);
    await expect(read()).rejects.toThrow(reason);
  });

  it("refuses a file that is cut, edited, of another kind, or trained for classes, saying which", async () => {
    const text = writeModel(await trees());
    const read = (content: string) => () => readImportedModel(bytesOf(content), panel, serving);
    expect(read(text.slice(0, text.length / 2))).toThrow(/not JSON: it seems to be cut off/);
    expect(read(text.replace('"leaf_values":[', '"leaf_values":[9,'))).toThrow(/edited or damaged/);
    expect(read("PK\u0003\u0004")).toThrow(/another kind of file/);
    expect(read("{}")).toThrow(ModelFileError);
    expect(read(encodeArtifact(serving).toString().slice(0, 500))).toThrow(/was cut/);
    const classes = JSON.parse(text);
    delete classes.model_info.rossmann_sha256;
    classes.model_info.params.loss_function.type = "Logloss";
    expect(read(JSON.stringify(classes))).toThrow(ArtifactError);
    expect(read(JSON.stringify(classes))).toThrow(/trained for Logloss; expected one of RMSE/);
  });
});
