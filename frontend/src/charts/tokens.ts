/** Colours of a chart, read from the page's own variables so that chart and page never differ. */
export interface ChartTokens {
  surface: string;
  ink: string;
  ink2: string;
  muted: string;
  faint: string;
  line: string;
  lineStrong: string;
  hover: string;
  accent: string;
  band80: string;
  band95: string;
  promo: string;
  closed: string;
  good: string;
  warn: string;
  bad: string;
  heatLow: string;
  heatHigh: string;
  /** Colours of the scenarios beside a baseline, in their order. */
  scenarios: readonly string[];
  /** Eight colours for things that have none of their own; always dealt in this order. */
  categories: readonly string[];
  isMoving: boolean;
}

const NAMES = {
  surface: "--r-surface",
  ink: "--r-ink",
  ink2: "--r-ink-2",
  muted: "--r-muted",
  faint: "--r-faint",
  line: "--r-line",
  lineStrong: "--r-line-strong",
  hover: "--r-hover",
  accent: "--r-accent",
  band80: "--r-band-80",
  band95: "--r-band-95",
  promo: "--r-promo",
  closed: "--r-closed",
  good: "--r-good",
  warn: "--r-warn",
  bad: "--r-bad",
  heatLow: "--r-heat-0",
  heatHigh: "--r-heat-1",
} as const;

/** The page's variables for them; the same wherever a scenario is marked. */
export const SCENARIOS = ["--r-scenario", "--r-cat-3", "--r-cat-1"] as const;

/** The colours that hold now; asks the page, so call it again when the theme changes. */
export function readChartTokens(): ChartTokens {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const colours = Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, read(name)]));
  return {
    ...(colours as Record<keyof typeof NAMES, string>),
    scenarios: SCENARIOS.map(read),
    categories: Array.from({ length: 8 }, (_, i) => read(`--r-cat-${i + 1}`)),
    isMoving: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}
