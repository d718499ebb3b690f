import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "react-router";
import { EmptyState } from "../../components/empty-state.tsx";
import { Failure } from "../../components/failure.tsx";
import { Panel } from "../../components/panel.tsx";
import type { ForecastActuals } from "../../lib/api-types.ts";
import { addDays } from "../../lib/days.ts";
import { count, dayRange, MISSING, percent, percentSigned, percentWhole, plural } from "../../lib/format.ts";
import { useSharedSearch } from "../../lib/use-shared-search.ts";
import classes from "./actuals-panel.module.css";

const SHOWN_WEEKS = 8;
const SHOWN_STORES = 8;

interface ActualsPanelProps {
  actuals: UseQueryResult<ForecastActuals>;
  /** With it the stores whose forecasts missed most are named. */
  withStores?: boolean;
}

/** How forecasts that were really given did, once the sales had come. */
export function ActualsPanel({ actuals, withStores = false }: ActualsPanelProps) {
  const found = actuals.data;
  return (
    <Panel
      title="Forecast against sales"
      summary="Forecasts that were given here, held against the sales that later loads brought. Open days only."
    >
      {actuals.isPending && <Skeleton height={160} />}
      {actuals.isError && found === undefined && (
        <Failure
          what="The comparison with sales"
          error={actuals.error}
          onRetry={() => void actuals.refetch()}
        />
      )}
      {found && found.points === 0 && (
        <EmptyState kind="not-computed" title="No forecast has met its sales yet">
          Every forecast is kept. When a load brings the sales of its days, this says how far off it was.
        </EmptyState>
      )}
      {found && found.points > 0 && <Actuals found={found} withStores={withStores} />}
    </Panel>
  );
}

function Actuals({ found, withStores }: { found: ForecastActuals; withStores: boolean }) {
  return (
    <>
      <p className={classes.words}>
        <strong>Off by {percent(found.wape)}</strong>
        <span>
          {" "}
          over {plural(found.points, "day")}; {biasWords(found.bias)};{" "}
          {found.coverage_80 === null
            ? "no interval to check"
            : `${percentWhole(found.coverage_80)} of days inside the 80% interval`}
          .
        </span>
      </p>
      <div className={classes.tables}>
        <Measures
          caption="By days ahead"
          head="Days ahead"
          rows={found.by_horizon.map((group) => ({ name: `${group.from}–${group.to}`, ...group }))}
        />
        {found.by_week.length > 0 && (
          <Measures
            caption="By week of sales"
            head="Week"
            rows={found.by_week
              .slice(-SHOWN_WEEKS)
              .toReversed()
              .map((week) => ({ name: dayRange(week.date_from, addDays(week.date_from, 6)), ...week }))}
          />
        )}
        {withStores && found.by_store.length > 0 && (
          <Measures
            caption="Stores that were missed most"
            head="Store"
            rows={found.by_store
              .slice(0, SHOWN_STORES)
              .map((store) => ({ name: String(store.store_id), store: store.store_id, ...store }))}
          />
        )}
      </div>
    </>
  );
}

type Measured = Pick<ForecastActuals, "points" | "wape" | "bias" | "coverage_80"> & {
  name: string;
  store?: number;
};

function Measures({ caption, head, rows }: { caption: string; head: string; rows: readonly Measured[] }) {
  return (
    <table className={classes.table}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">Off by</th>
          <th scope="col">Bias</th>
          <th scope="col">Inside 80%</th>
          <th scope="col">Days</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.store === undefined ? row.name : <StoreLink id={row.store} />}</th>
            <td>{percent(row.wape)}</td>
            <td>{percentSigned(row.bias)}</td>
            <td>{row.coverage_80 === null ? MISSING : percentWhole(row.coverage_80)}</td>
            <td>{count(row.points)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StoreLink({ id }: { id: number }) {
  const search = useSharedSearch({ store: id });
  return <Link to={{ pathname: "/forecast", search }}>{id}</Link>;
}

/** A bias in words: positive is over-forecast. */
export function biasWords(bias: number | null): string {
  if (bias === null) return "no bias to tell";
  if (Math.abs(bias) < 0.005) return "even on the whole";
  return `${percent(Math.abs(bias))} too ${bias > 0 ? "high" : "low"} on the whole`;
}
