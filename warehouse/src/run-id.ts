import { randomBytes } from "node:crypto";

/** `<prefix>_<YYYYMMDDTHHMMSSZ>_<8 hex>`: sorts by time, unique among processes. */
export function newRunId(
  prefix: "etl" | "ml" | "forecast" | "forecast_batch" | "forecast_scenario" | "scenario_v2" | "predict",
): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return `${prefix}_${stamp}_${randomBytes(4).toString("hex")}`;
}
