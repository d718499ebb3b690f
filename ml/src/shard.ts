/**
 * One part of a panel, by itself: learned from and forecast without any database. What a cluster runs in each of its tasks, and
 * the same as a training and a prediction of a data source that holds just these rows.
 */

import { createBench } from "./answers/bench.ts";
import { type PredictedRows, predictRows } from "./answers/predict-rows.ts";
import { encodeArtifact } from "./artifact.ts";
import { DEFAULT_HORIZON, DEFAULT_ORIGINS, type Learned, type LearnProgress, learn } from "./learn.ts";
import type { TrainingProfile } from "./model.ts";
import { buildPanel, LONGEST_HORIZON, originOf, type Panel } from "./panel.ts";
import type { CalendarRows, PanelRows } from "./panel-rows.ts";

export interface ShardOptions {
  dataSourceId: number;
  profile: TrainingProfile;
  seed: number;
  onProgress?: (progress: LearnProgress) => void;
}

export interface Shard {
  learned: Learned;
  /** the model file, as the registry keeps it */
  artifact: Uint8Array;
  /** the known coming days, in their order; without any, nothing */
  days: Pick<CalendarRows, "storeIds" | "dayNumbers">;
  predicted: PredictedRows;
}

/** Learn from the rows and forecast their known coming days. Throws as {@link learn} does. */
export async function learnShard(rows: PanelRows, options: ShardOptions): Promise<Shard> {
  const panel = buildPanel(rows);
  const learning = { ...options, origins: DEFAULT_ORIGINS, horizon: DEFAULT_HORIZON };
  const learned = await learn(panel, learning);
  const days = comingDays(rows.future, panel);
  const bench = createBench(panel, learned.trained, 0);
  const predicted = predictRows(bench, options.dataSourceId, days);
  return { learned, artifact: encodeArtifact(learned.trained), days, predicted };
}

/** Rows of days that can be forecast: after the origin, at most the longest horizon ahead. */
function comingDays(future: CalendarRows, panel: Panel): CalendarRows {
  const origin = originOf(panel);
  const kept = Array.from(future.dayNumbers.keys()).filter((i) => {
    const ahead = future.dayNumbers[i] - origin;
    return ahead >= 1 && ahead <= LONGEST_HORIZON;
  });
  const ints = (values: Int32Array) => Int32Array.from(kept, (i) => values[i]);
  const bytes = (values: Uint8Array) => Uint8Array.from(kept, (i) => values[i]);
  return {
    storeIds: ints(future.storeIds),
    dayNumbers: ints(future.dayNumbers),
    open: bytes(future.open),
    promo: bytes(future.promo),
    schoolHoliday: bytes(future.schoolHoliday),
    stateHoliday: bytes(future.stateHoliday),
  };
}
