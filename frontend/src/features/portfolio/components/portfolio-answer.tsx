import type { BatchForecast } from "../../../lib/api-types.ts";
import { dayRange, moneyShort, plural } from "../../../lib/format.ts";

/** The page's answer in one sentence: who sells how much together, over which days. */
export function PortfolioAnswer({ who, forecast }: { who: string; forecast: BatchForecast | undefined }) {
  const first = forecast?.portfolio_series[0];
  const last = forecast?.portfolio_series.at(-1);
  if (forecast === undefined || first === undefined || last === undefined) return <>&nbsp;</>;
  const sum = forecast.portfolio_summary;
  return (
    <>
      {who} {sum.stores_count === 1 ? "is" : "are"} forecast to sell {moneyShort(sum.total_predicted_sales)}{" "}
      in the next {plural(sum.horizon_days, "day")}, {dayRange(first.date, last.date)}.
    </>
  );
}
