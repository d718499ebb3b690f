import classes from "./sparkline.module.css";

interface SparklineProps {
  /** In time order; fewer than two, or only missing ones, draw nothing. NaN breaks the line. */
  values: readonly number[];
  /** `forecast` is dashed and in the accent. */
  kind?: "history" | "forecast";
}

const WIDTH = 120;
const HEIGHT = 28;
const MARGIN = 2;

/** A small line without axes: the shape only. The figures are beside it, so it is hidden from screen readers. */
export function Sparkline({ values, kind = "history" }: SparklineProps) {
  const path = sparklinePath(values);
  return (
    <svg
      className={classes.sparkline}
      data-kind={kind}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {path !== "" && <path d={path} />}
    </svg>
  );
}

/** The path of a sparkline in its own box; empty when there is nothing to draw. A flat series is a line at mid height. */
export function sparklinePath(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return "";
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  let path = "";
  let isDrawing = false;
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      isDrawing = false;
      return;
    }
    const x = (i / (values.length - 1)) * WIDTH;
    const share = span === 0 ? 0.5 : (value - low) / span;
    const y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
    path += `${isDrawing ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDrawing = true;
  });
  return path;
}
