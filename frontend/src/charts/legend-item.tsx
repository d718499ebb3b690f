import classes from "./legend-item.module.css";

interface LegendItemProps {
  look:
    | "history"
    | "average"
    | "forecast"
    | "band80"
    | "band95"
    | "promo"
    | "closed"
    | "known"
    | "projected"
    | "corrected";
  children: string;
}

/** A line, tint or pattern of a chart with the word for it. */
export function LegendItem({ look, children }: LegendItemProps) {
  return (
    <span className={classes.item}>
      <i className={classes.sign} data-look={look} aria-hidden />
      {children}
    </span>
  );
}
