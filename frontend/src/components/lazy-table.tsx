import { Skeleton } from "@mantine/core";
import { type ComponentProps, lazy, Suspense } from "react";
import type DataTable from "./data-table.tsx";

const Table = lazy(() => import("./data-table.tsx")) as unknown as typeof DataTable;

/** A {@link DataTable} whose code comes when the first table is drawn. */
export function LazyTable<Row extends object>(props: ComponentProps<typeof DataTable<Row>>) {
  return (
    <Suspense fallback={<TableSkeleton rows={Math.min(props.rows.length, 8)} />}>
      <Table<Row> {...props} />
    </Suspense>
  );
}

/** A table whose rows are on their way. */
export function TableSkeleton({ rows }: { rows: number }) {
  return (
    <div aria-busy="true">
      {Array.from({ length: rows + 1 }, (_, i) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows have nothing else
          key={i}
          style={{ height: 32, display: "flex", alignItems: "center", padding: "0 16px", gap: 24 }}
        >
          <Skeleton height={12} width="30%" />
          <Skeleton height={12} width="20%" />
          <Skeleton height={12} />
        </div>
      ))}
    </div>
  );
}
