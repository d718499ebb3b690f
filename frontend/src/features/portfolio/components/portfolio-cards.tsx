import { KpiCard, KpiCardSkeleton } from "../../../components/kpi-card.tsx";
import type { Batch } from "../../../lib/api-types.ts";
import { count, dayLong, money, moneyShort, percent, percentWhole } from "../../../lib/format.ts";
import classes from "./portfolio-planner.module.css";

export const PORTFOLIO_CARDS = ["Total forecast", "Average per day", "Peak day", "Stores"] as const;

interface PortfolioCardsProps {
  batch: Batch | undefined;
  isRefreshing: boolean;
  /** Share of the chain's sales so far that these stores made; null when unknown. */
  shareOfChain: number | null;
}

/** The portfolio in four figures. */
export function PortfolioCards({ batch, isRefreshing, shareOfChain }: PortfolioCardsProps) {
  const [total, average, peak, stores] = PORTFOLIO_CARDS;
  if (batch === undefined) {
    return (
      <section className={classes.cards} aria-label="The portfolio in figures">
        {PORTFOLIO_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </section>
    );
  }
  const sum = batch.portfolio_summary;
  const level = percentWhole(batch.request.confidence_level);
  const half = (sum.total_upper - sum.total_lower) / 2;
  return (
    <section className={classes.cards} aria-label="The portfolio in figures">
      <KpiCard
        name={total}
        definition={`Sum of the forecasts of all these stores over all days; closed days count 0. The interval is of the total itself: ${level} of such totals are expected to fall inside.`}
        value={moneyShort(sum.total_predicted_sales)}
        exact={money(sum.total_predicted_sales)}
        hint={
          sum.total_predicted_sales === 0
            ? "Every store is closed"
            : `± ${percent(half / sum.total_predicted_sales)}: ${moneyShort(sum.total_lower)} – ${moneyShort(sum.total_upper)} (${level})`
        }
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
        hint={shareOfChain === null ? undefined : `${percent(shareOfChain)} of the chain's sales so far`}
        isRefreshing={isRefreshing}
      />
    </section>
  );
}
