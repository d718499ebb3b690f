import type { Level } from "../../components/level-picker.tsx";
import type { ScenarioCompareBody } from "../../lib/api-types.ts";
import { hasSegment, type Segment, segmentBody } from "../common/segment.ts";
import { type Draft, draftNames, fromNamedScenario, toNamedScenario } from "./draft.ts";

export interface LabQuestion {
  mode: "store" | "segment";
  store: number | null;
  segment: Segment;
  horizon: number;
  level: Level;
  drafts: readonly Draft[];
  source: number | null;
}

/** What is asked of the API; null while it is not said of which stores. */
export function compareBody(question: LabQuestion): ScenarioCompareBody | null {
  const { mode, store, segment, horizon, level, drafts, source } = question;
  if (mode === "store" ? store === null : !hasSegment(segment)) return null;
  const names = draftNames(drafts);
  return {
    ...(mode === "store" ? { store_id: store } : { segment: segmentBody(segment) }),
    horizon_days: horizon,
    confidence_level: Number(level) / 100,
    data_source_id: source,
    scenarios: drafts.map((draft, i) => toNamedScenario(draft, names[i] ?? "Scenario")),
  };
}

/** What a saved comparison asked, as the page edits it; levels and days ahead that the page cannot show become the nearest. */
export function fromSaved(content: ScenarioCompareBody): Omit<LabQuestion, "source"> {
  const { segment } = content;
  const promo2 = segment?.promo2;
  const level = Math.round(Number(content.confidence_level ?? 0.8) * 100);
  return {
    mode: content.store_id == null ? "segment" : "store",
    store: content.store_id == null ? null : Number(content.store_id),
    segment: {
      type: segment?.store_type ?? "",
      assortment: segment?.assortment ?? "",
      promo2: promo2 == null ? null : Number(promo2) === 1 ? "1" : "0",
    },
    horizon: Number(content.horizon_days ?? 30),
    level: level >= 93 ? "95" : level >= 85 ? "90" : "80",
    drafts: content.scenarios.map(fromNamedScenario),
  };
}

/** Whether a saved comparison asks what the page asks. */
export function isSameQuestion(content: ScenarioCompareBody, question: LabQuestion): boolean {
  const saved = compareBody({ ...fromSaved(content), source: question.source });
  return JSON.stringify(saved) === JSON.stringify(compareBody(question));
}
