import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useQueryState, useQueryStates } from "nuqs";
import { lazy, Suspense } from "react";
import { ComparisonPicker } from "../../../components/comparison-picker.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { Panel } from "../../../components/panel.tsx";
import { PanelSkeleton } from "../../../components/panel-skeleton.tsx";
import { PeriodPicker } from "../../../components/period-picker.tsx";
import { RefreshButton } from "../../../components/refresh-button.tsx";
import { StepsPicker } from "../../../components/steps-picker.tsx";
import { StorePicker } from "../../../components/store-picker.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import type { SystemSummary } from "../../../lib/api-types.ts";
import { dayRange } from "../../../lib/format.ts";
import { type Period, periodProblems } from "../../../lib/period.ts";
import { resolveScope, useSharedFilters } from "../../../lib/shared-filters.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { useKpiSummary } from "../../common/api/kpi-summary.ts";
import { useSalesSeries } from "../../common/api/sales-series.ts";
import { useStores } from "../../common/api/stores.ts";
import { unknownStoreProblem } from "../../common/unknown-store.ts";
import { usePromoImpact } from "../api/promo-impact.ts";
import { comparedParam, granularityParam, tableParams, unknownComparedProblem } from "../params.ts";
import { ComparedStores } from "./compared-stores.tsx";
import { Effects } from "./effects-panel.tsx";
import { Heat } from "./heat.tsx";
import { Peers } from "./peers-panel.tsx";
import classes from "./store-analytics.module.css";
import { storeAnswer } from "./store-answer.ts";
import { StoreCards } from "./store-cards.tsx";
import { StoreTrend } from "./store-trend.tsx";

// Both wait for the code of tables anyway; without them the page's first download is small.
const StoreRanking = lazy(() => import("./store-ranking.tsx"));
const PromoTable = lazy(() => import("./promo-table.tsx"));

/** All stores at the left, the chosen one (or the chain) at the right. */
export function StoreAnalytics({ data, summary }: { data: Period; summary: SystemSummary }) {
  const { filters, setFilters } = useSharedFilters();
  const [granularity, setGranularity] = useQueryState("granularity", granularityParam);
  const [compared, setCompared] = useQueryState("with", comparedParam);
  const [table, setTable] = useQueryStates(tableParams);
  const queryClient = useQueryClient();
  const stores = useStores(filters.source);
  const unknownStore = unknownStoreProblem(stores.data, filters.store, "all stores are shown");
  const unknownCompared = unknownComparedProblem(stores.data, compared);
  const scope = resolveScope(unknownStore ? { ...filters, store: null } : filters, data);
  const { source, store, period, comparison } = scope;
  const chosen = stores.data?.find((entry) => entry.store_id === store) ?? null;
  const others = compared.filter((id) => id !== store && stores.data?.some((entry) => entry.store_id === id));

  const kpi = useKpiSummary({ source, store, period, comparison });
  const series = useSalesSeries({ source, store, period, granularity });
  const daily = useSalesSeries({ source, store, period, granularity: "daily" });
  const whole = useSalesSeries({ source, store, period: data, granularity: "daily" });
  const impact = usePromoImpact(source, store);
  const problems = useUrlProblems(
    { ...sharedParams, ...tableParams, granularity: granularityParam, with: comparedParam },
    [
      ...periodProblems(period),
      ...(unknownStore ? [unknownStore] : []),
      ...(unknownCompared ? [unknownCompared] : []),
    ],
  );
  const name = store === null ? "All stores" : `Store ${store}`;
  useDocumentTitle("Store Analytics", name);
  const hasRows = kpi.data === undefined || kpi.data.store_days > 0;

  return (
    <>
      <PageHead
        title="Store Analytics"
        answer={storeAnswer(chosen, stores.data ?? [], kpi.data ?? null, scope, filters.compare)}
        actions={
          <RefreshButton
            isRefreshing={kpi.isRefetching}
            onRefresh={() => void queryClient.invalidateQueries()}
          />
        }
        filterWords={`${dayRange(period.from, period.to)} · ${name}`}
        filters={
          <>
            <PeriodPicker
              value={period}
              data={data}
              onChange={({ from, to }) => void setFilters({ from, to })}
            />
            <StorePicker
              stores={stores.data ?? []}
              value={store}
              onChange={(id) => void setFilters({ store: id })}
            />
            <ComparisonPicker value={filters.compare} onChange={(compare) => void setFilters({ compare })} />
            <StepsPicker value={granularity} onChange={(value) => void setGranularity(value)} />
          </>
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <div className={classes.columns}>
        <Suspense fallback={<PanelSkeleton className={classes.list} title="Stores" height={600} />}>
          <StoreRanking
            className={classes.list}
            stores={stores}
            chosen={store}
            compared={others}
            onCompare={(ids) => void setCompared(ids)}
            search={table.q}
            onSearch={(q) => void setTable({ q }, { history: "replace" })}
            sort={table.sort}
            onSort={(sort) => void setTable({ sort })}
          />
        </Suspense>
        <div className={classes.right}>
          {hasRows ? (
            <>
              <StoreCards {...{ scope, kpi, daily, impact }} wish={filters.compare} />
              {others.length > 0 && <ComparedStores ids={others} onChange={(ids) => void setCompared(ids)} />}
              <StoreTrend {...{ scope, granularity, series, summary }} compared={others} />
              <Heat whole={whole} data={data} store={store} />
              <div className={classes.pair}>
                <Effects whole={whole} isChain={store === null} />
                <Peers stores={stores} chosen={chosen} />
              </div>
            </>
          ) : (
            <Panel title={name}>
              <EmptyState
                kind="no-match"
                title="No sales in this period"
                action={
                  <Button variant="default" onClick={() => void setFilters({ from: null, to: null })}>
                    Show the last 90 days of the data
                  </Button>
                }
              >
                {name} {store === null ? "have" : "has"} no rows in {dayRange(period.from, period.to)}. The
                data covers {dayRange(data.from, data.to)}.
              </EmptyState>
            </Panel>
          )}
          <Suspense
            fallback={
              <PanelSkeleton title="Promotion days against the others" height={store === null ? 320 : 100} />
            }
          >
            <PromoTable impact={impact} store={store} />
          </Suspense>
        </div>
      </div>
    </>
  );
}
