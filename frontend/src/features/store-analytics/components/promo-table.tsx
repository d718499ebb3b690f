import { ActionIcon, Badge } from "@mantine/core";
import { IconFileTypeCsv } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { PromoImpactRow } from "../../../lib/api-types.ts";
import { toCsv } from "../../../lib/csv.ts";
import { download } from "../../../lib/download.ts";
import { count, money, percentSigned } from "../../../lib/format.ts";

const COLUMNS: TableColumn<PromoImpactRow>[] = [
  {
    key: "store_id",
    header: "Store",
    align: "right",
    width: 80,
    value: (row) => row.store_id,
    text: (row) => String(row.store_id),
  },
  {
    key: "promo_flag",
    header: "Days",
    value: (row) => row.promo_flag,
    cell: (row) => (
      <Badge
        size="sm"
        miw="max-content"
        radius={4}
        variant="default"
        style={row.promo_flag === "promo" ? { borderColor: "var(--r-promo)" } : undefined}
        tt="none"
        fz={12}
        fw={500}
      >
        {row.promo_flag === "promo" ? "Promotion" : "No promotion"}
      </Badge>
    ),
  },
  {
    key: "avg_sales_open",
    header: "Sales",
    unit: "open day",
    align: "right",
    value: (row) => row.avg_sales_open,
    text: (row) => money(row.avg_sales_open),
  },
  {
    key: "avg_customers_open",
    header: "Customers",
    unit: "open day",
    align: "right",
    value: (row) => row.avg_customers_open,
    text: (row) => count(row.avg_customers_open),
  },
  {
    key: "open_days",
    header: "Open days",
    align: "right",
    value: (row) => row.open_days,
    text: (row) => count(row.open_days),
  },
  {
    key: "avg_sales",
    header: "Sales",
    unit: "any day",
    align: "right",
    isOptional: true,
    value: (row) => row.avg_sales,
    text: (row) => money(row.avg_sales),
  },
  {
    key: "avg_customers",
    header: "Customers",
    unit: "any day",
    align: "right",
    isOptional: true,
    value: (row) => row.avg_customers,
    text: (row) => count(row.avg_customers),
  },
  {
    key: "num_days",
    header: "Days",
    unit: "all",
    align: "right",
    isOptional: true,
    value: (row) => row.num_days,
    text: (row) => count(row.num_days),
  },
  {
    key: "uplift_pct",
    header: "Uplift",
    unit: "Mon–Fri",
    align: "right",
    value: (row) => row.uplift_pct,
    // Said once per store, in the row it belongs to.
    text: (row) =>
      row.promo_flag === "promo" ? percentSigned(row.uplift_pct === null ? null : row.uplift_pct / 100) : "",
  },
];

/** Promotion days against the others, per store, over the whole history. */
export default function PromoTable({
  impact,
  store,
}: {
  impact: UseQueryResult<PromoImpactRow[]>;
  store: number | null;
}) {
  const rows = useMemo(
    () =>
      (impact.data ?? []).toSorted(
        (a, b) => a.store_id - b.store_id || (b.avg_sales_open ?? 0) - (a.avg_sales_open ?? 0),
      ),
    [impact.data],
  );
  const saveCsv = () =>
    download(
      `promo_impact_${store === null ? "all_stores" : `store_${store}`}.csv`,
      toCsv(
        COLUMNS.map((column) => ({ header: column.key, value: column.value })),
        rows,
      ),
    );
  return (
    <Panel
      title="Promotion days against the others"
      summary="Over the whole history; the uplift compares open days from Monday to Friday."
      isFlush
      isRefreshing={impact.isPlaceholderData}
      actions={
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label="Download promotion days as CSV"
          disabled={rows.length === 0}
          onClick={saveCsv}
        >
          <IconFileTypeCsv size={18} stroke={1.5} />
        </ActionIcon>
      }
    >
      {impact.isPending && <TableSkeleton rows={store === null ? 8 : 2} />}
      {impact.isError && impact.data === undefined && (
        <Failure what="The promotion days" error={impact.error} onRetry={() => void impact.refetch()} />
      )}
      {impact.data && (
        <LazyTable
          label="Promotion days against the others"
          columns={COLUMNS}
          rows={rows}
          rowKey={(row) => `${row.store_id}-${row.promo_flag}`}
          maxHeight={360}
          empty={
            <EmptyState kind="no-match" title="No days to compare">
              This store has no rows.
            </EmptyState>
          }
        />
      )}
    </Panel>
  );
}
