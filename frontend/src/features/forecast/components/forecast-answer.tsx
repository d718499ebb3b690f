import type { ForecastAccuracy, ForecastPoint } from "../../../lib/api-types.ts";
import { dayRange, moneyShort, plural } from "../../../lib/format.ts";
import { usuallyWithin } from "../usually-within.ts";

interface ForecastAnswerProps {
  store: number | null;
  horizon: number;
  points: readonly ForecastPoint[] | undefined;
  accuracy: ForecastAccuracy | undefined;
}

/** The page's answer in one sentence: how much, over which days, and how sure. */
export function ForecastAnswer({ store, horizon, points, accuracy }: ForecastAnswerProps) {
  const first = points?.[0];
  const last = points?.at(-1);
  if (first === undefined || last === undefined || points === undefined) return <>&nbsp;</>;
  const total = points.reduce((sum, point) => sum + point.predicted_sales, 0);
  const within = usuallyWithin(accuracy);
  return (
    <>
      Store {store} is forecast to sell {moneyShort(total)} in the next {plural(horizon, "day")},{" "}
      {dayRange(first.date, last.date)}.{within && ` A day is ${within} of what is really sold.`}
    </>
  );
}
