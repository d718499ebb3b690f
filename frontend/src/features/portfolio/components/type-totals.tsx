import { Panel } from "../../../components/panel.tsx";
import type { Batch } from "../../../lib/api-types.ts";
import { count, money, moneyShort, percent, percentWhole } from "../../../lib/format.ts";
import classes from "./type-totals.module.css";

/** The total of each store type with the interval of that total. Nothing when there is only one type. */
export function TypeTotals({ batch, isRefreshing }: { batch: Batch; isRefreshing: boolean }) {
  const types = batch.by_store_type;
  if (types.length < 2) return null;
  const whole = batch.portfolio_summary.total_predicted_sales;
  const most = Math.max(...types.map((type) => type.total_upper), 1);
  const width = (value: number) => `${Math.max(0, (value / most) * 100)}%`;
  return (
    <Panel
      title="By store type"
      summary={`Total over ${batch.request.horizon_days} days; the bar ends at the forecast, the line spans its ${percentWhole(batch.request.confidence_level)} interval.`}
      isRefreshing={isRefreshing}
    >
      <table className={classes.table}>
        <caption className="visually-hidden">Forecast by store type</caption>
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">Stores</th>
            <th scope="col" className={classes.barHead}>
              <span className="visually-hidden">Picture</span>
            </th>
            <th scope="col">Total</th>
            <th scope="col">Interval</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {types.map((type) => (
            <tr key={type.store_type ?? ""}>
              <th scope="row">{type.store_type ?? "unknown"}</th>
              <td>{count(type.stores_count)}</td>
              <td className={classes.barCell} aria-hidden>
                <div className={classes.track}>
                  <i className={classes.bar} style={{ width: width(type.total_predicted_sales) }} />
                  <i
                    className={classes.span}
                    style={{
                      left: width(type.total_lower),
                      width: width(type.total_upper - type.total_lower),
                    }}
                  />
                </div>
              </td>
              <td title={money(type.total_predicted_sales)}>{moneyShort(type.total_predicted_sales)}</td>
              <td title={`${money(type.total_lower)} – ${money(type.total_upper)}`}>
                {moneyShort(type.total_lower)} – {moneyShort(type.total_upper)}
              </td>
              <td>{percent(whole === 0 ? null : type.total_predicted_sales / whole)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
