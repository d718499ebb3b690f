import { money, moneySigned } from "../../lib/format.ts";
import classes from "./signed-bars.module.css";

export interface SignedBar {
  name: string;
  note?: string;
  value: number;
}

interface SignedBarsProps {
  label: string;
  /** What the parts are added to; it has no bar, since it would dwarf them. */
  start?: SignedBar;
  bars: readonly SignedBar[];
  total: { name: string; value: number };
}

/** Parts of a sum to the right and left of 0, and the sum below. The figure beside each bar says what its length says. */
export function SignedBars({ label, start, bars, total }: SignedBarsProps) {
  const low = Math.min(0, ...bars.map((bar) => bar.value));
  const high = Math.max(0, ...bars.map((bar) => bar.value));
  const span = high - low || 1;
  const percent = (value: number) => `${(value / span) * 100}%`;
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">{label}</caption>
      <tbody>
        {start && (
          <tr>
            <th scope="row">
              {start.name}
              {start.note && <small>{start.note}</small>}
            </th>
            <td aria-hidden />
            <td>{money(start.value)}</td>
          </tr>
        )}
        {bars.map((bar) => (
          <tr key={bar.name}>
            <th scope="row">
              {bar.name}
              {bar.note && <small>{bar.note}</small>}
            </th>
            <td className={classes.barCell} aria-hidden>
              <div className={classes.track}>
                <i
                  data-sign={bar.value < 0 ? "minus" : "plus"}
                  style={{
                    left: percent(Math.min(0, bar.value) - low),
                    width: percent(Math.abs(bar.value)),
                  }}
                />
                <b style={{ left: percent(-low) }} />
              </div>
            </td>
            <td>{moneySigned(bar.value)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{total.name}</th>
          <td aria-hidden />
          <td>{start ? money(total.value) : moneySigned(total.value)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
