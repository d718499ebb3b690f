import { useQueryStates } from "nuqs";
import { useCallback, useEffect, useMemo } from "react";
import type { SavedScenario, ScenarioCompareBody, Store } from "../../lib/api-types.ts";
import { useSharedFilters } from "../../lib/shared-filters.ts";
import { useSavedScenario } from "./api/saved-scenarios.ts";
import { type Draft, FIRST } from "./draft.ts";
import { compareBody, fromSaved, isSameQuestion, type LabQuestion } from "./lab-body.ts";
import { labParams } from "./params.ts";

/** What the page asks, from the address; and the ways to ask something else. */
export function useLab(stores: readonly Store[] | undefined, hasModel: boolean) {
  const { filters, setFilters } = useSharedFilters();
  const [lab, setLab] = useQueryStates(labParams);
  const { source } = filters;
  const known = stores?.some((store) => store.store_id === filters.store) ?? true;
  const store = filters.store !== null && known ? filters.store : (stores?.[0]?.store_id ?? null);

  const saved = useSavedScenario(lab.saved);
  const hasDrafts = lab.s1 !== null || lab.s2 !== null || lab.s3 !== null;
  const drafts = useMemo(() => {
    const found = [lab.s1, lab.s2, lab.s3].filter((draft) => draft !== null);
    return found.length === 0 ? [FIRST] : found;
  }, [lab.s1, lab.s2, lab.s3]);
  const shown = Math.min(lab.show, drafts.length) - 1;

  // A share link holds the id alone; what was saved is put into the address, where it can be changed.
  const mustUnfold = lab.saved !== null && !hasDrafts;
  useEffect(() => {
    if (!mustUnfold || saved.data === undefined) return;
    const question = fromSaved(saved.data.content);
    const [s1, s2, s3] = question.drafts;
    void setLab(
      {
        mode: question.mode,
        ...question.segment,
        horizon: question.horizon,
        level: question.level,
        s1: s1 ?? null,
        s2: s2 ?? null,
        s3: s3 ?? null,
      },
      { history: "replace" },
    );
    void setFilters({ store: question.store }, { history: "replace" });
  }, [mustUnfold, saved.data, setLab, setFilters]);

  const question = useMemo<LabQuestion>(
    () => ({
      mode: lab.mode,
      store,
      segment: { type: lab.type, assortment: lab.assortment, promo2: lab.promo2 },
      horizon: lab.horizon,
      level: lab.level,
      drafts,
      source,
    }),
    [lab.mode, store, lab.type, lab.assortment, lab.promo2, lab.horizon, lab.level, drafts, source],
  );
  const isReady = hasModel && stores !== undefined && !(mustUnfold && saved.isPending);
  const body = useMemo<ScenarioCompareBody | null>(
    () => (isReady ? compareBody(question) : null),
    [isReady, question],
  );

  const setDrafts = useCallback(
    (next: readonly Draft[], show?: number) => {
      const [s1, s2, s3] = next;
      void setLab({
        s1: s1 ?? null,
        s2: s2 ?? null,
        s3: s3 ?? null,
        ...(show === undefined ? {} : { show: show + 1 }),
      });
    },
    [setLab],
  );
  const open: SavedScenario | null = lab.saved === null ? null : (saved.data ?? null);
  return {
    lab,
    setLab,
    setFilters,
    source,
    question,
    body,
    drafts,
    setDrafts,
    shown,
    /** The saved comparison that is open. */
    open,
    openError: lab.saved === null ? null : saved.error,
    isChanged: open !== null && !mustUnfold && !isSameQuestion(open.content, question),
  };
}
