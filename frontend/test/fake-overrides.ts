import type { ForecastActuals, NewOverrideBody, Override, OverrideValue } from "@rossmann/backend";
import type { FakeChain } from "./fake-chain.ts";

/** A correction of the made-up chain's forecast, as the API keeps it. */
export function fakeOverride(chain: FakeChain, body: NewOverrideBody, id: number): Override {
  const [from, to] = [String(body.date_from), String(body.date_to ?? body.date_from)];
  const days = chain
    .forecast(Number(body.store_id), 180)
    .filter((point) => point.open === 1 && point.date >= from && point.date <= to)
    .map((point) => ({
      date: point.date,
      model_sales: point.predicted_sales,
      override_sales:
        body.sales == null ? point.predicted_sales * (1 + Number(body.change_pct) / 100) : Number(body.sales),
      naive_sales: point.predicted_sales * 0.95,
      actual_sales: null,
    }));
  return {
    override_id: id,
    data_source_id: 1,
    store_id: Number(body.store_id),
    date_from: from,
    date_to: to,
    sales: body.sales == null ? null : Number(body.sales),
    change_pct: body.change_pct == null ? null : Number(body.change_pct),
    reason: body.reason,
    author: "planner",
    created_at: new Date().toISOString(),
    origin: chain.to,
    model_version: 3,
    withdrawn_at: null,
    withdrawn_by: null,
    days,
  };
}

export const NO_VALUE: OverrideValue = {
  days: 0,
  wape_override: null,
  wape_model: null,
  wape_naive: null,
  value_added_vs_model: null,
  value_added_vs_naive: null,
  by_author: [],
  by_store: [],
};

/** Forecasts that met their sales, of one store or of all. */
export function fakeActuals(isOne: boolean): ForecastActuals {
  const measures = (points: number, wape: number, bias: number) => ({
    points,
    wape,
    bias,
    coverage_80: 0.81,
  });
  return {
    ...measures(isOne ? 36 : 40_000, 0.094, 0.011),
    by_horizon: [
      { from: 1, to: 7, ...measures(12, 0.081, 0.004) },
      { from: 8, to: 14, ...measures(12, 0.092, 0.01) },
      { from: 15, to: 28, ...measures(12, 0.108, 0.019) },
    ],
    by_week: [
      { date_from: "2015-07-13", ...measures(18, 0.089, 0.006) },
      { date_from: "2015-07-20", ...measures(18, 0.099, 0.016) },
    ],
    by_store: isOne ? [] : [3, 8, 21].map((store_id) => ({ store_id, ...measures(36, 0.2, -0.05) })),
  };
}
