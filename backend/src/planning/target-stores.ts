import { type Db, listStores, type Store } from "@rossmann/warehouse";
import { HttpRefusal } from "../errors.ts";
import type { Segment } from "../schemas/planning-values.ts";

/** The attributes of a segment that were really given; blank texts ask for nothing. */
export interface SegmentFilter {
  store_type?: string;
  assortment?: string;
  promo2?: number;
}

export interface TargetStores {
  storeIds: number[];
  /** stores that match, before the limit */
  matched: number;
}

/** @returns null when the segment is absent or asks for nothing */
export function segmentFilter(segment: Segment | null | undefined): SegmentFilter | null {
  if (segment === null || segment === undefined) return null;
  const filter: SegmentFilter = {};
  const type = segment.store_type?.trim();
  const assortment = segment.assortment?.trim();
  if (type !== undefined && type !== "") filter.store_type = type;
  if (assortment !== undefined && assortment !== "") filter.assortment = assortment;
  if (typeof segment.promo2 === "number") filter.promo2 = segment.promo2;
  return Object.keys(filter).length === 0 ? null : filter;
}

/**
 * The stores of a segment, best sellers first, at most `limit`; without a filter every store.
 *
 * @throws {HttpRefusal} 400 when none matches
 */
export async function storesOf(
  db: Db,
  dataSourceId: number,
  filter: SegmentFilter | null,
  limit: number,
): Promise<TargetStores> {
  const all = await listStores(db, dataSourceId);
  const matching = filter === null ? all : all.filter((store) => isIn(store, filter));
  if (matching.length === 0) {
    throw new HttpRefusal(
      400,
      "segment_empty",
      filter === null
        ? `data source ${dataSourceId} has no stores; load some first`
        : `no store has ${inWords(filter)}; ${attributesOf(all)}`,
    );
  }
  matching.sort((a, b) => b.totalSales - a.totalSales || a.storeId - b.storeId);
  return { storeIds: matching.slice(0, limit).map(({ storeId }) => storeId), matched: matching.length };
}

const isSame = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();

function isIn(store: Store, filter: SegmentFilter): boolean {
  return (
    (filter.store_type === undefined || isSame(store.storeType, filter.store_type)) &&
    (filter.assortment === undefined || isSame(store.assortment, filter.assortment)) &&
    (filter.promo2 === undefined || (store.promo2 ?? 0) === filter.promo2)
  );
}

const inWords = (filter: SegmentFilter) =>
  Object.entries(filter)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(" and ");

/** What could be asked for instead. */
function attributesOf(stores: readonly Store[]): string {
  const values = (pick: (store: Store) => string | null) =>
    [...new Set(stores.map(pick).filter((value) => value !== null))].sort().join(", ");
  return `there are store types ${values((store) => store.storeType)} and assortments ${values((store) => store.assortment)}`;
}
