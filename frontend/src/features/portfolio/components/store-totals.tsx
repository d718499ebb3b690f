import { useMemo } from "react";
import { CsvButton } from "../../../components/csv-button.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { Sort, TableColumn } from "../../../components/table-column.ts";
import type { Batch, StoreSummary } from "../../../lib/api-types.ts";
import { count, dayLong, money, percent, percentWhole, plural } from "../../../lib/format.ts";
import { StoreLink } from "./store-link.tsx";

interface StoreTotalsProps {
  batch: Batch | undefined;
  isRefreshing: boolean;
  /** Whether a store is among those looked for. */
  isFound: (store: number) => boolean;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** Each store of the portfolio with its total; a number opens the store in Forecast Studio. */
export function StoreTotals({ batch, isRefreshing, isFound, sort, onSort }: StoreTotalsProps) {
  const columns = useMemo(() => (batch === undefined ? [] : columnsOf(batch)), [batch]);
  const all = batch?.store_summaries ?? [];
  const rows = useMemo(
    () => (batch?.store_summaries ?? []).filter((row) => isFound(row.store_id)),
    [batch, isFound],
  );
  return (
    <Panel
      title="Store by store"
      summary={
        batch &&
        `${rows.length === all.length ? "" : `${count(rows.length)} of `}${plural(all.length, "store")}; ${rows.length === all.length ? "their" : "all"} totals add up to ${money(batch.portfolio_summary.total_predicted_sales)}. Limits do not add up: those of the sum stand above.`
      }
      isFlush
      isRefreshing={isRefreshing}
      actions={
        <CsvButton
          what="Store by store"
          columns={columns}
          rows={rows}
          fileName={`portfolio_stores_${rows.length}stores_${batch?.request.horizon_days}d`}
        />
      }
    >
      {batch === undefined ? (
        <TableSkeleton rows={10} />
      ) : (
        <LazyTable
          label="Forecast by store"
          columns={columns}
          rows={rows}
          rowKey={(row) => String(row.store_id)}
          sort={sort}
          onSort={onSort}
          maxHeight={460}
          empty={
            <EmptyState kind="no-match" title="No store of the portfolio fits">
              The search above this table finds none.
            </EmptyState>
          }
        />
      )}
    </Panel>
  );
}

function columnsOf(batch: Batch): TableColumn<StoreSummary>[] {
  const total = batch.portfolio_summary.total_predicted_sales;
  const share = (row: StoreSummary) => (total === 0 ? null : row.total_predicted_sales / total);
  const level = percentWhole(batch.request.confidence_level);
  const euros = (
    key: "total_predicted_sales" | "total_lower" | "total_upper" | "avg_daily_sales" | "peak_sales",
    header: string,
  ): TableColumn<StoreSummary> => ({
    key,
    header,
    align: "right",
    value: (row) => row[key],
    text: (row) => money(row[key]),
  });
  return [
    {
      key: "store_id",
      header: "Store",
      align: "right",
      width: 88,
      value: (row) => row.store_id,
      cell: (row) => <StoreLink id={row.store_id} />,
    },
    { key: "store_type", header: "Type", width: 72, value: (row) => row.store_type },
    euros("total_predicted_sales", "Total"),
    euros("total_lower", `${level} from`),
    euros("total_upper", "to"),
    {
      key: "share_ratio",
      header: "Share",
      align: "right",
      value: share,
      text: (row) => percent(share(row)),
    },
    euros("avg_daily_sales", "Per day"),
    {
      key: "peak_date",
      header: "Peak day",
      value: (row) => row.peak_date,
      text: (row) => dayLong(row.peak_date),
    },
    euros("peak_sales", "Peak"),
    {
      key: "avg_interval_width",
      header: "Interval width",
      unit: "a day",
      align: "right",
      isOptional: true,
      value: (row) => row.avg_interval_width,
      text: (row) => money(row.avg_interval_width),
    },
  ];
}
