import { Button } from "@mantine/core";
import { IconDownload, IconFlask, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { Failure } from "../../../components/failure.tsx";
import { HorizonPicker, horizonParam } from "../../../components/horizon-picker.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { Panel } from "../../../components/panel.tsx";
import { StorePicker } from "../../../components/store-picker.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import { Working } from "../../../components/working.tsx";
import type { ForecastPoint, SystemSummary } from "../../../lib/api-types.ts";
import { addDays } from "../../../lib/days.ts";
import { download } from "../../../lib/download.ts";
import { plural } from "../../../lib/format.ts";
import type { Period } from "../../../lib/period.ts";
import { useSharedFilters } from "../../../lib/shared-filters.ts";
import { parseAsDay, sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { ActualsPanel } from "../../common/actuals-panel.tsx";
import { useForecastActuals } from "../../common/api/forecast-actuals.ts";
import { useSalesSeries } from "../../common/api/sales-series.ts";
import { useStores } from "../../common/api/stores.ts";
import { NoModel } from "../../common/no-model.tsx";
import { unknownStoreProblem } from "../../common/unknown-store.ts";
import { useAccuracy } from "../api/accuracy.ts";
import { useOverrides, useOverrideValue } from "../api/overrides.ts";
import { storeForecast, useStoreForecast } from "../api/store-forecast.ts";
import { correctionsByDay } from "../corrections.ts";
import { forecastCsv } from "../forecast-csv.ts";
import { AccuracyPanel } from "./accuracy-panel.tsx";
import { CorrectDialog } from "./correct-dialog.tsx";
import { CorrectionsPanel } from "./corrections-panel.tsx";
import { DayTable, rowsParam } from "./day-table.tsx";
import { DriversPanel } from "./drivers-panel.tsx";
import { ForecastAnswer } from "./forecast-answer.tsx";
import { ForecastCards } from "./forecast-cards.tsx";
import { ForecastChart } from "./forecast-chart.tsx";
import classes from "./forecast-studio.module.css";

/** Store and horizon in, forecast out: the address names both, so opening it shows the forecast. */
export function ForecastStudio({ data, summary }: { data: Period; summary: SystemSummary }) {
  const { filters, setFilters } = useSharedFilters();
  const { source } = filters;
  const [horizon, setHorizon] = useQueryState("horizon", horizonParam);
  const [wishedDay, setDay] = useQueryState("day", parseAsDay.withOptions({ history: "replace" }));
  const [isCorrecting, setCorrecting] = useState(false);
  const queryClient = useQueryClient();
  const stores = useStores(source);
  const unknownStore = unknownStoreProblem(stores.data, filters.store, "the first store is shown");
  const first = stores.data?.[0]?.store_id ?? null;
  const store = filters.store === null || unknownStore ? first : filters.store;
  const hasModel = summary.model !== null;

  const forecast = useStoreForecast(source, store, horizon, hasModel);
  const history = useSalesSeries(
    {
      source,
      store,
      granularity: "daily",
      period: { from: addDays(data.to, 1 - historyDays(horizon)), to: data.to },
    },
    store !== null,
  );
  const accuracy = useAccuracy(source, store, hasModel);
  const actuals = useForecastActuals(source, store, hasModel && store !== null);
  const overrides = useOverrides(source, store, hasModel);
  const overrideValue = useOverrideValue(source, hasModel);
  const corrections = useMemo(() => correctionsByDay(overrides.data ?? []), [overrides.data]);
  const problems = useUrlProblems(
    { ...sharedParams, horizon: horizonParam, rows: rowsParam, day: parseAsDay },
    unknownStore ? [unknownStore] : [],
  );
  useDocumentTitle("Forecast Studio", store === null ? null : `Store ${store}`, plural(horizon, "day"));

  const toScenarios = useSharedSearch({ store });
  const points = forecast.isPlaceholderData ? undefined : forecast.data?.points;
  const day = points?.find((point) => point.date === wishedDay) ?? peakOf(points ?? []);
  const chooseDay = (date: string) => void setDay(date);
  const cancel = () => {
    if (store !== null)
      void queryClient.cancelQueries({ queryKey: storeForecast(source, store, horizon).queryKey });
  };
  const save = () => {
    if (points === undefined || store === null) return;
    const file = forecastCsv(points, store, corrections);
    download(file.name, file.content);
  };

  return (
    <>
      <PageHead
        title="Forecast Studio"
        answer={<ForecastAnswer {...{ store, horizon, points }} accuracy={accuracy.data} />}
        filterWords={`${store === null ? "Choose a store" : `Store ${store}`} · ${plural(horizon, "day")}`}
        actions={
          <>
            <Button
              component={Link}
              to={{ pathname: "/scenario-lab", search: toScenarios }}
              variant="default"
              leftSection={<IconFlask size={18} stroke={1.6} />}
            >
              Try a scenario
            </Button>
            <Button
              leftSection={<IconDownload size={18} stroke={1.6} />}
              disabled={points === undefined}
              onClick={save}
            >
              Download CSV
            </Button>
          </>
        }
        filters={
          <>
            <StorePicker
              stores={stores.data ?? []}
              value={store}
              canBeAll={false}
              onChange={(chosen) => void setFilters({ store: chosen })}
            />
            <HorizonPicker value={horizon} onChange={(days) => void setHorizon(days)} />
            <Button
              variant="default"
              leftSection={<IconRefresh size={18} stroke={1.6} />}
              disabled={!hasModel || store === null}
              loading={forecast.isRefetching}
              onClick={() => void forecast.refetch()}
            >
              Forecast again
            </Button>
          </>
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <Working isActive={forecast.isFetching} what="Computing the forecast" onCancel={cancel} />
      {stores.isError && stores.data === undefined ? (
        <Panel title="Forecast">
          <Failure what="The list of stores" error={stores.error} onRetry={() => void stores.refetch()} />
        </Panel>
      ) : !hasModel ? (
        <Panel title="Forecast">
          <NoModel />
        </Panel>
      ) : (
        <>
          <ForecastCards {...{ source, store, data, horizon, forecast }} wish={filters.compare} />
          <ForecastChart {...{ store, horizon, forecast, history, summary, corrections }} onDay={chooseDay} />
          <div className={classes.lower}>
            <div className={classes.column}>
              <DayTable
                points={points ?? []}
                corrections={corrections}
                isPending={points === undefined && !forecast.isError}
                isRefreshing={forecast.isPlaceholderData}
                day={day?.date}
                onDay={chooseDay}
              />
              <CorrectionsPanel
                source={source}
                overrides={overrides}
                value={overrideValue.data}
                canCorrect={points !== undefined && day !== undefined}
                onCorrect={() => setCorrecting(true)}
              />
            </div>
            <div className={classes.column}>
              <DriversPanel
                points={points ?? []}
                point={day}
                isRefreshing={forecast.isFetching}
                onDay={chooseDay}
              />
              <AccuracyPanel accuracy={accuracy} horizon={horizon} />
            </div>
          </div>
          <div className={classes.last}>
            <ActualsPanel actuals={actuals} />
          </div>
          {isCorrecting && store !== null && day !== undefined && (
            <CorrectDialog
              {...{ source, store }}
              points={points ?? []}
              day={day.date}
              onClose={() => setCorrecting(false)}
            />
          )}
        </>
      )}
    </>
  );
}

/** Enough days before the forecast to see its season, never so many that the forecast becomes a sliver. */
export function historyDays(horizon: number): number {
  return Math.min(180, Math.max(28, horizon * 2));
}

/** The strongest day, whose makings are shown until another day is chosen. */
const peakOf = (points: readonly ForecastPoint[]): ForecastPoint | undefined =>
  points.reduce<ForecastPoint | undefined>(
    (best, point) => (best === undefined || point.predicted_sales > best.predicted_sales ? point : best),
    undefined,
  );
