import type { StoreFailure as Failure, ForecastStamp } from "@rossmann/ml";
import type { StoreFailure } from "../schemas/planning-values.ts";

/** A model that came from a file has no number in the registry. */
export const versionOf = (stamp: { modelVersion: number }) =>
  stamp.modelVersion === 0 ? null : stamp.modelVersion;

export const stampAnswer = (runId: string, stamp: ForecastStamp) => ({
  run_id: runId,
  origin: stamp.origin,
  model_version: versionOf(stamp),
  model_type: stamp.modelType,
});

export const failureAnswer = ({ storeId, code, detail }: Failure): StoreFailure => ({
  store_id: storeId,
  code,
  detail,
});
