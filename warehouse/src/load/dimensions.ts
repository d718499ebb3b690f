import { sql } from "kysely";
import type { Db } from "../db.ts";

/** A store as its file says; missing stays null. */
export interface StoreRow {
  storeId: number;
  storeType: string | null;
  assortment: string | null;
  competitionDistance: number | null;
  competitionOpenSinceMonth: number | null;
  competitionOpenSinceYear: number | null;
  promo2: number | null;
  promo2SinceWeek: number | null;
  promo2SinceYear: number | null;
  promoInterval: string | null;
}

const COLUMNS = sql.raw(`store_type, assortment, competition_distance, competition_open_since_month,
  competition_open_since_year, promo2, promo2_since_week, promo2_since_year, promo_interval`);

/**
 * Write the stores of a source: new ones are added, changed ones updated, equal ones not touched.
 *
 * @returns how many were added or changed, and how many were equal
 */
export async function upsertStores(
  trx: Db,
  dataSourceId: number,
  stores: readonly StoreRow[],
): Promise<{ written: number; unchanged: number }> {
  if (stores.length === 0) return { written: 0, unchanged: 0 };
  const result = await sql`
    insert into dim_store (data_source_id, store_id, ${COLUMNS})
    select ${dataSourceId}, s.*
    from unnest(
      ${stores.map((store) => store.storeId)}::integer[],
      ${stores.map((store) => store.storeType)}::text[],
      ${stores.map((store) => store.assortment)}::text[],
      ${stores.map((store) => store.competitionDistance)}::numeric[],
      ${stores.map((store) => store.competitionOpenSinceMonth)}::smallint[],
      ${stores.map((store) => store.competitionOpenSinceYear)}::smallint[],
      ${stores.map((store) => store.promo2)}::smallint[],
      ${stores.map((store) => store.promo2SinceWeek)}::smallint[],
      ${stores.map((store) => store.promo2SinceYear)}::smallint[],
      ${stores.map((store) => store.promoInterval)}::text[]
    ) as s
    on conflict (data_source_id, store_id) do update set
      store_type = excluded.store_type,
      assortment = excluded.assortment,
      competition_distance = excluded.competition_distance,
      competition_open_since_month = excluded.competition_open_since_month,
      competition_open_since_year = excluded.competition_open_since_year,
      promo2 = excluded.promo2,
      promo2_since_week = excluded.promo2_since_week,
      promo2_since_year = excluded.promo2_since_year,
      promo_interval = excluded.promo_interval
    where dim_store is distinct from excluded
  `.execute(trx);
  const written = Number(result.numAffectedRows ?? 0n);
  return { written, unchanged: stores.length - written };
}

/**
 * Remove the stores of a source that its last store file does not hold and that no sales row or coming day needs.
 *
 * @returns how many
 */
export async function removeVanishedStores(
  trx: Db,
  dataSourceId: number,
  keep: readonly number[],
): Promise<number> {
  const result = await sql`
    delete from dim_store s
    where s.data_source_id = ${dataSourceId}
      and s.store_id <> all (${[...keep]}::integer[])
      and not exists (
        select from fact_sales_daily f where f.data_source_id = ${dataSourceId} and f.store_id = s.store_id)
      and not exists (
        select from known_future k where k.data_source_id = ${dataSourceId} and k.store_id = s.store_id)
  `.execute(trx);
  return Number(result.numAffectedRows ?? 0n);
}

/** Store ids that a source knows already. */
export async function knownStoreIds(db: Db, dataSourceId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("dim_store")
    .select("store_id")
    .where("data_source_id", "=", dataSourceId)
    .orderBy("store_id")
    .execute();
  return rows.map((row) => row.store_id);
}
