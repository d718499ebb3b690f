import { Button } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { ChartState } from "../../../charts/chart.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { Panel } from "../../../components/panel.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import { Working } from "../../../components/working.tsx";
import type { ScenarioPoint, SystemSummary } from "../../../lib/api-types.ts";
import { download } from "../../../lib/download.ts";
import { percentWhole, plural } from "../../../lib/format.ts";
import { useSharedFilters } from "../../../lib/shared-filters.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { useKnownFuture } from "../../common/api/known-future.ts";
import { useStores } from "../../common/api/stores.ts";
import { NoModel } from "../../common/no-model.tsx";
import { segmentProblems, segmentWords, storesOf } from "../../common/segment.ts";
import { unknownStoreProblem } from "../../common/unknown-store.ts";
import { comparison, useComparison } from "../api/compare.ts";
import { draftName } from "../draft.ts";
import { labParams } from "../params.ts";
import { scenarioCsv } from "../scenario-csv.ts";
import { useLab } from "../use-lab.ts";
import { AssumptionsPanel } from "./assumptions-panel.tsx";
import { ComparisonTable } from "./comparison-table.tsx";
import { DayTables } from "./day-tables.tsx";
import { DaysDialog } from "./days-dialog.tsx";
import { EffectsPanel } from "./effects-panel.tsx";
import { LabActions } from "./lab-actions.tsx";
import { LabFilters } from "./lab-filters.tsx";
import { OpenSaved } from "./open-saved.tsx";
import { SaveDialog } from "./save-dialog.tsx";
import { SavedPanel } from "./saved-panel.tsx";
import { ScenarioAnswer } from "./scenario-answer.tsx";
import { ScenarioCards } from "./scenario-cards.tsx";
import { ScenarioCharts } from "./scenario-charts.tsx";
import { ScenarioEditors } from "./scenario-editors.tsx";
import classes from "./scenario-lab.module.css";

