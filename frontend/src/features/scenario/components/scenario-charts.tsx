import { useMemo } from "react";
import { Chart, type ChartState } from "../../../charts/chart.tsx";
import { drawDifferenceBars } from "../../../charts/difference-bars.ts";
import { LegendItem } from "../../../charts/legend-item.tsx";
import { drawScenarioLines } from "../../../charts/scenario-lines.ts";
import type { TableColumn } from "../../../components/table-column.ts";
import type { ScenarioComparison, ScenarioPoint } from "../../../lib/api-types.ts";
import { day, dayLong, money, moneyShortSigned, moneySigned, plural } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import classes from "./scenario-charts.module.css";
import { ScenarioMark } from "./scenario-mark.tsx";

/** Charts that are read together. */
const GROUP = "scenario-lab";

interface ScenarioChartsProps {
  comparison: ScenarioComparison | undefined;
  shown: number;
  otherwise: ChartState<ScenarioPoint>;
  isRefreshing: boolean;
}

/** Baseline and scenarios day by day, and below it what the shown one sells more or less. */
export function ScenarioCharts({ comparison, shown, otherwise, isRefreshing }: ScenarioChartsProps) {
  const drawn = useMemo(
    () => (comparison === undefined ? null : drawingsOf(comparison, shown)),
    [comparison, shown],
  );
  const scenarios = comparison?.scenarios ?? [];
  const level = Math.round((comparison?.request.confidence_level ?? 0.8) * 100);
  return (
    <>
      <Chart<ScenarioPoint>
        title="Day by day"
        unit="€ per day"
        height={320}
        group={GROUP}
        state={drawn === null ? otherwise : { status: "ready", ...drawn.lines, isRefreshing }}
        columns={COLUMNS}
        rowKey={(point) => point.date}
        fileName="scenario_by_day"
        legend={
          <>
            <LegendItem look="forecast">Baseline</LegendItem>
            {scenarios.map(({ name }, index) => (
              <span key={name} className={classes.legend}>
                <ScenarioMark index={index} />
                {name}
              </span>
            ))}
            <span>The tint is the {level}% interval of the one that is shown.</span>
          </>
        }
        foot={
          comparison && (
            <>
              Sales to {day(comparison.origin)} · {modelName(comparison.model_type)}
              {comparison.model_version !== null && <>, version {comparison.model_version}</>} · run{" "}
              {comparison.run_id} · “Untried” marks days on which the scenario asks for something that history
              has not seen: treat them as a guess.
            </>
          )
        }
      />
      {drawn !== null && (
        <Chart<ScenarioPoint>
          title="Difference to the baseline"
          unit="€ per day"
          height={200}
          group={GROUP}
          state={{ status: "ready", ...drawn.bars, isRefreshing }}
          columns={COLUMNS}
          rowKey={(point) => point.date}
          fileName="scenario_difference_by_day"
          legend={
            <>
              <span className={classes.legend}>
                <ScenarioMark index={shown} />
                {scenarios[shown]?.name}
              </span>
              <span>The thin lines span the {level}% interval; hollow bars are untried.</span>
            </>
          }
        />
      )}
    </>
  );
}

function drawingsOf(comparison: ScenarioComparison, shown: number) {
  const chosen = comparison.scenarios[shown];
  const points = chosen?.points ?? [];
  const stores = comparison.target.stores_count ?? 1;
  const level = Math.round(comparison.request.confidence_level * 100);
  return {
    lines: {
      draw: drawScenarioLines({
        days: points.map((point) => point.date),
        baseline: points.map((point) => (point.baseline_open === 0 ? null : point.baseline_sales)),
        scenarios: comparison.scenarios.map(({ name, points: days }) => ({
          name,
          values: days.map((point) => (point.open === 0 ? null : point.scenario_sales)),
        })),
        shown,
        limits: points.map((point) =>
          point.open === 0 || point.scenario_lower === null || point.scenario_upper === null
            ? null
            : { lower: point.scenario_lower, upper: point.scenario_upper },
        ),
        promo: points.map((point) => point.open > 0 && point.promo >= point.open / 2),
        closed: points.map((point) => point.open < stores * 0.1),
        extrapolated: points.map((point) => point.is_extrapolated),
        level,
      }),
      rows: points,
      summary: daysSentence(points),
    },
    bars: {
      draw: drawDifferenceBars(
        points.map((point) => ({
          date: point.date,
          delta: point.delta_sales,
          lower: point.delta_lower,
          upper: point.delta_upper,
          isExtrapolated: point.is_extrapolated,
        })),
        shown,
        level,
      ),
      rows: points,
      summary: differenceSentence(points),
    },
  };
}

/** How many days the scenario changes, and how many of them history cannot vouch for. */
export function daysSentence(
  points: readonly Pick<ScenarioPoint, "delta_sales" | "is_extrapolated">[],
): string {
  const changed = points.filter((point) => point.delta_sales !== 0).length;
  if (changed === 0) return "The scenario is the plan as it is: no day changes.";
  const untried = points.filter((point) => point.is_extrapolated).length;
  return `${changed} of ${plural(points.length, "day")} ${changed === 1 ? "changes" : "change"}${untried === 0 ? "" : `; on ${untried} the scenario leaves what history has seen`}.`;
}

/** The days that gain and lose most. */
export function differenceSentence(points: readonly Pick<ScenarioPoint, "date" | "delta_sales">[]): string {
  const most = points.reduce<(typeof points)[number] | null>(
    (best, point) => (best === null || point.delta_sales > best.delta_sales ? point : best),
    null,
  );
  const least = points.reduce<(typeof points)[number] | null>(
    (worst, point) => (worst === null || point.delta_sales < worst.delta_sales ? point : worst),
    null,
  );
  const words = [
    most !== null && most.delta_sales > 0
      ? `most gained on ${dayLong(most.date)}: ${moneyShortSigned(most.delta_sales)}`
      : null,
    least !== null && least.delta_sales < 0
      ? `most lost on ${dayLong(least.date)}: ${moneyShortSigned(least.delta_sales)}`
      : null,
  ].filter((word) => word !== null);
  if (words.length === 0) return "No day differs.";
  const text = words.join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const COLUMNS: TableColumn<ScenarioPoint>[] = [
  { key: "date", header: "Day", value: (point) => point.date, text: (point) => dayLong(point.date) },
  {
    key: "baseline_sales",
    header: "Baseline",
    align: "right",
    value: (point) => point.baseline_sales,
    text: (point) => money(point.baseline_sales),
  },
  {
    key: "scenario_sales",
    header: "Scenario",
    align: "right",
    value: (point) => point.scenario_sales,
    text: (point) => money(point.scenario_sales),
  },
  {
    key: "delta_sales",
    header: "Difference",
    align: "right",
    value: (point) => point.delta_sales,
    text: (point) => moneySigned(point.delta_sales),
  },
  {
    key: "delta_lower",
    header: "From",
    align: "right",
    value: (point) => point.delta_lower,
    text: (point) => moneySigned(point.delta_lower),
  },
  {
    key: "delta_upper",
    header: "to",
    align: "right",
    value: (point) => point.delta_upper,
    text: (point) => moneySigned(point.delta_upper),
  },
  {
    key: "extrapolation",
    header: "Not seen in history",
    value: (point) => point.extrapolation.join("; "),
  },
];
