/**
 * A model that comes in from outside: a model file of ours, or one set of trees in CatBoost's JSON format, ours or official
 * CatBoost's. Trees forecast one stretch of days alone; the days they do not reach, the intervals and the joint errors are
 * those of the model that serves.
 */
import { decodeArtifact, isModelFile } from "./artifact.ts";
import {
  boostingParts,
  featuresOf,
  fittedBoosting,
  isPart,
  type Part,
  type PartSettings,
} from "./boosting/fitted-boosting.ts";
import { FAR, ROW_HORIZON, reachOf } from "./boosting/row-scheme.ts";
import { ArtifactError } from "./errors.ts";
import { columnNames } from "./features/feature-table.ts";
import { type ObliviousModel, readModel } from "./gbdt/index.ts";
import { medianInPlace } from "./median.ts";
import { allStores } from "./model.ts";
import { LONGEST_HORIZON, type Panel } from "./panel.ts";
import { forecastPoints, type HorizonPart, type TrainedModel } from "./trained-model.ts";

export interface ImportedModel {
  trained: TrainedModel;
  kind: "model" | "trees";
  /** what the trees forecast and from what; null for a whole model */
  part: PartSettings | null;
}

/** Losses whose raw forecast is on the scale of the target, or its logarithm. */
const USABLE_LOSSES = [
  "RMSE",
  "MAE",
  "Quantile",
  "MAPE",
  "Huber",
  "Expectile",
  "LogCosh",
  "Lq",
  "Poisson",
  "Tweedie",
];
/** A forecast that is so many times the serving one, or so small a part of it, in the median is another quantity. */
const LARGEST_RATIO = 2;

/**
 * Read a model that was trained elsewhere and check that it can forecast this panel.
 *
 * @param serving the model that serves; trees need it, a whole model does not
 * @param given   what the trees forecast, for files that do not say so themselves
 * @throws {ArtifactError} {@link ModelFileError} naming what cannot be used and what to do
 */
export function readImportedModel(
  bytes: Uint8Array,
  panel: Panel,
  serving: TrainedModel | null,
  given: Partial<PartSettings> = {},
): ImportedModel {
  const imported = isModelFile(bytes)
    ? { trained: decodeArtifact(bytes), kind: "model" as const, part: null }
    : importedTrees(Buffer.from(bytes).toString("utf8"), serving, given);
  requireKnownStores(imported.trained, panel);
  requirePlausible(imported, panel, serving);
  return imported;
}

function importedTrees(
  text: string,
  serving: TrainedModel | null,
  given: Partial<PartSettings>,
): ImportedModel {
  const model = withoutIdleInputs(readModel(text));
  if (serving === null) {
    throw new ArtifactError(
      'trees alone have no intervals and do not reach every day; train a model first with "rossmann train", it lends them',
    );
  }
  const own = statedPart(model);
  const part = {
    scheme: given.scheme ?? own?.scheme ?? "stagger",
    base: given.base ?? own?.base ?? "nothing",
  };
  const names = columnNames(featuresOf(part.scheme));
  requireUsable(model, names);
  return { trained: combine({ ...part, model: reordered(model, names) }, serving), kind: "trees", part };
}

/** Official files may list inputs that no tree asks about. */
const withoutIdleInputs = (model: ObliviousModel): ObliviousModel => ({
  ...model,
  floatFeatures: model.floatFeatures.filter((feature) => feature.borders.length > 0),
});

/** What a file of ours says of itself. */
function statedPart(model: ObliviousModel): PartSettings | null {
  try {
    const stated: unknown = JSON.parse(model.metadata);
    return isPart(stated) ? stated : null;
  } catch {
    return null;
  }
}

