import type { BacktestRow } from "@rossmann/ml";
import { textTable } from "./text-table.ts";

const percent = (ratio: number | undefined) => (ratio === undefined ? "" : (100 * ratio).toFixed(1));

/** One line per model: the mean over the origins, best first. RMSPE, WAPE, bias and coverage in percent. */
export function modelTable(rows: readonly BacktestRow[]): string {
  const whole = rows.filter((row) => row.kind === "all");
  const models = [...new Set(whole.map((row) => row.model))].map((model) => {
    const own = whole.filter((row) => row.model === model);
    const average = (pick: (row: BacktestRow) => number | undefined) =>
      mean(own.map(pick).filter((value) => value !== undefined));
    return {
      model,
      rmspe: average((row) => row.measures.rmspe),
      wape: average((row) => row.measures.wape),
      bias: average((row) => row.measures.bias),
      coverage: average((row) => row.measures.coverage_80),
      worst: Math.max(...own.map((row) => row.measures.rmspe)),
    };
  });
  return textTable(
    ["model", "RMSPE %", "worst origin %", "WAPE %", "bias %", "inside 80 % interval"],
    models
      .sort((a, b) => a.rmspe - b.rmspe)
      .map((m) => [
        m.model,
        percent(m.rmspe),
        percent(m.worst),
        percent(m.wape),
        percent(m.bias),
        percent(m.coverage),
      ]),
  );
}

/** One line per model and origin: RMSPE in percent. */
export function originTable(rows: readonly BacktestRow[]): string {
  const whole = rows.filter((row) => row.kind === "all");
  const origins = [...new Set(whole.map((row) => row.origin))].sort().reverse();
  const models = [...new Set(whole.map((row) => row.model))];
  const cell = (model: string, origin: string) =>
    percent(whole.find((row) => row.model === model && row.origin === origin)?.measures.rmspe);
  return textTable(
    ["RMSPE % from origin", ...origins],
    models.map((model) => [model, ...origins.map((origin) => cell(model, origin))]),
  );
}

/** RMSPE of each model at each horizon group, mean over the origins, in percent. */
export function horizonTable(rows: readonly BacktestRow[]): string {
  const groups = rows.filter((row) => row.kind === "horizon");
  const segments = [...new Set(groups.map((row) => row.segment))];
  const models = [...new Set(groups.map((row) => row.model))];
  const cell = (model: string, segment: string) =>
    percent(
      mean(
        groups
          .filter((row) => row.model === model && row.segment === segment)
          .map((row) => row.measures.rmspe),
      ),
    );
  return textTable(
    ["RMSPE % at days ahead", ...segments],
    models.map((model) => [model, ...segments.map((segment) => cell(model, segment))]),
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
