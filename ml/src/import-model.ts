/** The porter who carries a model in that was trained elsewhere: checked, registered as a version, serving nobody yet. */
import { createHash } from "node:crypto";
import { isoDate } from "@rossmann/core";
import {
  completeExperiment,
  type Db,
  loadModelVersion,
  modelVersionOf,
  readPanel,
  saveModelVersion,
  startExperiment,
} from "@rossmann/warehouse";
import { decodeArtifact, encodeArtifact } from "./artifact.ts";
import type { PartSettings } from "./boosting/fitted-boosting.ts";
import { type ImportedModel, readImportedModel } from "./imported-model.ts";
import type { JsonValue } from "./model.ts";
import { buildPanel, originOf } from "./panel.ts";

export interface ImportOptions {
  dataSourceId: number;
  bytes: Uint8Array;
  /** what the registry shall call the file, without its folder */
  fileName: string;
  /** what its trees forecast, when the file does not say so itself */
  part?: Partial<PartSettings>;
  /** last day its trees learned from, `YYYY-MM-DD`; default: the last day of the data source */
  trainedTo?: string;
}

export interface ImportResult {
  version: number;
  experimentId: string;
  modelType: string;
  kind: ImportedModel["kind"];
  trainedTo: string;
  /** what an imported model owes before it serves */
  gate: string;
}

const NOT_JUDGED = "imported: no backtest here has judged it; it serves when somebody promotes it";

/**
 * Register a model that was trained elsewhere. No alias points at it: the serving model stays.
 *
 * @throws {ArtifactError} {@link ModelFileError} when it cannot be used, {@link TrainingInProgressError} while a training
 *   of the same source works, and the warehouse's refusals; nothing is written then
 */
export async function importModel(db: Db, options: ImportOptions): Promise<ImportResult> {
  const { dataSourceId, bytes, fileName } = options;
  const champion = await modelVersionOf(db, dataSourceId, "champion");
  const serving =
    champion === null ? null : decodeArtifact((await loadModelVersion(db, dataSourceId, champion)).artifact);
  const panel = buildPanel(await readPanel(db, dataSourceId));
  const imported = readImportedModel(bytes, panel, serving, options.part);
  const { trained, kind, part } = imported;

  const trainedFrom = isoDate(trained.trainedFrom);
  const trainedTo =
    kind === "model" ? isoDate(trained.trainedTo) : (options.trainedTo ?? isoDate(originOf(panel)));
  const modelType = trained.parts[0].name;
  const source = {
    profile: "imported",
    file: fileName,
    file_sha256: createHash("sha256").update(bytes).digest("hex"),
    kind,
    ...(part && { scheme: part.scheme, target: part.base, intervals_of_version: champion }),
  };
  const importance = trained.models.get("boosting")?.importance?.() ?? [];
  const metadata: Record<string, JsonValue> = {
    selected_model: modelType,
    metrics: {},
    catboost_candidates: [],
    catboost_selected_params: null,
    target_transform: "log",
    prediction_floor: 0,
    prediction_cap: null,
    prediction_interval_sigma: null,
    top_feature_importance: importance.slice(0, 20),
    feature_columns: importance.map((each) => each.feature),
    train_period: { date_from: trainedFrom, date_to: trainedTo },
    validation_period: null,
    trained_to: trainedTo,
    imported: source,
    gate: NOT_JUDGED,
  };
  return db.transaction().execute(async (trx) => {
    const experimentId = await startExperiment(trx, { dataSourceId, hyperparameters: source });
    await completeExperiment(trx, experimentId, {
      modelType,
      hyperparameters: { ...source, gate: NOT_JUDGED },
      trainPeriodStart: trainedFrom,
      trainPeriodEnd: trainedTo,
    });
    const { version } = await saveModelVersion(trx, {
      dataSourceId,
      experimentId,
      modelType,
      trainedTo,
      artifact: encodeArtifact(trained),
      metadata,
    });
    return { version, experimentId, modelType, kind, trainedTo, gate: NOT_JUDGED };
  });
}
