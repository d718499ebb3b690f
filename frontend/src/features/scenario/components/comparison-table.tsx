import { CsvButton } from "../../../components/csv-button.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { ScenarioComparison } from "../../../lib/api-types.ts";
import { count, MISSING, money, moneySigned, percentSigned, percentWhole } from "../../../lib/format.ts";
import classes from "./comparison-table.module.css";
import { ScenarioMark } from "./scenario-mark.tsx";

interface ComparedRow {
  /** -1 = the baseline. */
  index: number;
  name: string;
  total: number;
  lower: number | null;
  upper: number | null;
  delta: number | null;
  deltaLower: number | null;
  deltaUpper: number | null;
  uplift: number | null;
  extrapolated: number | null;
}

interface ComparisonTableProps {
  comparison: ScenarioComparison | undefined;
  shown: number;
  isRefreshing: boolean;
  onShow: (index: number) => void;
}

/** Baseline and scenarios below each other; a click shows one in full. */
export function ComparisonTable({ comparison, shown, isRefreshing, onShow }: ComparisonTableProps) {
  const columns = columnsOf(comparison?.request.confidence_level ?? 0.8);
  const rows = comparison === undefined ? [] : rowsOf(comparison);
  return (
    <Panel
      title="Side by side"
      summary="Totals over all days. The interval of a difference is narrower than that of a total: what both have in common cancels out."
      isFlush
      isRefreshing={isRefreshing}
      actions={
        <CsvButton what="Side by side" columns={columns} rows={rows} fileName="scenarios_side_by_side" />
      }
    >
      {comparison === undefined ? (
        <TableSkeleton rows={3} />
      ) : (
        <LazyTable
          label="Scenarios side by side"
          columns={columns}
          rows={rows}
          rowKey={(row) => String(row.index)}
          isSelected={(row) => row.index === shown}
          onRowClick={(row) => row.index >= 0 && onShow(row.index)}
        />
      )}
    </Panel>
  );
}

function rowsOf({ scenarios }: ScenarioComparison): ComparedRow[] {
  const [first] = scenarios;
  if (first === undefined) return [];
  return [
    {
      index: -1,
      name: "Baseline",
      total: first.summary.total_baseline_sales,
      lower: first.summary.total_baseline_lower,
      upper: first.summary.total_baseline_upper,
      delta: null,
      deltaLower: null,
      deltaUpper: null,
      uplift: null,
      extrapolated: null,
    },
    ...scenarios.map(({ name, summary }, index) => ({
      index,
      name,
      total: summary.total_scenario_sales,
      lower: summary.total_scenario_lower,
      upper: summary.total_scenario_upper,
      delta: summary.total_delta_sales,
      deltaLower: summary.total_delta_lower,
      deltaUpper: summary.total_delta_upper,
      uplift: summary.uplift_pct,
      extrapolated: summary.extrapolated_days,
    })),
  ];
}

function columnsOf(level: number): TableColumn<ComparedRow>[] {
  const of = percentWhole(level);
  return [
    {
      key: "scenario",
      header: "Scenario",
      value: (row) => row.name,
      cell: (row) => (
        <span className={classes.name} title={row.name}>
          {row.index < 0 ? (
            <i className={classes.baseline} aria-hidden />
          ) : (
            <ScenarioMark index={row.index} />
          )}
          <span>{row.name}</span>
        </span>
      ),
    },
    {
      key: "total_sales",
      header: "Total",
      align: "right",
      value: (row) => row.total,
      text: (row) => money(row.total),
    },
    {
      key: "total_lower",
      header: `${of} from`,
      align: "right",
      value: (row) => row.lower,
      text: (row) => money(row.lower),
    },
    {
      key: "total_upper",
      header: "to",
      align: "right",
      value: (row) => row.upper,
      text: (row) => money(row.upper),
    },
    {
      key: "delta_sales",
      header: "Difference",
      align: "right",
      value: (row) => row.delta,
      text: (row) => moneySigned(row.delta),
    },
    {
      key: "uplift_pct",
      header: "in percent",
      align: "right",
      value: (row) => row.uplift,
      text: (row) => (row.uplift === null ? MISSING : percentSigned(row.uplift / 100)),
    },
    {
      key: "delta_lower",
      header: `${of} from`,
      align: "right",
      value: (row) => row.deltaLower,
      text: (row) => moneySigned(row.deltaLower),
    },
    {
      key: "delta_upper",
      header: "to",
      align: "right",
      value: (row) => row.deltaUpper,
      text: (row) => moneySigned(row.deltaUpper),
    },
    {
      key: "extrapolated_days",
      header: "Untried days",
      align: "right",
      value: (row) => row.extrapolated,
      text: (row) => count(row.extrapolated),
    },
  ];
}
