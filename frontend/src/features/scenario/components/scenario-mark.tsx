import { SCENARIOS } from "../../../charts/tokens.ts";
import classes from "./scenario-mark.module.css";

/** The colour of a scenario, the same in editors, tables and charts; the number beside it says which one it is. */
export function ScenarioMark({ index }: { index: number }) {
  return (
    <i
      className={classes.mark}
      style={{ background: `var(${SCENARIOS[index] ?? "--r-muted"})` }}
      aria-hidden
    />
  );
}
