import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import type { ForecastDay } from "../../../charts/sales-over-time.ts";
import { getJson, postJson } from "../../../lib/api.ts";
import type { ChainForecast, ForecastPoint } from "../../../lib/api-types.ts";
import { modelName } from "../../../lib/model-name.ts";
import { toChainForecast, toForecast } from "../../common/history-days.ts";

/** Six weeks, the horizon of the planners. */
export const OUTLOOK_DAYS = 42;
const FORECAST_TIMEOUT_MS = 120_000;

export interface Outlook {
  total: number;
  /** 80 % interval of the total; null for one store, whose days' limits do not add up to it. */
  lower: number | null;
  upper: number | null;
  days: ForecastDay[];
  model: string;
}

/** The forecast of the next six weeks: of the chain, or of one store. */
export const outlook = (source: number | null, store: number | null) =>
  queryOptions({
    queryKey: ["outlook", source, store],
    queryFn: ({ signal }) =>
      store === null ? chainOutlook(source, signal) : storeOutlook(source, store, signal),
    placeholderData: keepPreviousData,
    retry: 1,
  });

export const useOutlook = (source: number | null, store: number | null, enabled: boolean) =>
  useQuery({ ...outlook(source, store), enabled });

async function chainOutlook(source: number | null, signal: AbortSignal): Promise<Outlook> {
  const body = await getJson<ChainForecast>("/forecast/chain", {
    query: { horizon_days: OUTLOOK_DAYS, data_source_id: source },
    signal,
    timeoutMs: FORECAST_TIMEOUT_MS,
  });
  return {
    total: body.total,
    lower: body.lower,
    upper: body.upper,
    days: toChainForecast(body.points, body.stores_count),
    model: `${modelName(body.model_type)}, version ${body.model_version}`,
  };
}

async function storeOutlook(source: number | null, store: number, signal: AbortSignal): Promise<Outlook> {
  const { body, headers } = await postJson<ForecastPoint[]>(
    "/forecast",
    { store_id: store, horizon_days: OUTLOOK_DAYS, data_source_id: source },
    { signal, timeoutMs: FORECAST_TIMEOUT_MS },
  );
  const version = headers.get("X-Model-Version");
  return {
    total: body.reduce((sum, point) => sum + point.predicted_sales, 0),
    lower: null,
    upper: null,
    days: toForecast(body),
    model: version === null ? "" : `model version ${version}`,
  };
}
