import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { ComparisonPicker } from "../../../components/comparison-picker.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { PeriodPicker } from "../../../components/period-picker.tsx";
import { RefreshButton } from "../../../components/refresh-button.tsx";
import { StepsPicker } from "../../../components/steps-picker.tsx";
import { StorePicker } from "../../../components/store-picker.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import type { SystemSummary } from "../../../lib/api-types.ts";
import { day, dayRange, instant } from "../../../lib/format.ts";
import { type Period, periodProblems } from "../../../lib/period.ts";
import { resolveScope, useSharedFilters } from "../../../lib/shared-filters.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { useKpiSummary } from "../../common/api/kpi-summary.ts";
import { useSalesSeries } from "../../common/api/sales-series.ts";
import { useStores } from "../../common/api/stores.ts";
import { unknownStoreProblem } from "../../common/unknown-store.ts";
import { useMovers } from "../api/movers.ts";
import { useOutlook } from "../api/outlook.ts";
import { AlertStrip } from "./alert-strip.tsx";
import { answerSentence } from "./answer-sentence.ts";
import { Attention } from "./attention.tsx";
import { KpiCards } from "./kpi-cards.tsx";
import { Movers } from "./movers.tsx";
import classes from "./overview.module.css";
import { PeriodInBrief } from "./period-in-brief.tsx";
import { Trend } from "./trend.tsx";

const granularityParam = parseAsStringLiteral(["daily", "monthly"] as const).withDefault("daily");

/** The Overview of a period, a store or the chain, and the period it is compared with. */
export function Overview({ data, summary }: { data: Period; summary: SystemSummary }) {
  const { filters, setFilters } = useSharedFilters();
  const [granularity, setGranularity] = useQueryState("granularity", granularityParam);
  const stores = useStores(filters.source);
  const unknownStore = unknownStoreProblem(stores.data, filters.store, "all stores are shown");
  const scope = resolveScope(unknownStore ? { ...filters, store: null } : filters, data);
  const { source, store, period, comparison } = scope;
  const isChain = store === null;

  const kpi = useKpiSummary({ source, store, period, comparison });
  const series = useSalesSeries({ source, store, period, granularity });
  const daily = useSalesSeries({ source, store, period, granularity: "daily" });
  const moverList = useMovers(source, period, isChain);
  const outlook = useOutlook(source, store, summary.model !== null);
  const problems = useUrlProblems({ ...sharedParams, granularity: granularityParam }, [
    ...periodProblems(period),
    ...(unknownStore ? [unknownStore] : []),
  ]);
  useDocumentTitle("Executive Overview", isChain ? "All stores" : `Store ${store}`);

  const queryClient = useQueryClient();
  const hasRows = kpi.data === undefined || kpi.data.store_days > 0;

  return (
    <>
      <PageHead
        title="Executive Overview"
        answer={
          kpi.data ? answerSentence(kpi.data, outlook.data ?? null, { ...scope, wish: filters.compare }) : " "
        }
        actions={
          <>
            <RefreshButton
              isRefreshing={kpi.isRefetching}
              onRefresh={() => void queryClient.invalidateQueries()}
            />
            <Tooltip label="Print on one page">
              <ActionIcon variant="default" size={36} aria-label="Print" onClick={() => print()}>
                <IconPrinter size={18} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          </>
        }
        filterWords={`${dayRange(period.from, period.to)} · ${isChain ? "All stores" : `Store ${store}`}`}
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
              onChange={(chosen) => void setFilters({ store: chosen })}
            />
            <ComparisonPicker value={filters.compare} onChange={(compare) => void setFilters({ compare })} />
            <StepsPicker value={granularity} onChange={(value) => void setGranularity(value)} />
          </>
        }
      />
      <p className={`print-only ${classes.printLine}`}>
        {dayRange(period.from, period.to)} · {isChain ? "All stores" : `Store ${store}`} ·{" "}
        {summary.data_source.name}, data to {day(summary.date_to)} · printed{" "}
        {instant(new Date().toISOString())}
      </p>
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <AlertStrip />
      <Attention summary={summary} />
      {hasRows ? (
        <>
          <KpiCards
            scope={scope}
            wish={filters.compare}
            kpi={kpi}
            daily={daily}
            outlook={outlook}
            hasModel={summary.model !== null}
          />
          <Trend
            scope={scope}
            granularity={granularity}
            series={series}
            outlook={outlook}
            summary={summary}
          />
          <div className={classes.lower}>
            {isChain && (
              <Movers
                movers={moverList}
                period={period}
                hasEarlier={comparison !== null || filters.compare !== "previous"}
              />
            )}
            <PeriodInBrief daily={daily} period={period} isChain={isChain} />
          </div>
        </>
      ) : (
        <EmptyState
          kind="no-match"
          title="No sales in this period"
          action={
            <Button variant="default" onClick={() => void setFilters({ from: null, to: null })}>
              Show the last 90 days of the data
            </Button>
          }
        >
          {isChain ? "The chain" : `Store ${store}`} has no rows from {dayRange(period.from, period.to)}. The
          data covers {dayRange(data.from, data.to)}.
        </EmptyState>
      )}
    </>
  );
}
