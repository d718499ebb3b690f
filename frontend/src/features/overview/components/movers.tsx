import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "react-router";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { StoreMover } from "../../../lib/api-types.ts";
import { daysInRange } from "../../../lib/days.ts";
import { moneyShort, moneyShortSigned, percentSigned } from "../../../lib/format.ts";
import type { Period } from "../../../lib/period.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import classes from "./movers.module.css";

interface MoversProps {
  movers: UseQueryResult<StoreMover[]>;
  period: Period;
  /** Whether the data reaches back over the period before. */
  hasEarlier: boolean;
}

/** "What changed": the stores that moved most, a sentence each, and a link that carries the filters. */
export function Movers({ movers, period, hasEarlier }: MoversProps) {
  const days = daysInRange(period.from, period.to);
  const list = movers.data ?? [];
  const largest = Math.max(1, ...list.map((mover) => Math.abs(mover.change)));
  return (
    <Panel
      title="What changed"
      summary={`The stores that moved most against the ${days === 1 ? "day" : `${days} days`} before.`}
      isRefreshing={movers.isPlaceholderData}
    >
      {movers.isPending && <Skeleton height={240} />}
      {movers.isError && !movers.data && (
        <Failure what="What changed" error={movers.error} onRetry={() => void movers.refetch()} />
      )}
      {movers.data && (list.length === 0 || !hasEarlier) && (
        <EmptyState kind="no-match" title="Nothing to compare with">
          The data does not reach back over the {days} days before this period. Choose a shorter one.
        </EmptyState>
      )}
      {list.length > 0 && hasEarlier && (
        <ol className={classes.list}>
          {list.map((mover) => (
            <Mover key={mover.store_id} mover={mover} share={Math.abs(mover.change) / largest} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Mover({ mover, share }: { mover: StoreMover; share: number }) {
  const search = useSharedSearch({ store: mover.store_id });
  const isUp = mover.change >= 0;
  return (
    <li className={classes.mover}>
      <span className={classes.words}>
        <Link to={{ pathname: "/store-analytics", search }}>Store {mover.store_id}</Link>
        {mover.store_type && <span className={classes.type}> type {mover.store_type}</span>}
        <span className={classes.sentence}>
          {mover.previous_sales === 0
            ? `Sold ${moneyShort(mover.sales)} after nothing at all.`
            : mover.sales === 0
              ? `Sold nothing after ${moneyShort(mover.previous_sales)}.`
              : `Sold ${moneyShort(mover.sales)}, ${isUp ? "up from" : "down from"} ${moneyShort(mover.previous_sales)}.`}
        </span>
      </span>
      <span className={classes.bar} aria-hidden>
        <span data-tone={isUp ? "up" : "down"} style={{ width: `${Math.max(2, share * 100)}%` }} />
      </span>
      <span className={classes.change} data-tone={isUp ? "up" : "down"}>
        {moneyShortSigned(mover.change)}
        <span className={classes.percent}>
          {percentSigned(mover.change_pct === null ? null : mover.change_pct / 100)}
        </span>
      </span>
    </li>
  );
}
