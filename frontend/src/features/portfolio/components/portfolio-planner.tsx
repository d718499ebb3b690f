import { Button } from "@mantine/core";
import { IconDownload, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useQueryState, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { ChartState } from "../../../charts/chart.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { HorizonPicker, horizonParam } from "../../../components/horizon-picker.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { Panel } from "../../../components/panel.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import { Working } from "../../../components/working.tsx";
import type { PortfolioPoint, SystemSummary } from "../../../lib/api-types.ts";
import { download } from "../../../lib/download.ts";
import { plural } from "../../../lib/format.ts";
import { useSharedFilters } from "../../../lib/shared-filters.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { useStores } from "../../common/api/stores.ts";
import { batchForecast, useBatchForecast } from "../api/batch-forecast.ts";
import { selectionParams, sortParam } from "../params.ts";
import { portfolioCsv } from "../portfolio-csv.ts";
import { type Selection, selectionProblems, selectionWords, selectStores } from "../selection.ts";
import { PortfolioAnswer } from "./portfolio-answer.tsx";
import { PortfolioCards } from "./portfolio-cards.tsx";
import { PortfolioChart } from "./portfolio-chart.tsx";
import classes from "./portfolio-planner.module.css";
import { SelectionPicker } from "./selection-picker.tsx";
import { StoreTotals } from "./store-totals.tsx";

/** Stores and horizon in, their forecast together and one by one out; the address names both. */
export function PortfolioPlanner({ summary }: { summary: SystemSummary }) {
  const { filters } = useSharedFilters();
  const { source } = filters;
  const [selection, setSelection] = useQueryStates(selectionParams);
  const [horizon, setHorizon] = useQueryState("horizon", horizonParam);
  const [sort, setSort] = useQueryState("sort", sortParam);
  const queryClient = useQueryClient();
  const stores = useStores(source);
  const chosen = useMemo(() => selectStores(stores.data ?? [], selection), [stores.data, selection]);
  const ids = useMemo(() => chosen.map((store) => store.store_id), [chosen]);
  const hasModel = summary.model !== null;
  const forecast = useBatchForecast(source, ids, horizon, hasModel);
  const problems = useUrlProblems(
    { ...sharedParams, ...selectionParams, horizon: horizonParam, sort: sortParam },
    selectionProblems(stores.data, selection),
  );
  const who = selectionWords(selection, chosen, stores.data?.length ?? 0);
  useDocumentTitle("Portfolio Planner", who, plural(horizon, "day"));

  // Figures of other stores than the chosen ones are never shown as theirs: not while they refresh, not in a file.
  const isChosenSome = chosen.length > 0;
  const shown = isChosenSome ? forecast.data : undefined;
  const isRefreshing = forecast.isPlaceholderData;
  const cancel = () =>
    void queryClient.cancelQueries({ queryKey: batchForecast(source, ids, horizon).queryKey });
  const save = () => {
    if (shown === undefined) return;
    const file = portfolioCsv(shown.portfolio_series, shown.portfolio_summary.stores_count);
    download(file.name, file.content);
  };

  return (
    <>
      <PageHead
        title="Portfolio Planner"
        answer={<PortfolioAnswer who={who} forecast={isRefreshing ? undefined : shown} />}
        filterWords={`${who} · ${plural(horizon, "day")}`}
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
            <SelectionPicker
              stores={stores.data ?? []}
              value={selection}
              onChange={(change: Partial<Selection>) =>
                void setSelection({ ...change, stores: change.stores ? [...change.stores] : undefined })
              }
            />
            <HorizonPicker value={horizon} onChange={(days) => void setHorizon(days)} />
            <Button
              variant="default"
              leftSection={<IconRefresh size={18} stroke={1.6} />}
              disabled={!hasModel || !isChosenSome}
              loading={forecast.isRefetching}
              onClick={() => void forecast.refetch()}
            >
              Forecast again
            </Button>
          </>
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <Working
        isActive={forecast.isFetching}
        what={`Forecasting ${plural(chosen.length, "store")}`}
        onCancel={cancel}
      />
      {stores.isError && stores.data === undefined ? (
        <Panel title="All together">
          <Failure what="The list of stores" error={stores.error} onRetry={() => void stores.refetch()} />
        </Panel>
      ) : !hasModel ? (
        <Panel title="All together">
          <EmptyState kind="not-computed" title="There is no forecasting model yet">
            Train one with <code>npx rossmann train</code>; it takes about a minute. This page then shows the
            forecast.
          </EmptyState>
        </Panel>
      ) : stores.data && !isChosenSome ? (
        <Panel title="All together">
          <NothingChosen selection={selection} onReset={() => void setSelection(null)} />
        </Panel>
      ) : (
        <>
          <PortfolioCards forecast={forecast} shareOfChain={shareOf(stores.data ?? [], chosen)} />
          <PortfolioChart forecast={shown} otherwise={otherwise()} isRefreshing={isRefreshing} />
          {(shown !== undefined || !forecast.isError) && (
            <div className={classes.below}>
              <StoreTotals
                forecast={shown}
                stores={stores.data ?? []}
                isRefreshing={isRefreshing}
                sort={sort}
                onSort={(next) => void setSort(next)}
              />
            </div>
          )}
        </>
      )}
    </>
  );

  function otherwise(): ChartState<PortfolioPoint> {
    if (forecast.isError)
      return { status: "error", error: forecast.error, onRetry: () => void forecast.refetch() };
    // Called off before there was a first answer.
    if (forecast.fetchStatus === "idle" && isChosenSome)
      return {
        status: "empty",
        empty: (
          <EmptyState
            kind="not-computed"
            title="The forecast was called off"
            action={<Button onClick={() => void forecast.refetch()}>Run the forecast</Button>}
          />
        ),
      };
    return { status: "loading" };
  }
}

function NothingChosen({ selection, onReset }: { selection: Selection; onReset: () => void }) {
  const reset = (
    <Button variant="default" onClick={onReset}>
      Show the best sellers
    </Button>
  );
  if (selection.pick === "search")
    return (
      <EmptyState kind="not-computed" title="Choose the stores to plan" action={reset}>
        Open “Choose stores” above: search by number, type or assortment, or paste a list of numbers.
      </EmptyState>
    );
  return (
    <EmptyState kind="no-match" title="No store fits" action={reset}>
      {selection.pick === "segment"
        ? "Choose a type, an assortment or Promo2 that stores have."
        : "No store has sales yet to be ranked by."}
    </EmptyState>
  );
}

/** What part of all sales so far some stores made; null without sales. */
function shareOf(
  all: readonly { total_sales: number | null }[],
  some: readonly { total_sales: number | null }[],
): number | null {
  const sum = (list: typeof all) => list.reduce((total, store) => total + (store.total_sales ?? 0), 0);
  const total = sum(all);
  return total === 0 ? null : sum(some) / total;
}
