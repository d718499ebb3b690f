import type { Batch } from "../../../lib/api-types.ts";
import { dayRange, moneyShort, oddsWords, plural } from "../../../lib/format.ts";

/** The page's answer in one sentence: who sells how much together, over which days, and how sure that is. */
export function PortfolioAnswer({ who, batch }: { who: string; batch: Batch | undefined }) {
  const first = batch?.portfolio_series[0];
  const last = batch?.portfolio_series.at(-1);
  if (batch === undefined || first === undefined || last === undefined) return <>&nbsp;</>;
  const sum = batch.portfolio_summary;
  return (
    <>
      {who} {sum.stores_count === 1 ? "is" : "are"} forecast to sell {moneyShort(sum.total_predicted_sales)}{" "}
      in the next {plural(sum.horizon_days, "day")}, {dayRange(first.date, last.date)}:{" "}
      {oddsWords(batch.request.confidence_level)} between {moneyShort(sum.total_lower)} and{" "}
      {moneyShort(sum.total_upper)}.
    </>
  );
}
