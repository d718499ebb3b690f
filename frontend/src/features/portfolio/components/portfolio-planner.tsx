import { Button, TextInput } from "@mantine/core";
import { IconDownload, IconRefresh, IconSearch } from "@tabler/icons-react";
import { useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import type { ChartState } from "../../../charts/chart.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { HorizonPicker } from "../../../components/horizon-picker.tsx";
import { LevelPicker } from "../../../components/level-picker.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { Panel } from "../../../components/panel.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import { Working } from "../../../components/working.tsx";
import type { PortfolioPoint, Store, SystemSummary } from "../../../lib/api-types.ts";
import { download } from "../../../lib/download.ts";
import { plural } from "../../../lib/format.ts";
import { searchStores } from "../../../lib/search-stores.ts";
import { useSharedFilters } from "../../../lib/shared-filters.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { ActualsPanel } from "../../common/actuals-panel.tsx";
import { useForecastActuals } from "../../common/api/forecast-actuals.ts";
import { useStores } from "../../common/api/stores.ts";
import { NoModel } from "../../common/no-model.tsx";
import { batchBody, isLongFor } from "../batch-body.ts";
import { planParams, viewParams } from "../params.ts";
import { portfolioCsv } from "../portfolio-csv.ts";
import { selectionProblems, selectionWords, selectStores } from "../selection.ts";
import { usePortfolio } from "../use-portfolio.ts";
import { FailedStores } from "./failed-stores.tsx";
import { NothingChosen } from "./nothing-chosen.tsx";
import { PortfolioAnswer } from "./portfolio-answer.tsx";
import { PortfolioCards } from "./portfolio-cards.tsx";
import { PortfolioChart } from "./portfolio-chart.tsx";
import classes from "./portfolio-planner.module.css";
import { SelectionPicker } from "./selection-picker.tsx";
import { StoreTotals } from "./store-totals.tsx";
import { TypeTotals } from "./type-totals.tsx";
import { WeekGrid } from "./week-grid.tsx";

/** Stores and horizon in, their forecast together and one by one out; the address names both, and the run. */
export function PortfolioPlanner({ summary }: { summary: SystemSummary }) {
  const { filters } = useSharedFilters();
  const [plan, setPlan] = useQueryStates(planParams);
  const [view, setView] = useQueryStates(viewParams);
  const stores = useStores(filters.source);
  const all = stores.data ?? [];
  const chosen = useMemo(() => selectStores(stores.data ?? [], plan), [stores.data, plan]);
  const hasModel = summary.model !== null;
  const body = useMemo(
    () =>
      hasModel
        ? batchBody(
            plan,
            chosen.map((store) => store.store_id),
            plan.horizon,
            plan.level,
            filters.source,
          )
        : null,
    [hasModel, plan, chosen, filters.source],
  );
  // Back must not lead to the address that begins the run once more.
  const onRun = useCallback((run: string | null) => void setPlan({ run }, { history: "replace" }), [setPlan]);
  const portfolio = usePortfolio({ body, isLong: isLongFor(chosen.length), run: plan.run, onRun });
  const { batch, isRefreshing, isWorking, progress, error } = portfolio;
  // Another question means another run.
  const change = (next: Partial<Omit<typeof plan, "run">>) => void setPlan({ ...next, run: null });
  const actuals = useForecastActuals(filters.source, null, hasModel);
  const found = useMemo(
    () => new Set(searchStores(stores.data ?? [], view.q).map((store) => store.store_id)),
    [stores.data, view.q],
  );
  const isFound = useCallback((store: number) => view.q === "" || found.has(store), [view.q, found]);
  const problems = useUrlProblems(
    { ...sharedParams, ...planParams, ...viewParams },
    selectionProblems(stores.data, plan),
  );
  const who = ofRun(batch?.request.store_ids, chosen)
    ? selectionWords(plan, chosen, all.length)
    : `The ${plural(batch?.request.store_ids.length ?? 0, "store")} of this run`;
  useDocumentTitle("Portfolio Planner", who, plural(plan.horizon, "day"));

  const isNothing = stores.data !== undefined && chosen.length === 0 && plan.run === null;
  const shown = isNothing ? undefined : batch;
  const save = () => {
    if (shown === undefined) return;
    const file = portfolioCsv(shown);
    download(file.name, file.content);
  };

  return (
    <>
      <PageHead
        title="Portfolio Planner"
        answer={<PortfolioAnswer who={who} batch={isRefreshing ? undefined : shown} />}
        filterWords={`${who} · ${plural(plan.horizon, "day")}`}
        actions={
          <Button
            leftSection={<IconDownload size={18} stroke={1.6} />}
            disabled={shown === undefined || isRefreshing}
            onClick={save}
          >
            Download CSV
          </Button>
        }
        filters={
          <>
            <SelectionPicker stores={all} value={plan} onChange={change} />
            <HorizonPicker value={plan.horizon} onChange={(horizon) => change({ horizon })} />
            <LevelPicker value={plan.level} onChange={(level) => change({ level })} />
            <Button
              variant="default"
              leftSection={<IconRefresh size={18} stroke={1.6} />}
              disabled={body === null || isWorking}
              onClick={portfolio.again}
            >
              Forecast again
            </Button>
          </>
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <Working
        isActive={isWorking}
        what={progress?.message ?? `Forecasting ${plural(chosen.length, "store")}`}
        share={progress?.share}
        note={
          plan.run === null ? undefined : "You can leave: the address of this page finds the forecast again."
        }
        onCancel={portfolio.cancel ?? undefined}
      />
      {stores.isError && stores.data === undefined ? (
        <Panel title="All together">
          <Failure what="The list of stores" error={stores.error} onRetry={() => void stores.refetch()} />
        </Panel>
      ) : !hasModel ? (
        <Panel title="All together">
          <NoModel />
        </Panel>
      ) : isNothing ? (
        <Panel title="All together">
          <NothingChosen pick={plan.pick} onReset={() => void setPlan(null)} />
        </Panel>
      ) : (
        <>
          {shown && <FailedStores failures={shown.failures} />}
          {/* The chart says what went wrong; saying it four times more would not help. */}
          {(shown !== undefined || error === null) && (
            <PortfolioCards {...{ batch: shown, isRefreshing }} shareOfChain={shareOf(all, chosen)} />
          )}
          <PortfolioChart
            batch={error === null ? shown : undefined}
            {...{ isRefreshing }}
            otherwise={otherwise()}
          />
          {(shown !== undefined || error === null) && (
            <div className={classes.below}>
              {shown && <TypeTotals batch={shown} isRefreshing={isRefreshing} />}
              <WeekGrid
                {...{ batch: shown, isRefreshing }}
                isFound={isFound}
                search={
                  <TextInput
                    data-page-search
                    aria-label="Search the stores of the portfolio"
                    placeholder="Number, type or assortment"
                    leftSection={<IconSearch size={16} stroke={1.6} />}
                    value={view.q}
                    onChange={(event) =>
                      void setView({ q: event.currentTarget.value }, { history: "replace" })
                    }
                  />
                }
                heat={view.heat}
                onHeat={(heat) => void setView({ heat })}
              />
              <StoreTotals
                {...{ batch: shown, isRefreshing }}
                isFound={isFound}
                sort={view.sort}
                onSort={(sort) => void setView({ sort })}
              />
              <ActualsPanel actuals={actuals} withStores />
            </div>
          )}
        </>
      )}
    </>
  );

  function otherwise(): ChartState<PortfolioPoint> {
    if (error !== null) return { status: "error", error, onRetry: portfolio.again };
    // Called off before there was a first answer.
    if (!isWorking && body !== null)
      return {
        status: "empty",
        empty: (
          <EmptyState
            kind="not-computed"
            title="The forecast was called off"
            action={<Button onClick={portfolio.again}>Run the forecast</Button>}
          />
        ),
      };
    return { status: "loading" };
  }
}

/** Whether a run was of the stores that the address names; while there is no run, it will be. */
function ofRun(ids: readonly number[] | undefined, chosen: readonly Store[]): boolean {
  if (ids === undefined) return true;
  const run = new Set(ids);
  return run.size === chosen.length && chosen.every((store) => run.has(store.store_id));
}

/** What part of all sales so far some stores made; null without sales. */
function shareOf(all: readonly Store[], some: readonly Store[]): number | null {
  const sum = (list: readonly Store[]) => list.reduce((total, store) => total + (store.total_sales ?? 0), 0);
  const total = sum(all);
  return total === 0 ? null : sum(some) / total;
}
