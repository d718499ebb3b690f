import type { ModelVersionItem } from "../../lib/api-types.ts";
import { day, percent, percentWhole } from "../../lib/format.ts";
import { modelName } from "../../lib/model-name.ts";
import { type ModelScore, NAIVE } from "./leaderboard.ts";

/** What serves and how good it is, in one sentence; says only what was measured. */
export function servingAnswer(champion: ModelVersionItem | null, scores: readonly ModelScore[]): string {
  if (champion === null) return "No model serves yet: train one, and its test results will stand here.";
  const who = `The ${modelName(champion.model_type)} serves (version ${champion.version}, learned to ${day(champion.trained_to)})`;
  const own = scores.find((score) => score.model === champion.model_type);
  if (own?.wape == null) return `${who}.`;
  const naive = scores.find((score) => score.model === NAIVE)?.wape ?? null;
  const against =
    naive === null || champion.model_type === NAIVE
      ? ""
      : own.wape < naive
        ? `, ${percentWhole(1 - own.wape / naive)} less than the naive rule`
        : ", no better than the naive rule";
  return `${who}; on days it had not seen it was off by ${percent(own.wape)} of sales${against}.`;
}