function requireUsable(model: ObliviousModel, names: readonly string[]): void {
  if (model.outputs !== 1) {
    throw new ArtifactError(
      `it gives ${model.outputs} numbers per row, expected 1; import a model of one output`,
    );
  }
  const categories = model.categoricalFeatures.map((feature) => feature.name || String(feature.flatIndex));
  if (categories.length > 0) {
    throw new ArtifactError(
      `it reads ${categories.slice(0, 5).join(", ")} as categories; every input of ours is a number, train it with numbers`,
    );
  }
  const unnamed = model.floatFeatures.filter((feature) => feature.name === "").length;
  if (unnamed > 0) {
    throw new ArtifactError(
      `${unnamed} of its inputs have no name (feature_id); train it on a table whose columns are named`,
    );
  }
  const unknown = model.floatFeatures.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  if (unknown.length > 0) {
    const shown = unknown.slice(0, 5).join(", ") + (unknown.length > 5 ? ", …" : "");
    throw new ArtifactError(
      `it reads ${unknown.length} inputs that this version does not compute (${shown}); "rossmann model rows" writes those that it does`,
    );
  }
  const loss = (model.info.params as { loss_function?: { type?: unknown } } | undefined)?.loss_function?.type;
  if (loss !== undefined && !USABLE_LOSSES.includes(loss as string)) {
    throw new ArtifactError(
      `it was trained for ${String(loss)}; expected one of ${USABLE_LOSSES.join(", ")}`,
    );
  }
}

/** The same trees reading the columns of our table, whatever their order was where they were trained. */
const reordered = (model: ObliviousModel, names: readonly string[]): ObliviousModel => ({
  ...model,
  floatFeatures: model.floatFeatures.map((feature) => ({
    ...feature,
    flatIndex: names.indexOf(feature.name),
  })),
});

function combine(part: Part, serving: TrainedModel): TrainedModel {
  const trees = serving.models.get("boosting");
  const lent = trees === undefined ? [] : boostingParts(trees.parameters());
  const reach = reachOf(part.scheme);
  const others = lent.filter((each) => reachOf(each.scheme) !== reach);
  const answer = { to: reach.to, name: "boosting", members: [{ name: "boosting", weight: 1 }] } as const;
  const near = serving.parts
    .filter((_, k) => k === 0 || serving.parts[k - 1].to < ROW_HORIZON)
    .map((each): HorizonPart => ({ ...each, to: Math.min(each.to, ROW_HORIZON) }));
  const far = serving.parts.filter((each) => each.to > ROW_HORIZON);
  const models = new Map(serving.models);
  models.set("boosting", fittedBoosting([part, ...others]));
  return { ...serving, models, parts: reach === FAR ? [...near, answer] : [answer, ...far] };
}

function requireKnownStores(trained: TrainedModel, panel: Panel): void {
  const known = new Set(panel.storeIds);
  if (trained.storeIds.some((id) => known.has(id))) return;
  const [first] = trained.storeIds;
  throw new ArtifactError(
    `it was trained on ${trained.storeIds.length} stores (${first}, …), none of which this data source has`,
  );
}

/** A model of another target (sales instead of their logarithm, say) forecasts, but nonsense. */
function requirePlausible(
  { trained, part }: ImportedModel,
  panel: Panel,
  serving: TrainedModel | null,
): void {
  const days = part === null ? { from: 1, to: LONGEST_HORIZON } : reachOf(part.scheme);
  const points = forecastPoints(trained, panel, allStores(panel), days.to);
  if (!points.every((value) => Number.isFinite(value) && value >= 0)) {
    throw new ArtifactError("it forecasts sales that are no finite number for stores of this data source");
  }
  if (serving === null) return;
  const usual = forecastPoints(serving, panel, allStores(panel), days.to);
  const ratios = [...points]
    .map((point, i) => point / usual[i])
    .filter((ratio, i) => (i % days.to) + 1 >= days.from && Number.isFinite(ratio));
  const ratio = medianInPlace(Float64Array.from(ratios), ratios.length);
  if (ratio > LARGEST_RATIO || ratio < 1 / LARGEST_RATIO) {
    throw new ArtifactError(
      `its forecasts are ${ratio.toPrecision(3)} times the serving model's in the median: it forecasts another quantity; say which with --target`,
    );
  }
}
