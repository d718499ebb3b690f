import { Badge, Button } from "@mantine/core";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo } from "react";
import { EmptyState } from "../../../components/empty-state.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { ForecastPoint } from "../../../lib/api-types.ts";
import { dayLong, money } from "../../../lib/format.ts";
import type { Correction } from "../corrections.ts";
import classes from "./day-table.module.css";

const FIRST_ROWS = 14;
export const rowsParam = parseAsStringLiteral(["first", "all"] as const).withDefault("first");

const HOLIDAYS: Record<string, string> = { a: "Public holiday", b: "Easter", c: "Christmas" };

const COLUMNS: TableColumn<ForecastPoint>[] = [
  { key: "date", header: "Day", value: (point) => point.date, text: (point) => dayLong(point.date) },
  {
    key: "predicted_sales",
    header: "Forecast",
    align: "right",
    value: (point) => point.predicted_sales,
    text: (point) => money(point.predicted_sales),
  },
  {
    key: "predicted_lower",
    header: "80% from",
    align: "right",
    value: (point) => point.predicted_lower,
    text: (point) => money(point.predicted_lower),
  },
  {
    key: "predicted_upper",
    header: "to",
    align: "right",
    value: (point) => point.predicted_upper,
    text: (point) => money(point.predicted_upper),
  },
  {
    key: "predicted_lower_95",
    header: "95% from",
    align: "right",
    isOptional: true,
    value: (point) => point.predicted_lower_95,
    text: (point) => money(point.predicted_lower_95),
  },
  {
    key: "predicted_upper_95",
    header: "95% to",
    align: "right",
    isOptional: true,
    value: (point) => point.predicted_upper_95,
    text: (point) => money(point.predicted_upper_95),
  },
  { key: "marks", header: "On that day", value: marks, cell: (point) => <Marks point={point} /> },
  {
    key: "basis",
    header: "Plan",
    value: (point) => point.basis,
    text: (point) => (point.basis === "known" ? "Known" : "Projected"),
  },
];

/** The usual columns, and the planner's figure beside the model's where there is one. */
function columnsOf(corrections: ReadonlyMap<string, Correction>): TableColumn<ForecastPoint>[] {
  if (corrections.size === 0) return COLUMNS;
  const sales = (point: ForecastPoint) => corrections.get(point.date)?.sales ?? null;
  return COLUMNS.toSpliced(2, 0, {
    key: "override_sales",
    header: "Corrected",
    align: "right",
    value: sales,
    text: (point) => (sales(point) === null ? "" : money(sales(point))),
  });
}

interface DayTableProps {
  points: readonly ForecastPoint[];
  corrections: ReadonlyMap<string, Correction>;
  isPending: boolean;
  isRefreshing: boolean;
  /** The selected day. */
  day: string | undefined;
  onDay: (day: string) => void;
}

/** The forecast day by day: the first two weeks, or all of it. A click on a day says what makes it up. */
export function DayTable(props: DayTableProps) {
  const { points, corrections, isPending, isRefreshing, day, onDay } = props;
  const columns = useMemo(() => columnsOf(corrections), [corrections]);
  const [rows, setRows] = useQueryState("rows", rowsParam);
  const shown = rows === "all" ? points : points.slice(0, FIRST_ROWS);
  const hasMore = points.length > FIRST_ROWS;
  return (
    <Panel
      title={
        rows === "all" || !hasMore
          ? `All ${points.length || ""} days`
          : `First ${FIRST_ROWS} of ${points.length} days`
      }
      isFlush
      isRefreshing={isRefreshing}
      actions={
        hasMore && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void setRows(rows === "all" ? "first" : "all")}
          >
            {rows === "all" ? `Show the first ${FIRST_ROWS}` : `Show all ${points.length}`}
          </Button>
        )
      }
    >
      {isPending ? (
        <TableSkeleton rows={FIRST_ROWS} />
      ) : (
        <LazyTable
          label="Forecast by day"
          columns={columns}
          rows={shown}
          rowKey={(point) => point.date}
          isSelected={(point) => point.date === day}
          onRowClick={(point) => onDay(point.date)}
          maxHeight={520}
          empty={
            <EmptyState kind="not-computed" title="No forecast yet">
              Choose a store and run the forecast.
            </EmptyState>
          }
        />
      )}
    </Panel>
  );
}

function marks(point: ForecastPoint): string {
  return [
    point.open === 0 && "Closed",
    point.promo === 1 && "Promotion",
    HOLIDAYS[point.state_holiday],
    point.school_holiday === 1 && "School holidays",
  ]
    .filter(Boolean)
    .join(", ");
}

function Marks({ point }: { point: ForecastPoint }) {
  const words = marks(point).split(", ").filter(Boolean);
  return (
    <span className={classes.marks} title={words.join(", ")}>
      {words.map((word) => (
        <Badge
          key={word}
          miw="max-content"
          size="sm"
          radius={4}
          variant="default"
          className={classes.mark}
          data-mark={word}
        >
          {word}
        </Badge>
      ))}
    </span>
  );
}
