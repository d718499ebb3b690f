import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { codeOf, type Db } from "../db.ts";
import { LoadFailedError } from "../errors.ts";

/** How the staged rows of a source relate to the ones that are there. */
export interface FactChanges {
  /** same key and same content */
  unchanged: number;
  /** same key, other content */
  changed: number;
  added: number;
  /** there, but not staged */
  absent: number;
}

/** Name of the partition of a source. */
export const partitionOf = (dataSourceId: number) => `fact_sales_daily_${dataSourceId}`;

/** Compare the staged rows with the present ones, by content. */
export async function compareFacts(
  trx: Db,
  dataSourceId: number,
  staged: string,
  stagedRows: number,
): Promise<FactChanges> {
  if (!(await hasPartition(trx, dataSourceId)))
    return { unchanged: 0, changed: 0, added: stagedRows, absent: 0 };
  const present = sql.id(partitionOf(dataSourceId));
  const { rows } = await sql<{ matched: number; unchanged: number; present: number }>`
    select
      count(*) as matched,
      count(*) filter (where
        (f.sales, f.customers, f.promo, f.state_holiday, f.school_holiday, f.open)
        is not distinct from (s.sales, s.customers, s.promo, s.state_holiday, s.school_holiday, s.open)) as unchanged,
      (select count(*) from ${present}) as present
    from ${sql.raw(staged)} s
    join ${present} f on f.store_id = s.store_id and f.date_id = s.date_id
  `.execute(trx);
  const { matched, unchanged, present: before } = rows[0]!;
  return { unchanged, changed: matched - unchanged, added: stagedRows - matched, absent: before - matched };
}

/** Foreign keys of the coming partition, checked here, so that the swap finds them in place and does not scan. */
export async function addForeignKeys(trx: Db, staged: string): Promise<void> {
  await sql`
    alter table ${sql.raw(staged)}
      add constraint fk_fact_store foreign key (data_source_id, store_id) references dim_store (data_source_id, store_id),
      add constraint fk_fact_date foreign key (date_id) references dim_date (date_id)
  `.execute(trx);
}

/** Update changed rows, add new ones, leave the others. */
export async function upsertFacts(trx: Db, dataSourceId: number, staged: string): Promise<void> {
  await sql`
    create table if not exists ${sql.id(partitionOf(dataSourceId))}
    partition of fact_sales_daily for values in (${sql.lit(dataSourceId)})
  `.execute(trx);
  await sql`
    insert into fact_sales_daily as f
      (data_source_id, store_id, date_id, sales, customers, promo, state_holiday, school_holiday, open)
    select data_source_id, store_id, date_id, sales, customers, promo, state_holiday, school_holiday, open
    from ${sql.raw(staged)}
    on conflict (data_source_id, store_id, date_id) do update set
      sales = excluded.sales,
      customers = excluded.customers,
      promo = excluded.promo,
      state_holiday = excluded.state_holiday,
      school_holiday = excluded.school_holiday,
      open = excluded.open
    where (f.sales, f.customers, f.promo, f.state_holiday, f.school_holiday, f.open)
      is distinct from
      (excluded.sales, excluded.customers, excluded.promo, excluded.state_holiday, excluded.school_holiday, excluded.open)
  `.execute(trx);
}

const LOCK_TRY_MS = 200;
const LOCK_PATIENCE_MS = 60_000;

/**
 * Put the staged table in the place of the source's partition; the old one is dropped. Readers see the old rows until this
 * transaction commits, and the new ones after.
 *
 * The swap needs the fact table for itself for some milliseconds. While a lock request waits, every later reader waits behind
 * it; so it waits 200 ms at most, steps back, and tries again.
 *
 * @throws {LoadFailedError} when readers never left room for a minute
 */
export async function swapPartition(trx: Db, dataSourceId: number, staged: string): Promise<void> {
  await lockBriefly(trx);
  const partition = partitionOf(dataSourceId);
  if (await hasPartition(trx, dataSourceId)) {
    await sql`alter table fact_sales_daily detach partition ${sql.id(partition)}`.execute(trx);
    await sql`drop table ${sql.id(partition)}`.execute(trx);
  }
  const [, name] = staged.split(".");
  await sql`alter table ${sql.raw(staged)} set schema public`.execute(trx);
  await sql`alter table ${sql.id("public", name!)} rename to ${sql.id(partition)}`.execute(trx);
  await sql`alter table ${sql.id(partition)} reset (autovacuum_enabled)`.execute(trx);
  await sql`
    alter table fact_sales_daily attach partition ${sql.id(partition)} for values in (${sql.lit(dataSourceId)})
  `.execute(trx);
  await sql`alter table ${sql.id(partition)} drop constraint staged_source, alter column data_source_id drop default`.execute(
    trx,
  );
}

async function lockBriefly(trx: Db): Promise<void> {
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  await sql`set local lock_timeout = ${sql.lit(LOCK_TRY_MS)}`.execute(trx);
  for (let attempt = 1; ; attempt++) {
    await sql`savepoint before_lock`.execute(trx);
    try {
      // The dimensions too: keys that point at them are dropped and made.
      await sql`lock table fact_sales_daily, dim_store, dim_date in access exclusive mode`.execute(trx);
      await sql`set local lock_timeout = '10s'`.execute(trx);
      return;
    } catch (error) {
      if (codeOf(error) !== "55P03") throw error;
      await sql`rollback to savepoint before_lock`.execute(trx);
      if (Date.now() > deadline) {
        throw new LoadFailedError(
          "the load is ready but long-running readers kept the sales table busy for a minute: end them and load again; the data loaded before is untouched",
          { cause: error },
        );
      }
      await sleep(Math.min(50 * attempt, 500));
    }
  }
}

async function hasPartition(trx: Db, dataSourceId: number): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select exists (
      select from pg_inherits
      where inhparent = 'fact_sales_daily'::regclass and inhrelid = to_regclass(${partitionOf(dataSourceId)})
    ) as there
  `.execute(trx);
  return rows[0]!.there;
}
