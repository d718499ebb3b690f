import { type ReactNode, useMemo } from "react";
import { CsvButton } from "../../../components/csv-button.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Segments } from "../../../components/segments.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { Batch, PortfolioWeek } from "../../../lib/api-types.ts";
import { daysInRange } from "../../../lib/days.ts";
import { dayRange, dayShort, money, moneyShort, percentWhole, plural } from "../../../lib/format.ts";
import { type GridRow, gridRows, totalRows } from "../week-rows.ts";
import { StoreLink } from "./store-link.tsx";
import classes from "./week-grid.module.css";

type Heat = "store" | "all";
const HEATS: { value: Heat; name: string }[] = [
  { value: "store", name: "Within the store" },
  { value: "all", name: "Between all" },
];

interface WeekGridProps {
  batch: Batch | undefined;
  isRefreshing: boolean;
  /** Whether a store is among those looked for. */
  isFound: (store: number) => boolean;
  /** Looks for stores. */
  search: ReactNode;
  heat: Heat;
  onHeat: (heat: Heat) => void;
}

/** Stores down, weeks across: where and when the sales come in, with the sum of each week and how sure it is. */
export function WeekGrid({ batch, isRefreshing, isFound, search, heat, onHeat }: WeekGridProps) {
  const { rows, foot, columns } = useMemo(() => {
    if (batch === undefined) return { rows: [], foot: [], columns: [] };
    return {
      rows: gridRows(batch, heat).filter((row) => row.store === null || isFound(row.store)),
      foot: totalRows(batch),
      columns: columnsOf(batch),
    };
  }, [batch, heat, isFound]);
  const isPartial = batch?.weeks.some((week) => daysOf(week) < 7) ?? false;
  return (
    <Panel
      title="Stores by week"
      summary={`Weeks begin on Monday${isPartial ? "; the first or the last may be a part of one" : ""}. The deeper the green, the more is sold a day.`}
      isFlush
      isRefreshing={isRefreshing}
      actions={
        <CsvButton
          what="Stores by week"
          columns={columns}
          rows={[...rows, ...foot]}
          fileName={`portfolio_weeks_${rows.length}stores_${batch?.request.horizon_days}d`}
        />
      }
    >
      <div className={classes.controls}>
        <Segments label="The tint compares" options={HEATS} value={heat} onChange={onHeat} />
        {search}
      </div>
      {batch === undefined ? (
        <TableSkeleton rows={8} />
      ) : (
        <LazyTable
          label="Forecast by store and week"
          columns={columns}
          rows={rows}
          footRows={foot}
          rowKey={(row) => row.key}
          maxHeight={460}
          empty={
            <EmptyState
              kind="no-match"
              title={
                batch.store_summaries.length === 0
                  ? "No store of these could be forecast"
                  : "No store of the portfolio fits"
              }
            >
              {batch.store_summaries.length === 0
                ? "The reasons stand above."
                : "Try a number, “type c” or “extended”."}
            </EmptyState>
          }
        />
      )}
    </Panel>
  );
}

const daysOf = (week: PortfolioWeek): number => daysInRange(week.date_from, week.date_to);

function columnsOf(batch: Batch): TableColumn<GridRow>[] {
  return [
    {
      key: "store",
      header: "Store",
      width: 112,
      value: (row) => row.store ?? row.key,
      text: (row) => (row.store === null ? row.name : String(row.store)),
      cell: (row) => (row.store === null ? row.name : <StoreLink id={row.store} />),
    },
    ...batch.weeks.map(
      (week, i): TableColumn<GridRow> => ({
        key: `week_${week.date_from}`,
        header: dayShort(week.date_from),
        unit: daysOf(week) < 7 ? plural(daysOf(week), "day") : undefined,
        align: "right",
        value: (row) => row.weeks[i],
        text: (row) => money(row.weeks[i]),
        cell: (row) => {
          const share = row.tints[i] ?? null;
          return (
            <span
              className={classes.cell}
              title={`${dayRange(week.date_from, week.date_to)}: ${money(row.weeks[i])}`}
              style={share === null ? undefined : ({ "--tint": `${Math.round(share * 42)}%` } as object)}
              data-tinted={share === null ? undefined : true}
            >
              {moneyShort(row.weeks[i])}
            </span>
          );
        },
      }),
    ),
    {
      key: "total",
      header: "Total",
      align: "right",
      value: (row) => row.total,
      text: (row) => money(row.total),
    },
    {
      key: "total_lower",
      header: percentWhole(batch.request.confidence_level),
      unit: "from",
      align: "right",
      isOptional: true,
      value: (row) => row.lower,
      text: (row) => money(row.lower),
    },
    {
      key: "total_upper",
      header: "to",
      align: "right",
      isOptional: true,
      value: (row) => row.upper,
      text: (row) => money(row.upper),
    },
  ];
}
