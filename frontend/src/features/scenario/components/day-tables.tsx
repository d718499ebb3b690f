import { Badge } from "../../../components/badge.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { LazyTable } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { ScenarioPoint } from "../../../lib/api-types.ts";
import { dayLong, money, moneySigned } from "../../../lib/format.ts";
import { riskDays, upsideDays, worstCase } from "../day-ranking.ts";
import classes from "./scenario-lab.module.css";

interface DayTablesProps {
  points: readonly ScenarioPoint[];
  /** "80%" */
  level: string;
  isRefreshing: boolean;
}

/** The days on which a scenario gains most, and those on which it may lose. */
export function DayTables({ points, level, isRefreshing }: DayTablesProps) {
  const upside = upsideDays(points);
  const risk = riskDays(points);
  return (
    <div className={classes.pair}>
      <Panel
        title="Upside days"
        summary="Where the scenario sells most above the baseline."
        isFlush
        isRefreshing={isRefreshing}
      >
        <LazyTable
          label="Upside days"
          columns={[...COMMON, best(level)]}
          rows={upside}
          rowKey={(point) => point.date}
          empty={
            <EmptyState kind="no-match" title="No day gains">
              The scenario sells no more than the baseline on any day.
            </EmptyState>
          }
        />
      </Panel>
      <Panel
        title="Risk days"
        summary={`Where it may fall furthest below the baseline: the low end of the difference's ${level} interval.`}
        isFlush
        isRefreshing={isRefreshing}
      >
        <LazyTable
          label="Risk days"
          columns={[...COMMON, worst(level)]}
          rows={risk}
          rowKey={(point) => point.date}
          empty={
            <EmptyState kind="no-match" title="No day is at risk">
              Even at the low end of its interval no day falls below the baseline.
            </EmptyState>
          }
        />
      </Panel>
    </div>
  );
}

const COMMON: TableColumn<ScenarioPoint>[] = [
  {
    key: "date",
    header: "Day",
    value: (point) => point.date,
    cell: (point) => (
      <>
        {dayLong(point.date)}{" "}
        {point.is_extrapolated && (
          <span title={point.extrapolation.join("; ")}>
            <Badge tone="warn">Untried</Badge>
          </span>
        )}
      </>
    ),
  },
  {
    key: "baseline_sales",
    header: "Baseline",
    align: "right",
    value: (point) => point.baseline_sales,
    text: (point) => money(point.baseline_sales),
  },
  {
    key: "delta_sales",
    header: "Difference",
    align: "right",
    value: (point) => point.delta_sales,
    text: (point) => moneySigned(point.delta_sales),
  },
];

const best = (level: string): TableColumn<ScenarioPoint> => ({
  key: "delta_upper",
  header: "At best",
  unit: level,
  align: "right",
  value: (point) => point.delta_upper,
  text: (point) => moneySigned(point.delta_upper),
});

const worst = (level: string): TableColumn<ScenarioPoint> => ({
  key: "delta_lower",
  header: "At worst",
  unit: level,
  align: "right",
  value: worstCase,
  text: (point) => moneySigned(worstCase(point)),
});
