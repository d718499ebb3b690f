import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconCheck, IconFileTypeCsv, IconPlus, IconSearch } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { Sort, TableColumn } from "../../../components/table-column.ts";
import type { Store } from "../../../lib/api-types.ts";
import { toCsv } from "../../../lib/csv.ts";
import { assortmentName } from "../../../lib/describe-store.ts";
import { download } from "../../../lib/download.ts";
import { count, distance, money, plural } from "../../../lib/format.ts";
import { searchStores } from "../../../lib/search-stores.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import { MOST_COMPARED } from "../params.ts";
import classes from "./store-ranking.module.css";

interface StoreRankingProps {
  className?: string;
  stores: UseQueryResult<Store[]>;
  chosen: number | null;
  compared: readonly number[];
  onCompare: (ids: number[]) => void;
  search: string;
  onSearch: (text: string) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

const BY_RANK: Sort = { key: "sales_rank", desc: false };

/** Every store with its rank; one is opened by its link, more are added to the comparison by their plus. */
export default function StoreRanking(props: StoreRankingProps) {
  const { className, stores, chosen, compared, onCompare, search, onSearch, sort, onSort } = props;
  const found = useMemo(() => searchStores(stores.data ?? [], search), [stores.data, search]);
  const allSearch = useSharedSearch({ store: null });
  const columns = useMemo<TableColumn<Store>[]>(
    () => [
      {
        key: "sales_rank",
        header: "Rank",
        align: "right",
        width: 56,
        value: (store) => store.sales_rank,
        text: (store) => count(store.sales_rank),
      },
      {
        key: "store_id",
        header: "Store",
        align: "right",
        value: (store) => store.store_id,
        cell: (store) => <StoreLink id={store.store_id} />,
      },
      { key: "store_type", header: "Type", value: (store) => store.store_type },
      {
        key: "assortment",
        header: "Assortment",
        isOptional: true,
        value: (store) => store.assortment,
        text: (store) => assortmentName(store.assortment) ?? "–",
      },
      {
        key: "competition_distance",
        header: "Competition",
        align: "right",
        isOptional: true,
        value: (store) => store.competition_distance,
        text: (store) => distance(store.competition_distance),
      },
      {
        key: "total_sales",
        header: "Total sales",
        align: "right",
        isOptional: true,
        value: (store) => store.total_sales,
        text: (store) => money(store.total_sales),
      },
      {
        key: "avg_daily_sales",
        header: "Per day",
        align: "right",
        value: (store) => store.avg_daily_sales,
        text: (store) => money(store.avg_daily_sales),
      },
      {
        key: "compared",
        header: "Add",
        value: (store) => (compared.includes(store.store_id) ? 1 : 0),
        cell: (store) => <CompareToggle id={store.store_id} {...{ chosen, compared, onCompare }} />,
      },
    ],
    [chosen, compared, onCompare],
  );
  const saveCsv = () =>
    download(
      "stores.csv",
      toCsv(
        columns
          .filter((column) => column.key !== "compared")
          .map((column) => ({ header: column.key, value: column.value })),
        found,
      ),
    );

  return (
    <Panel
      className={className}
      title="Stores"
      summary={
        stores.data
          ? `${plural(found.length, "store")}, by sales of the whole history`
          : "By sales of the whole history"
      }
      isFlush
      actions={
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label="Download the stores as CSV"
          disabled={found.length === 0}
          onClick={saveCsv}
        >
          <IconFileTypeCsv size={18} stroke={1.5} />
        </ActionIcon>
      }
    >
      <div className={classes.search}>
        <TextInput
          data-page-search
          aria-label="Search the stores"
          placeholder="Number, type or assortment"
          leftSection={<IconSearch size={16} stroke={1.6} />}
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
        />
        <Button
          component={Link}
          to={{ search: allSearch }}
          variant={chosen === null ? "light" : "default"}
          preventScrollReset
        >
          All
        </Button>
      </div>
      {stores.isPending && <TableSkeleton rows={14} />}
      {stores.isError && !stores.data && (
        <Failure what="The list of stores" error={stores.error} onRetry={() => void stores.refetch()} />
      )}
      {stores.data && (
        <LazyTable
          label="Stores by rank"
          columns={columns}
          rows={found}
          rowKey={(store) => String(store.store_id)}
          sort={sort ?? BY_RANK}
          onSort={onSort}
          isSelected={(store) => store.store_id === chosen}
          maxHeight="calc(100vh - 232px)"
          empty={
            <EmptyState
              kind="no-match"
              title={`No store fits “${search}”`}
              action={
                <Button variant="default" size="xs" onClick={() => onSearch("")}>
                  Show all stores
                </Button>
              }
            >
              Try a number, “type c” or “extended”.
            </EmptyState>
          }
        />
      )}
    </Panel>
  );
}

function StoreLink({ id }: { id: number }) {
  const search = useSharedSearch({ store: id });
  return (
    <Link className={classes.link} to={{ search }} preventScrollReset>
      {id}
    </Link>
  );
}

function CompareToggle({
  id,
  chosen,
  compared,
  onCompare,
}: { id: number } & Pick<StoreRankingProps, "chosen" | "compared" | "onCompare">) {
  if (id === chosen) return null;
  const isIn = compared.includes(id);
  const isFull = !isIn && compared.length >= MOST_COMPARED;
  return (
    <ActionIcon
      variant={isIn ? "light" : "subtle"}
      color={isIn ? "accent" : "gray"}
      size={24}
      disabled={isFull}
      aria-pressed={isIn}
      aria-label={`Compare with store ${id}`}
      title={isFull ? `At most ${MOST_COMPARED} stores can be compared` : undefined}
      onClick={() => onCompare(isIn ? compared.filter((other) => other !== id) : [...compared, id])}
    >
      {isIn ? <IconCheck size={14} /> : <IconPlus size={14} />}
    </ActionIcon>
  );
}
