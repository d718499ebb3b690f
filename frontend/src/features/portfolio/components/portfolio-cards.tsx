import type { UseQueryResult } from "@tanstack/react-query";
import { KpiCard, KpiCardSkeleton } from "../../../components/kpi-card.tsx";
import type { BatchForecast } from "../../../lib/api-types.ts";
import { count, dayLong, money, moneyShort, percentWhole, plural } from "../../../lib/format.ts";
import classes from "./portfolio-planner.module.css";

export const PORTFOLIO_CARDS = ["Total forecast", "Average per day", "Peak day", "Stores"] as const;

interface PortfolioCardsProps {
  forecast: UseQueryResult<BatchForecast>;
  /** Share of the chain's sales so far that these stores made; null when unknown. */
  shareOfChain: number | null;
}

/** The portfolio in four figures. */
export function PortfolioCards({ forecast, shareOfChain }: PortfolioCardsProps) {
  const [total, average, peak, stores] = PORTFOLIO_CARDS;
  // The chart below says what went wrong; saying it four times more would not help.
  if (forecast.data === undefined && forecast.isError) return null;
  if (forecast.data === undefined) {
    return (
      <section className={classes.cards} aria-label="The portfolio in figures">
        {PORTFOLIO_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </section>
    );
  }
  const sum = forecast.data.portfolio_summary;
  const isRefreshing = forecast.isPlaceholderData;
  return (
    <section className={classes.cards} aria-label="The portfolio in figures">
      <KpiCard
        name={total}
        definition="Sum of the forecasts of all these stores over all days; closed days count 0."
        value={moneyShort(sum.total_predicted_sales)}
        exact={money(sum.total_predicted_sales)}
        hint={plural(sum.horizon_days, "day")}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={average}
        definition="The total divided by all days, closed ones included."
        value={moneyShort(sum.avg_daily_sales)}
        exact={money(sum.avg_daily_sales)}
        hint={`${moneyShort(sum.stores_count === 0 ? null : sum.avg_daily_sales / sum.stores_count)} a store`}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={peak}
        definition="The day on which these stores are forecast to sell most together."
        value={moneyShort(sum.peak_sales)}
        exact={money(sum.peak_sales)}
        hint={sum.peak_date ? dayLong(sum.peak_date) : "No day"}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={stores}
        definition="Stores in this portfolio that have a forecast, and what part of the chain's sales so far they made."
        value={count(sum.stores_count)}
        hint={shareOfChain === null ? undefined : `${percentWhole(shareOfChain)} of the chain's sales so far`}
        isRefreshing={isRefreshing}
      />
    </section>
  );
}
