import type { UseQueryResult } from "@tanstack/react-query";
import { KpiCard, KpiCardSkeleton } from "../../../components/kpi-card.tsx";
import { describeChange } from "../../../lib/change.ts";
import { addDays } from "../../../lib/days.ts";
import { dayLong, MISSING, money, moneyShort, percent, plural } from "../../../lib/format.ts";
import { type Comparison, comparisonPeriod, type Period } from "../../../lib/period.ts";
import { useKpiSummary } from "../../common/api/kpi-summary.ts";
import type { StoreForecast } from "../api/store-forecast.ts";
import { summarise } from "../forecast-summary.ts";
import classes from "./forecast-studio.module.css";

export const FORECAST_CARDS = ["Total forecast", "Average per day", "Peak day", "Interval width"] as const;

interface ForecastCardsProps {
  source: number | null;
  store: number | null;
  data: Period;
  horizon: number;
  wish: Comparison;
  forecast: UseQueryResult<StoreForecast>;
}

/** The forecast in four figures. */
export function ForecastCards({ source, store, data, horizon, wish, forecast }: ForecastCardsProps) {
  const coming = { from: addDays(data.to, 1), to: addDays(data.to, horizon) };
  const compared = comparisonPeriod(coming, wish, data);
  const base = useKpiSummary(
    { source, store, period: compared ?? coming, comparison: null },
    compared !== null && store !== null,
  );
  const [total, average, peak, width] = FORECAST_CARDS;
  // The chart below says what went wrong; saying it four times more would not help.
  if (forecast.data === undefined && forecast.isError) return null;
  if (forecast.data === undefined) {
    return (
      <section className={classes.cards} aria-label="The forecast in figures">
        {FORECAST_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </section>
    );
  }
  const sum = summarise(forecast.data.points);
  const isRefreshing = forecast.isPlaceholderData;
  const closed = forecast.data.points.length - sum.openDays;
  return (
    <section className={classes.cards} aria-label="The forecast in figures">
      <KpiCard
        name={total}
        definition="Sum of the forecast of all days; closed days count 0."
        value={moneyShort(sum.total)}
        exact={money(sum.total)}
        change={describeChange({
          now: sum.total,
          before: base.data?.total_sales,
          wish,
          period: coming,
          compared,
          format: money,
        })}
        hint={plural(forecast.data.points.length, "day")}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={average}
        definition="The total divided by all days, closed ones included."
        value={moneyShort(sum.average)}
        exact={money(sum.average)}
        change={describeChange({
          now: sum.average,
          before: base.data?.avg_daily_sales,
          wish,
          period: coming,
          compared,
          format: money,
        })}
        hint={`${plural(sum.openDays, "open day")}, ${closed} closed`}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={peak}
        definition="The day with the highest forecast."
        value={moneyShort(sum.peak?.sales)}
        exact={money(sum.peak?.sales)}
        hint={sum.peak ? dayLong(sum.peak.date) : "No day"}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={width}
        definition="Mean distance between the limits of the 80% interval over the days that have one: of ten days, eight are expected to fall inside."
        value={sum.meanWidth === null ? MISSING : moneyShort(sum.meanWidth)}
        exact={money(sum.meanWidth)}
        hint={
          sum.meanWidth === null || sum.openDays === 0
            ? "No interval for these days"
            : `± ${percent(sum.meanWidth / 2 / (sum.total / sum.openDays))} of an open day`
        }
        isRefreshing={isRefreshing}
      />
    </section>
  );
}
