/** The rows of one scheme as a plain table, for a trainer elsewhere; and the trees of a model file, for a reader elsewhere. */
import { decodeArtifact } from "../artifact.ts";
import { buildPanel } from "../panel.ts";
import type { PanelRows } from "../panel-rows.ts";
import { featuresOf, startOf } from "./fitted-boosting.ts";
import type { RowScheme } from "./row-scheme.ts";
import { createRowStore } from "./row-store.ts";

export type MatrixScheme = RowScheme;

/** Columns of equal length; NaN is missing. */
export interface TrainingMatrix {
  rows: number;
  /** of the inputs */
  names: readonly string[];
  columns: readonly Float32Array[];
  /** days since 1970-01-01 of the target day */
  days: Int32Array;
  logSales: Float64Array;
  /** log sales of the store's usual day, and what the hierarchical ridge says; what trees may start from */
  usualDay: Float64Array;
  ridge: Float64Array;
}

/** @param maxStores with more stores than this, every k-th one, default all. Throws as `buildPanel` does. */
export async function trainingMatrix(
  rows: PanelRows,
  scheme: MatrixScheme,
  maxStores?: number,
): Promise<TrainingMatrix> {
  const panel = buildPanel(rows);
  const sets = await createRowStore(panel, featuresOf(scheme), [scheme], maxStores).rowsOf(panel);
  const { table, target, base, days } = sets.get(scheme)!;
  return {
    rows: table.rows,
    names: table.names,
    columns: table.columns,
    days: days.map((day) => panel.firstDay + day),
    logSales: target,
    usualDay: base,
    ridge: startOf("ridge", table, base),
  };
}

/** The sets of trees of a model file, each as CatBoost JSON; none when it has no boosted trees. Throws as `decodeArtifact`. */
export function treesOfArtifact(
  artifact: Uint8Array,
): { scheme: RowScheme; base: string; catboost: string }[] {
  const boosting = decodeArtifact(artifact).models.get("boosting");
  if (boosting === undefined) return [];
  return (boosting.parameters() as unknown as { parts: ReturnType<typeof treesOfArtifact> }).parts;
}
