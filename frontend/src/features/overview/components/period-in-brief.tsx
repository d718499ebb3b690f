import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Failure } from "../../../components/failure.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { SalesPoint } from "../../../lib/api-types.ts";
import { daysInRange, weekdayOf } from "../../../lib/days.ts";
import { dayLong, money, moneyShort, percentSigned, plural, weekdayName } from "../../../lib/format.ts";
import type { Period } from "../../../lib/period.ts";
import { weekly } from "../../../lib/weekly.ts";
import classes from "./period-in-brief.module.css";

interface PeriodInBriefProps {
  daily: UseQueryResult<SalesPoint[]>;
  period: Period;
  isChain: boolean;
}

const WEEKS_OF_TREND = 4;

/** The period in a few facts: span, best and weakest day, weekday that sells most, where it is heading. */
export function PeriodInBrief({ daily, period, isChain }: PeriodInBriefProps) {
  return (
    <Panel
      title="The period in brief"
      summary={isChain ? "Days with hardly a store open are left out." : "Closed days are left out."}
      isRefreshing={daily.isPlaceholderData}
    >
      {daily.isPending && <Skeleton height={240} />}
      {daily.isError && !daily.data && (
        <Failure what="The period in brief" error={daily.error} onRetry={() => void daily.refetch()} />
      )}
      {daily.data && (
        <dl className={classes.facts}>
          {facts(daily.data, period).map(({ name, value, note }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {value}
                {note && <span>{note}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

interface Fact {
  name: string;
  value: string;
  note?: string;
}

/** The facts of a daily series; what cannot be said of a short one is a dash. */
export function facts(points: readonly SalesPoint[], period: Period): Fact[] {
  const open = points.filter(isOpenDay).toSorted((a, b) => b.sales - a.sales);
  const best = open[0];
  const weakest = open.at(-1);
  const byWeekday = Array.from({ length: 7 }, (_, i) => {
    const sales = open.filter((point) => weekdayOf(point.date) === i + 1).map((point) => point.sales);
    return {
      weekday: i + 1,
      mean: sales.length === 0 ? Number.NaN : sales.reduce((a, b) => a + b, 0) / sales.length,
    };
  });
  const strongest = byWeekday
    .filter((entry) => Number.isFinite(entry.mean))
    .toSorted((a, b) => b.mean - a.mean)[0];
  return [
    {
      name: "Span",
      value: plural(daysInRange(period.from, period.to), "day"),
      note: plural(points.length, "day with rows", "days with rows"),
    },
    { name: "Best day", value: best ? money(best.sales) : "–", note: best && dayLong(best.date) },
    {
      name: "Weakest day",
      value: weakest ? money(weakest.sales) : "–",
      note: weakest && dayLong(weakest.date),
    },
    {
      name: "Strongest weekday",
      value: strongest ? weekdayName(strongest.weekday) : "–",
      note: strongest && `${moneyShort(strongest.mean)} on average`,
    },
    { name: "Direction", ...direction(points) },
  ];
}

function isOpenDay(point: SalesPoint): boolean {
  if (point.store_id !== null) return point.open !== 0;
  const stores = point.stores_count ?? 0;
  return stores === 0 || (point.open ?? 0) / stores >= 0.1;
}

/** The last four weeks against the four before: two days would compare a Sunday with a Monday. */
function direction(points: readonly SalesPoint[]): Omit<Fact, "name"> {
  const weeks = weekly(points.map((point) => point.sales));
  if (points.length < 2 * WEEKS_OF_TREND * 7) return { value: "–", note: "needs eight weeks" };
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const last = sum(weeks.slice(-WEEKS_OF_TREND));
  const before = sum(weeks.slice(-2 * WEEKS_OF_TREND, -WEEKS_OF_TREND));
  return {
    value: before === 0 ? "–" : percentSigned((last - before) / before),
    note: "last 4 weeks vs the 4 before",
  };
}
