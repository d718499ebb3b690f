import { ActionIcon, Tooltip } from "@mantine/core";
import { IconFileTypeCsv } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link } from "react-router";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { Sort, TableColumn } from "../../../components/table-column.ts";
import type { BatchForecast, BatchStore, Store } from "../../../lib/api-types.ts";
import { toCsv } from "../../../lib/csv.ts";
import { download } from "../../../lib/download.ts";
import { dayLong, money, percent, plural } from "../../../lib/format.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";

interface StoreTotalsProps {
  forecast: BatchForecast | undefined;
  stores: readonly Store[];
  isRefreshing: boolean;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** Each store of the portfolio with its total; a number opens the store in Forecast Studio. */
export function StoreTotals({ forecast, stores, isRefreshing, sort, onSort }: StoreTotalsProps) {
  const columns = useMemo(() => columnsOf(forecast, stores), [forecast, stores]);
  const rows = forecast?.store_summaries ?? [];
  return (
    <Panel
      title="Store by store"
      summary={
        forecast
          ? `${plural(rows.length, "store")}; their totals add up to ${money(forecast.portfolio_summary.total_predicted_sales)}.`
          : undefined
      }
      isFlush
      isRefreshing={isRefreshing}
      actions={
        <Tooltip label="Download the stores as CSV">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            disabled={forecast === undefined}
            aria-label="Store by store as CSV"
            onClick={() =>
              download(
                `portfolio_stores_${rows.length}stores_${forecast?.request.horizon_days}d.csv`,
                toCsv(
                  columns.map((column) => ({ header: column.key, value: column.value })),
                  rows,
                ),
              )
            }
          >
            <IconFileTypeCsv size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      }
    >
      {forecast === undefined ? (
        <TableSkeleton rows={10} />
      ) : (
        <LazyTable
          label="Forecast by store"
          columns={columns}
          rows={rows}
          rowKey={(row) => String(row.store_id)}
          sort={sort}
          onSort={onSort}
          maxHeight={520}
        />
      )}
    </Panel>
  );
}

function columnsOf(forecast: BatchForecast | undefined, stores: readonly Store[]): TableColumn<BatchStore>[] {
  const byId = new Map(stores.map((store) => [store.store_id, store]));
  const total = forecast?.portfolio_summary.total_predicted_sales ?? 0;
  return [
    {
      key: "store_id",
      header: "Store",
      align: "right",
      width: 88,
      value: (row) => row.store_id,
      cell: (row) => <StoreLink id={row.store_id} />,
    },
    { key: "store_type", header: "Type", value: (row) => byId.get(row.store_id)?.store_type },
    {
      key: "total_predicted_sales",
      header: "Total",
      align: "right",
      value: (row) => row.total_predicted_sales,
      text: (row) => money(row.total_predicted_sales),
    },
    {
      key: "share_ratio",
      header: "Share",
      align: "right",
      value: (row) => (total === 0 ? null : row.total_predicted_sales / total),
      text: (row) => percent(total === 0 ? null : row.total_predicted_sales / total),
    },
    {
      key: "avg_daily_sales",
      header: "Per day",
      align: "right",
      value: (row) => row.avg_daily_sales,
      text: (row) => money(row.avg_daily_sales),
    },
    {
      key: "peak_date",
      header: "Peak day",
      value: (row) => row.peak_date,
      text: (row) => dayLong(row.peak_date),
    },
    {
      key: "peak_sales",
      header: "Peak",
      align: "right",
      value: (row) => row.peak_sales,
      text: (row) => money(row.peak_sales),
    },
    {
      key: "avg_interval_width",
      header: "Interval width",
      unit: "80%, a day",
      align: "right",
      value: (row) => row.avg_interval_width,
      text: (row) => money(row.avg_interval_width),
    },
  ];
}

function StoreLink({ id }: { id: number }) {
  const search = useSharedSearch({ store: id });
  return <Link to={{ pathname: "/forecast", search }}>{id}</Link>;
}
