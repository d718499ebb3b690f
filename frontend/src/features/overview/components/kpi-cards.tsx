import type { UseQueryResult } from "@tanstack/react-query";
import { Failure } from "../../../components/failure.tsx";
import { KpiCard, KpiCardFailure, KpiCardSkeleton } from "../../../components/kpi-card.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { KpiSummary, SalesPoint } from "../../../lib/api-types.ts";
import { describeChange } from "../../../lib/change.ts";
import { addDays } from "../../../lib/days.ts";
import { count, countShort, money, moneyFine, moneyShort, percent } from "../../../lib/format.ts";
import { type Comparison, comparisonPeriod } from "../../../lib/period.ts";
import type { Scope } from "../../../lib/shared-filters.ts";
import { ratios, weekly } from "../../../lib/weekly.ts";
import { useKpiSummary } from "../../common/api/kpi-summary.ts";
import { OUTLOOK_DAYS, type Outlook } from "../api/outlook.ts";
import classes from "./overview.module.css";

export const CARD_NAMES = [
  "Sales",
  "Customers",
  "Sales per customer",
  "Open store days",
  "Promo share",
  "Next 6 weeks",
] as const;

interface KpiCardsProps {
  scope: Scope;
  wish: Comparison;
  kpi: UseQueryResult<KpiSummary>;
  daily: UseQueryResult<SalesPoint[]>;
  outlook: UseQueryResult<Outlook>;
  hasModel: boolean;
}

/** The row of figures: five of the period, one of the six weeks to come. */
export function KpiCards({ scope, wish, kpi, daily, outlook, hasModel }: KpiCardsProps) {
  const names = CARD_NAMES.slice(0, 5);

  return (
    <section className={classes.cards} aria-label="Key figures">
      {kpi.isPending && names.map((name) => <KpiCardSkeleton key={name} name={name} />)}
      {kpi.isError && !kpi.data && (
        <Panel className={classes.wide} title="Figures of the period">
          <Failure what="The key figures" error={kpi.error} onRetry={() => void kpi.refetch()} />
        </Panel>
      )}
      {kpi.data && (
        <PeriodCards
          {...{ scope, wish }}
          kpi={kpi.data}
          points={daily.data ?? []}
          isRefreshing={kpi.isPlaceholderData}
        />
      )}
      {(!kpi.isError || outlook.data) && <OutlookCard {...{ scope, wish, outlook, hasModel }} />}
    </section>
  );
}

interface PeriodCardsProps extends Pick<KpiCardsProps, "scope" | "wish"> {
  kpi: KpiSummary;
  points: readonly SalesPoint[];
  isRefreshing: boolean;
}

function PeriodCards({ scope, wish, kpi: now, points, isRefreshing }: PeriodCardsProps) {
  const { period, comparison } = scope;
  const of = (pick: (point: SalesPoint) => number | null) =>
    weekly(points.map((point) => pick(point) ?? Number.NaN));
  const sales = of((point) => point.sales);
  const customers = of((point) => point.customers);
  const open = of((point) => point.open);
  const promo = of((point) => point.promo);
  const before = now.comparison;
  const shared = { wish, period, compared: comparison };
  return (
    <>
      <KpiCard
        name="Sales"
        definition="Sum of the sales of all store days in the period. Source: fact_sales_daily, by /kpi/summary."
        value={moneyShort(now.total_sales)}
        exact={money(now.total_sales)}
        change={describeChange({
          ...shared,
          now: now.total_sales,
          before: before?.total_sales,
          format: money,
        })}
        spark={sales}
        hint={`${moneyShort(now.avg_daily_sales)} a day`}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name="Customers"
        definition="Sum of the customers of all store days; a day without a count adds nothing. A customer is one receipt."
        value={countShort(now.total_customers)}
        exact={count(now.total_customers)}
        change={describeChange({
          ...shared,
          now: now.total_customers,
          before: before?.total_customers,
          format: count,
        })}
        spark={customers}
        hint={
          now.open_store_days > 0
            ? `${count(now.total_customers / now.open_store_days)} per open store day`
            : undefined
        }
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name="Sales per customer"
        definition="All sales of the period divided by all customers of the period: a weighted figure, not a mean of daily means."
        value={moneyFine(now.sales_per_customer)}
        change={describeChange({
          ...shared,
          now: now.sales_per_customer,
          before: before?.sales_per_customer,
          format: moneyFine,
        })}
        spark={ratios(sales, customers)}
        hint={before?.sales_per_customer ? `${moneyFine(before.sales_per_customer)} before` : "Per receipt"}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name="Open store days"
        definition="Store days that are known to be open: one store open for one day counts one. A day whose state is unknown is not counted."
        value={now.open_store_days >= 10_000 ? countShort(now.open_store_days) : count(now.open_store_days)}
        exact={count(now.open_store_days)}
        change={describeChange({
          ...shared,
          now: now.open_store_days,
          before: before?.open_store_days,
          format: count,
          goodDirection: null,
        })}
        spark={open}
        hint={
          now.store_days > 0
            ? `${percent(now.open_store_days / now.store_days)} of all store days`
            : undefined
        }
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name="Promo share"
        definition="Open store days with a promotion, divided by all open store days."
        value={percent(now.promo_share)}
        change={describeChange({
          ...shared,
          now: now.promo_share,
          before: before?.promo_share,
          format: percent,
          goodDirection: null,
          isShare: true,
        })}
        spark={ratios(promo, open)}
        hint={`${count(now.promo_store_days)} store days`}
        isRefreshing={isRefreshing}
      />
    </>
  );
}

function OutlookCard({
  scope,
  wish,
  outlook,
  hasModel,
}: Pick<KpiCardsProps, "scope" | "wish" | "outlook" | "hasModel">) {
  const { source, store, data } = scope;
  const coming = { from: addDays(data.to, 1), to: addDays(data.to, OUTLOOK_DAYS) };
  const compared = comparisonPeriod(coming, wish, data);
  const base = useKpiSummary(
    { source, store, period: compared ?? coming, comparison: null },
    compared !== null,
  );
  const name = CARD_NAMES[5];
  if (!hasModel) {
    return (
      <KpiCard
        name={name}
        definition={OUTLOOK_DEFINITION}
        value="–"
        hint="Not computed yet: train a model with “npx rossmann train”"
        kind="forecast"
      />
    );
  }
  if (outlook.isPending) return <KpiCardSkeleton name={name} />;
  if (outlook.data === undefined) {
    return (
      <KpiCardFailure
        name={name}
        message={outlook.error?.message ?? ""}
        onRetry={() => void outlook.refetch()}
      />
    );
  }
  const { total, lower, upper, days } = outlook.data;
  return (
    <KpiCard
      name={name}
      definition={OUTLOOK_DEFINITION}
      value={moneyShort(total)}
      exact={money(total)}
      change={describeChange({
        now: total,
        before: base.data?.total_sales,
        wish,
        period: coming,
        compared,
        format: money,
      })}
      spark={weekly(days.map((entry) => entry.sales))}
      kind="forecast"
      hint={
        lower !== null && upper !== null
          ? `80%: ${moneyShort(lower)} – ${moneyShort(upper)}`
          : `${moneyShort(total / days.length)} a day`
      }
      isRefreshing={outlook.isPlaceholderData}
    />
  );
}

const OUTLOOK_DEFINITION =
  "Sum of the forecast for the 42 days after the data's last day, closed days at 0. The range is the 80% interval of the total, not the sum of the days' limits.";
