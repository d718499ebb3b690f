import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconColumns3 } from "@tabler/icons-react";
import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { MISSING } from "../lib/format.ts";
import classes from "./data-table.module.css";
import type { Sort, TableColumn } from "./table-column.ts";

interface DataTableProps<Row> {
  /** Names the table for screen readers. */
  label: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Controlled sort (kept in the address); without it the table keeps its own. */
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** The table scrolls inside itself above this height. */
  maxHeight?: number | string;
  /** Called with a click or Enter on a row. */
  onRowClick?: (row: Row) => void;
  isSelected?: (row: Row) => boolean;
  /** Rows that stay below the others whatever the order: sums. They are neither sorted nor counted. */
  footRows?: readonly Row[];
  /** Drawn in place of the rows when there are none. */
  empty?: ReactNode;
}

const ROW_HEIGHT = 32;
/** Below this many rows everything is drawn. */
const VIRTUAL_ABOVE = 50;

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});

/** A table with sticky header, sort, choice of columns, rows that take the keyboard, and only the rows in view drawn. */
export default function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const {
    label,
    columns,
    rows,
    rowKey,
    maxHeight = 420,
    onRowClick,
    isSelected,
    footRows = [],
    empty,
  } = props;
  const [ownSort, setOwnSort] = useState<Sort>(null);
  const sort = props.sort === undefined ? ownSort : props.sort;
  const setSort = props.onSort ?? setOwnSort;
  const [hidden, setHidden] = useState(() =>
    columns.filter((column) => column.isOptional).map((column) => column.key),
  );

  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.key,
        accessorFn: (row: Row) => column.value(row) ?? undefined,
        sortUndefined: "last" as const,
        sortFn: (a: { original: Row }, b: { original: Row }) =>
          compare(column.value(a.original), column.value(b.original)),
      })),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    state: {
      sorting: sort === null ? [] : [{ id: sort.key, desc: sort.desc }],
      columnVisibility: Object.fromEntries(hidden.map((key) => [key, false])),
    },
  });
  const sorted = table.getRowModel().rows;
  const shown = columns.filter((column) => !hidden.includes(column.key));

  const scroller = useRef<HTMLDivElement>(null);
  const isVirtual = sorted.length > VIRTUAL_ABOVE;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    initialRect: { width: 800, height: typeof maxHeight === "number" ? maxHeight : 600 },
    enabled: isVirtual,
  });

  // A chosen row is brought into view when the table is first drawn; later on the reader decides where to look.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only once
  useEffect(() => {
    const chosen = isSelected ? sorted.findIndex((row) => isSelected(row.original)) : -1;
    if (isVirtual && chosen > 0) virtual.scrollToIndex(chosen, { align: "center" });
  }, []);
  const items = isVirtual
    ? virtual.getVirtualItems()
    : sorted.map((_, index) => ({ index, start: index * ROW_HEIGHT, end: (index + 1) * ROW_HEIGHT }));
  const above = items[0]?.start ?? 0;
  const below = isVirtual ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  const nextSort = (key: string, isNumeric: boolean): Sort => {
    if (sort?.key !== key) return { key, desc: isNumeric };
    return sort.desc === isNumeric ? { key, desc: !isNumeric } : null;
  };
  const onRowKey = (event: KeyboardEvent<HTMLTableRowElement>, index: number, row: Row) => {
    const focus = (to: number) => {
      event.preventDefault();
      if (isVirtual) virtual.scrollToIndex(Math.min(sorted.length - 1, Math.max(0, to)));
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`tr[data-index="${to}"]`)?.focus(),
      );
    };
    if (event.key === "ArrowDown") focus(index + 1);
    else if (event.key === "ArrowUp") focus(index - 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(sorted.length - 1);
    else if (event.key === "Enter" && onRowClick && event.target === event.currentTarget) onRowClick(row);
  };

  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds inputs, this holds a table that scrolls
    <div
      ref={scroller}
      className={classes.scroller}
      style={{ maxHeight }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" || event.target !== event.currentTarget) return;
        event.preventDefault();
        event.currentTarget.querySelector<HTMLElement>("tr[data-index]")?.focus();
      }}
      role="group"
      aria-label={label}
    >
      <table className={classes.table} aria-rowcount={sorted.length + 1}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {shown.map((column, i) => {
              const isSorted = sort?.key === column.key;
              const isNumeric = column.align === "right";
              return (
                <th
                  key={column.key}
                  scope="col"
                  data-align={column.align}
                  style={{ width: column.width }}
                  aria-sort={isSorted ? (sort.desc ? "descending" : "ascending") : "none"}
                >
                  <div className={classes.headCell}>
                    <button
                      type="button"
                      className={classes.sort}
                      data-sorted={isSorted || undefined}
                      onClick={() => setSort(nextSort(column.key, isNumeric))}
                    >
                      <span>
                        {column.header}
                        {column.unit && <span className={classes.unit}> {column.unit}</span>}
                      </span>
                      {isSorted ? (
                        sort.desc ? (
                          <IconArrowDown size={14} aria-hidden />
                        ) : (
                          <IconArrowUp size={14} aria-hidden />
                        )
                      ) : (
                        <IconArrowsSort size={14} aria-hidden />
                      )}
                    </button>
                    {i === shown.length - 1 && columns.some((entry) => entry.isOptional) && (
                      <ColumnChoice columns={columns} hidden={hidden} onChange={setHidden} />
                    )}
                  </div>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer height={above} columns={shown.length} />}
          {items.map(({ index }) => {
            const row = sorted[index];
            if (row === undefined) return null;
            const isChosen = isSelected?.(row.original) ?? false;
            return (
              <tr
                key={row.id}
                data-index={index}
                aria-rowindex={index + 2}
                aria-selected={isSelected ? isChosen : undefined}
                data-selected={isChosen || undefined}
                data-clickable={onRowClick ? true : undefined}
                tabIndex={-1}
                onClick={onRowClick ? () => onRowClick(row.original) : undefined}
                onKeyDown={(event) => onRowKey(event, index, row.original)}
              >
                {shown.map((column) => (
                  <Cell key={column.key} column={column} row={row.original} />
                ))}
              </tr>
            );
          })}
          {below > 0 && <Spacer height={below} columns={shown.length} />}
        </tbody>
        {footRows.length > 0 && (
          <tfoot>
            {footRows.map((row) => (
              <tr key={rowKey(row)}>
                {shown.map((column) => (
                  <Cell key={column.key} column={column} row={row} />
                ))}
              </tr>
            ))}
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Cell<Row>({ column, row }: { column: TableColumn<Row>; row: Row }) {
  const text = column.text ? column.text(row) : String(column.value(row) ?? MISSING);
  return (
    <td data-align={column.align} title={column.cell ? undefined : text}>
      {column.cell ? column.cell(row) : text}
    </td>
  );
}

function ColumnChoice<Row>({
  columns,
  hidden,
  onChange,
}: {
  columns: readonly TableColumn<Row>[];
  hidden: string[];
  onChange: (hidden: string[]) => void;
}) {
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label="Choose columns">
          <IconColumns3 size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.map((column) => (
          <Menu.CheckboxItem
            key={column.key}
            checked={!hidden.includes(column.key)}
            onChange={(checked) =>
              onChange(checked ? hidden.filter((key) => key !== column.key) : [...hidden, column.key])
            }
          >
            {column.header}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden className={classes.spacer}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

const collator = new Intl.Collator(undefined, { numeric: true });

function compare(a: string | number | null | undefined, b: string | number | null | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a ?? ""), String(b ?? ""));
}
