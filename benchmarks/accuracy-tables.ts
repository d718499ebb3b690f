/** The tables of the model card from what `rossmann train --json` says. */

interface Row {
  model: string;
  origin: string;
  kind: string;
  segment: string;
  points: number;
  measures: Record<string, number>;
}

/** Markdown: every model at every origin, for near and far days; then how often the chosen model's intervals held. */
export function accuracyTables(answer: {
  model_type: string;
  backtest: Row[];
  long_backtest: Row[];
}): string {
  const { backtest, long_backtest: far } = answer;
  const farModel = bestOf(far);
  return [
    "Days 1 to 42 (RMSPE / WAPE / bias)",
    byOrigin(backtest),
    "Days 43 to 180",
    byOrigin(far),
    `Inside the intervals of ${answer.model_type} (far days: ${farModel})`,
    "| | 80 % | 90 % | 95 % |\n|---|---|---|---|",
    ...["all", "horizon", "store_decile", "weekday"].map((kind) =>
      coverage(backtest, answer.model_type, kind, ""),
    ),
    ...["all", "horizon", "store_decile"].map((kind) => coverage(far, farModel, kind, "far ")),
  ].join("\n");
}

function byOrigin(rows: Row[]): string {
  const all = rows.filter((row) => row.kind === "all");
  const models = [...new Set(all.map((row) => row.model))];
  const origins = [...new Set(all.map((row) => row.origin))];
  const cell = (own: Row[]) =>
    ["rmspe", "wape", "bias"]
      .map((name) => mean(own.map((row) => row.measures[name])).toFixed(name === "rmspe" ? 4 : 3))
      .join(" / ");
  const line = (name: string, of: (row: Row) => boolean) =>
    `| ${name} | ${models.map((model) => cell(all.filter((row) => row.model === model && of(row)))).join(" | ")} |`;
  return [
    `| Origin | ${models.join(" | ")} |`,
    `|---|${"---|".repeat(models.length)}`,
    ...origins.map((origin) => line(origin, (row) => row.origin === origin)),
    line("mean", () => true),
  ].join("\n");
}

/** The model with the lowest mean RMSPE. */
function bestOf(rows: Row[]): string {
  const groups = Map.groupBy(
    rows.filter((row) => row.kind === "all"),
    (row) => row.model,
  );
  const scores = [...groups].map(([model, own]) => ({
    model,
    error: mean(own.map((row) => row.measures.rmspe)),
  }));
  return scores.sort((a, b) => a.error - b.error)[0]?.model ?? "none";
}

/** Smallest and largest coverage among the segments of a kind, over all origins. */
function coverage(rows: Row[], model: string, kind: string, prefix: string): string {
  const segments = Map.groupBy(
    rows.filter((row) => row.model === model && row.kind === kind),
    (row) => row.segment,
  );
  const levels = ["coverage_80", "coverage_90", "coverage_95"].map((name) => {
    const shares = [...segments.values()].map((own) => {
      const points = own.reduce((sum, row) => sum + row.points, 0);
      return (100 * own.reduce((sum, row) => sum + row.points * row.measures[name], 0)) / points;
    });
    const [low, high] = [Math.min(...shares).toFixed(1), Math.max(...shares).toFixed(1)];
    return low === high ? low : `${low} to ${high}`;
  });
  return `| ${prefix}${kind} | ${levels.join(" | ")} |`;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
