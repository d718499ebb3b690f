import type { ChartTokens } from "../src/charts/tokens.ts";

/** Colours for tests, where there is no page to read them from. */
export const testTokens: ChartTokens = {
  surface: "#ffffff",
  ink: "#000001",
  ink2: "#000002",
  muted: "#000003",
  faint: "#000004",
  line: "#000005",
  lineStrong: "#000006",
  hover: "#000007",
  accent: "#00ff01",
  band80: "#00ff02",
  band95: "#00ff03",
  promo: "#0000ff",
  closed: "#777777",
  good: "#00aa00",
  warn: "#aaaa00",
  bad: "#aa0000",
  heatLow: "#eeeeee",
  heatHigh: "#003300",
  scenarios: ["#aa0001", "#aa0002", "#aa0003"],
  categories: ["#100000", "#200000", "#300000", "#400000", "#500000", "#600000", "#700000", "#800000"],
  isMoving: false,
};