/** Up to three scenarios beside the plain forecast; the address holds all of them. */
export function ScenarioLab({ summary }: { summary: SystemSummary }) {
  const hasModel = summary.model !== null;
  const { filters } = useSharedFilters();
  const stores = useStores(filters.source);
  const lab = useLab(stores.data, hasModel);
  const { question, drafts, shown, body, open } = lab;
  const all = stores.data ?? [];
  const answer = useComparison(body);
  const client = useQueryClient();
  const [isSaving, setSaving] = useState(false);
  const [replanned, setReplanned] = useState<number | null>(null);
  const calendar = useKnownFuture(
    lab.source,
    question.mode === "store" ? question.store : (storesOf(all, question.segment)[0]?.store_id ?? null),
    question.horizon,
    replanned !== null,
  );

  const isSegment = question.mode === "segment";
  const unknownStore = isSegment
    ? null
    : unknownStoreProblem(stores.data, filters.store, "the first store is shown");
  const problems = useUrlProblems({ ...sharedParams, ...labParams }, [
    ...(unknownStore ? [unknownStore] : []),
    ...(isSegment ? segmentProblems(stores.data, question.segment) : []),
  ]);
  const who = isSegment ? `stores with ${segmentWords(question.segment)}` : `store ${question.store}`;
  useDocumentTitle(
    "Scenario Lab",
    isSegment ? who : `Store ${question.store}`,
    plural(question.horizon, "day"),
  );

  const isRefreshing = answer.isPlaceholderData;
  const result = body === null ? undefined : answer.data;
  // While a scenario is being added the answer on the screen has one fewer.
  const index = Math.min(shown, (result?.scenarios.length ?? 1) - 1);
  const scenario = result?.scenarios[index];
  const level = (result?.request.confidence_level ?? Number(question.level) / 100) || 0.8;

  const linkOf = useCallback((id: string) => `/scenario-lab?saved=${encodeURIComponent(id)}`, []);
  const save = () => {
    if (result === undefined) return;
    const file = scenarioCsv(result);
    download(file.name, file.content);
  };

  return (
    <>
      <PageHead
        title="Scenario Lab"
        answer={<ScenarioAnswer {...{ who, shown: index }} comparison={isRefreshing ? undefined : result} />}
        filterWords={`${isSegment ? "Segment" : `Store ${question.store}`} · ${plural(question.horizon, "day")}`}
        actions={
          <LabActions
            linkTo={() =>
              open !== null && !lab.isChanged
                ? new URL(linkOf(open.scenario_id), location.origin).href
                : location.href
            }
            canSave={body !== null}
            canDownload={result !== undefined && !isRefreshing}
            onSave={() => setSaving(true)}
            onDownload={save}
          />
        }
        filters={
          <LabFilters
            stores={all}
            question={question}
            onLab={(change) => void lab.setLab(change)}
            onStore={(store) => void lab.setFilters({ store })}
          />
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <OpenSaved
        open={open}
        error={lab.openError}
        isChanged={lab.isChanged}
        onClose={() => void lab.setLab({ saved: null })}
      />
      <Working
        isActive={answer.isFetching}
        what={`Computing ${plural(drafts.length, "scenario")}`}
        onCancel={() => {
          if (body !== null) void client.cancelQueries({ queryKey: comparison(body).queryKey });
        }}
      />
      {stores.isError && stores.data === undefined ? (
        <Panel title="Scenarios">
          <Failure what="The list of stores" error={stores.error} onRetry={() => void stores.refetch()} />
        </Panel>
      ) : !hasModel ? (
        <Panel title="Scenarios">
          <NoModel />
        </Panel>
      ) : (
        <>
          <ScenarioEditors
            {...{ drafts, shown }}
            usualElasticity={scenario?.assumptions.price_elasticity ?? null}
            onChange={(next) =>
              lab.setDrafts(
                next,
                next.length > drafts.length ? next.length - 1 : Math.min(shown, next.length - 1),
              )
            }
            onShow={(show) => void lab.setLab({ show: show + 1 })}
            daysOf={(i) => (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconCalendar size={14} stroke={1.6} aria-hidden />}
                onClick={() => setReplanned(i)}
              >
                {drafts[i]?.days.length
                  ? `${plural(drafts[i].days.length, "day")} replanned`
                  : "Replan single days"}
              </Button>
            )}
          />
          {stores.data && body === null ? (
            <Panel title="Side by side">
              <EmptyState kind="no-match" title="Choose a segment">
                A type, an assortment, or whether the stores take part in Promo2.
              </EmptyState>
            </Panel>
          ) : (
            <div className={classes.stack}>
              {(result !== undefined || !answer.isError) && (
                <ScenarioCards {...{ scenario, level, isRefreshing }} />
              )}
              {(result !== undefined || !answer.isError) && (
                <ComparisonTable
                  comparison={result}
                  shown={index}
                  isRefreshing={isRefreshing}
                  onShow={(show) => void lab.setLab({ show: show + 1 })}
                />
              )}
              <ScenarioCharts
                comparison={result}
                shown={index}
                otherwise={otherwise()}
                {...{ isRefreshing }}
              />
              {result && scenario && (
                <>
                  <DayTables points={scenario.points} level={percentWhole(level)} {...{ isRefreshing }} />
                  <div className={classes.pair}>
                    <EffectsPanel {...{ scenario, isRefreshing }} />
                    <AssumptionsPanel comparison={result} {...{ scenario, isRefreshing }} />
                  </div>
                </>
              )}
            </div>
          )}
          <div className={classes.saved}>
            <SavedPanel source={lab.source} openId={lab.lab.saved} linkOf={linkOf} />
          </div>
        </>
      )}
      {isSaving && body !== null && (
        <SaveDialog
          source={lab.source}
          content={body}
          usualName={`${draftName(drafts[shown] ?? drafts[0]!)}, ${who}`}
          open={open}
          onSaved={(saved) => {
            client.setQueryData(["saved-scenario", saved.scenario_id], saved);
            void lab.setLab({ saved: saved.scenario_id }, { history: "replace" });
          }}
          onClose={() => setSaving(false)}
        />
      )}
      {replanned !== null && drafts[replanned] && (
        <DaysDialog
          name={draftName(drafts[replanned])}
          calendar={calendar}
          isSegment={isSegment}
          changes={drafts[replanned].days}
          onChange={(days) =>
            lab.setDrafts(drafts.map((draft, i) => (i === replanned ? { ...draft, days } : draft)))
          }
          onClose={() => setReplanned(null)}
        />
      )}
    </>
  );

  function otherwise(): ChartState<ScenarioPoint> {
    if (answer.isError) return { status: "error", error: answer.error, onRetry: () => void answer.refetch() };
    if (answer.fetchStatus === "idle" && body !== null)
      return {
        status: "empty",
        empty: (
          <EmptyState
            kind="not-computed"
            title="The scenarios were called off"
            action={<Button onClick={() => void answer.refetch()}>Compute them</Button>}
          />
        ),
      };
    return { status: "loading" };
  }
}
