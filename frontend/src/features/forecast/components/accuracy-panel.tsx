import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "react-router";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Panel } from "../../../components/panel.tsx";
import { ApiError } from "../../../lib/api.ts";
import type { ForecastAccuracy } from "../../../lib/api-types.ts";
import { count, dayRange, percent, percentSigned, percentWhole, plural } from "../../../lib/format.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import { usuallyWithin } from "../usually-within.ts";
import classes from "./accuracy-panel.module.css";

/** How far off the model was when it was put to the test on days it had not seen. */
export function AccuracyPanel({
  accuracy,
  horizon,
}: {
  accuracy: UseQueryResult<ForecastAccuracy>;
  horizon: number;
}) {
  const isNotComputed = accuracy.error instanceof ApiError && accuracy.error.status === 404;
  return (
    <Panel
      title="How sure is it?"
      summary="From the last backtest: forecasts of days that the model had not seen."
    >
      {accuracy.isPending && <Skeleton height={260} />}
      {isNotComputed && (
        <EmptyState kind="not-computed" title="Not tested yet">
          A backtest is made with every training: <code>npx rossmann train</code>.
        </EmptyState>
      )}
      {accuracy.isError && !isNotComputed && accuracy.data === undefined && (
        <Failure what="The accuracy" error={accuracy.error} onRetry={() => void accuracy.refetch()} />
      )}
      {accuracy.data && <Accuracy accuracy={accuracy.data} horizon={horizon} />}
    </Panel>
  );
}

function Accuracy({ accuracy, horizon }: { accuracy: ForecastAccuracy; horizon: number }) {
  const search = useSharedSearch();
  const within = usuallyWithin(accuracy);
  const origins = accuracy.origins.toSorted();
  const [first, last] = [origins[0], origins.at(-1)];
  if (within === null || first === undefined || last === undefined) {
    return (
      <EmptyState kind="not-computed" title="No day of this store was tested">
        The store may be too young for the backtest.
      </EmptyState>
    );
  }
  const longest = Math.max(...accuracy.horizon_groups.map((group) => group.to));
  return (
    <>
      <p className={classes.words}>
        <strong>{within}</strong>
        <span>of the real sales of a day</span>
      </p>
      <table className={classes.table}>
        <caption className="visually-hidden">Accuracy by days ahead</caption>
        <thead>
          <tr>
            <th scope="col">Days ahead</th>
            <th scope="col">Off by</th>
            <th scope="col">Inside 80%</th>
          </tr>
        </thead>
        <tbody>
          {accuracy.horizon_groups.map((group) => (
            <tr key={group.from} data-asked={group.from <= horizon || undefined}>
              <th scope="row">
                {group.from}–{group.to}
              </th>
              <td>{percent(group.wape)}</td>
              <td>{group.coverage_80 === null ? "–" : `${percentWhole(group.coverage_80)} of days`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.note}>
        “Off by” is the sum of all errors against the sum of sales (WAPE).{" "}
        {horizon > longest && `Days beyond ${longest} were not tested; expect them to be less sure. `}
        {accuracy.bias !== null &&
          `On the whole the model is ${percentSigned(accuracy.bias)} off${Math.abs(accuracy.bias) < 0.01 ? ", close to even" : accuracy.bias > 0 ? ": it forecasts too much" : ": it forecasts too little"}. `}
        {count(accuracy.points)} days from {plural(origins.length, "starting point")}, {dayRange(first, last)}
        . More in <Link to={{ pathname: "/model-intelligence", search }}>Model Intelligence</Link>.
      </p>
    </>
  );
}
