import type { UseQueryResult } from "@tanstack/react-query";
import { Failure } from "../../../components/failure.tsx";
import { KpiCard, KpiCardFailure, KpiCardSkeleton } from "../../../components/kpi-card.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { KpiSummary, PromoImpactRow, SalesPoint } from "../../../lib/api-types.ts";
import { describeChange } from "../../../lib/change.ts";
import {
  count,
  countShort,
  MISSING,
  money,
  moneyFine,
  moneyShort,
  percentSigned,
  plural,
} from "../../../lib/format.ts";
import type { Comparison } from "../../../lib/period.ts";
import type { Scope } from "../../../lib/shared-filters.ts";
import { ratios, weekly } from "../../../lib/weekly.ts";
import { upliftSpread } from "../uplift-spread.ts";
import classes from "./store-analytics.module.css";

export const STORE_CARDS = ["Sales", "Customers per day", "Sales per customer", "Promo uplift"] as const;

interface StoreCardsProps {
  scope: Scope;
  wish: Comparison;
  kpi: UseQueryResult<KpiSummary>;
  daily: UseQueryResult<SalesPoint[]>;
  impact: UseQueryResult<PromoImpactRow[]>;
}

/** The chosen store, or the chain, in four figures. */
export function StoreCards({ scope, wish, kpi, daily, impact }: StoreCardsProps) {
  const names = STORE_CARDS.slice(0, 3);
  return (
    <section className={classes.cards} aria-label="Key figures">
      {kpi.isPending && names.map((name) => <KpiCardSkeleton key={name} name={name} />)}
      {kpi.isError && !kpi.data && (
        <Panel className={classes.wide} title="Figures of the period">
          <Failure what="The key figures" error={kpi.error} onRetry={() => void kpi.refetch()} />
        </Panel>
      )}
      {kpi.data && (
        <SalesCards
          kpi={kpi.data}
          points={daily.data ?? []}
          isRefreshing={kpi.isPlaceholderData}
          {...{ scope, wish }}
        />
      )}
      {(!kpi.isError || impact.data) && <UpliftCard impact={impact} isChain={scope.store === null} />}
    </section>
  );
}

interface SalesCardsProps extends Pick<StoreCardsProps, "scope" | "wish"> {
  kpi: KpiSummary;
  points: readonly SalesPoint[];
  isRefreshing: boolean;
}

function SalesCards({ scope, wish, kpi, points, isRefreshing }: SalesCardsProps) {
  const sales = weekly(points.map((point) => point.sales));
  const customers = weekly(points.map((point) => point.customers));
  const before = kpi.comparison;
  const shared = { wish, period: scope.period, compared: scope.comparison };
  const perOpenDay = (figures: KpiSummary | KpiSummary["comparison"]) =>
    figures && figures.open_store_days > 0 ? figures.total_customers / figures.open_store_days : null;
  return (
    <>
      <KpiCard
        name={STORE_CARDS[0]}
        definition="Sum of the sales of all days in the period."
        value={moneyShort(kpi.total_sales)}
        exact={money(kpi.total_sales)}
        change={describeChange({
          ...shared,
          now: kpi.total_sales,
          before: before?.total_sales,
          format: money,
        })}
        spark={sales}
        hint={`${plural(kpi.open_store_days, scope.store === null ? "open store day" : "open day")}`}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={STORE_CARDS[1]}
        definition="All customers of the period divided by the open store days: what one store sees on a day it is open."
        value={count(perOpenDay(kpi))}
        change={describeChange({
          ...shared,
          now: perOpenDay(kpi),
          before: perOpenDay(before),
          format: count,
        })}
        spark={customers}
        hint={`${countShort(kpi.total_customers)} in all`}
        isRefreshing={isRefreshing}
      />
      <KpiCard
        name={STORE_CARDS[2]}
        definition="All sales of the period divided by all customers of the period."
        value={moneyFine(kpi.sales_per_customer)}
        change={describeChange({
          ...shared,
          now: kpi.sales_per_customer,
          before: before?.sales_per_customer,
          format: moneyFine,
        })}
        spark={ratios(sales, customers)}
        hint={before?.sales_per_customer ? `${moneyFine(before.sales_per_customer)} before` : "Per receipt"}
        isRefreshing={isRefreshing}
      />
    </>
  );
}

function UpliftCard({ impact, isChain }: { impact: UseQueryResult<PromoImpactRow[]>; isChain: boolean }) {
  const name = STORE_CARDS[3];
  if (impact.isPending) return <KpiCardSkeleton name={name} />;
  if (impact.data === undefined)
    return (
      <KpiCardFailure name={name} message={impact.error.message} onRetry={() => void impact.refetch()} />
    );
  const spread = upliftSpread(impact.data);
  const promo = impact.data.find((row) => row.promo_flag === "promo");
  const usual = impact.data.find((row) => row.promo_flag === "no_promo");
  return (
    <KpiCard
      name={name}
      definition="By how much sales of open days from Monday to Friday are higher with a promotion than without, over the whole history. For all stores: the middle one of the stores' own figures."
      value={spread === null ? MISSING : percentSigned(spread.median)}
      hint={
        spread === null
          ? "Needs days with and without a promotion"
          : isChain
            ? `Median of ${plural(spread.stores, "store")}; half lie between ${percentSigned(spread.lower)} and ${percentSigned(spread.upper)}`
            : `Whole history: ${moneyShort(promo?.avg_sales_open)} an open promo day, ${moneyShort(usual?.avg_sales_open)} otherwise`
      }
      isRefreshing={impact.isPlaceholderData}
    />
  );
}
