import { sql } from "kysely";
import type { Db } from "../db.ts";
import { completeEtlRun, type EtlFinding, type RunningEtl } from "../etl-runs.ts";
import { refreshAggregates, refreshFootprint } from "./aggregates.ts";
import { knownStoreIds, removeVanishedStores, type StoreRow, upsertStores } from "./dimensions.ts";
import { addForeignKeys, compareFacts, swapPartition, upsertFacts } from "./facts.ts";
import { refusalOfLoad } from "./refusal.ts";
import { dropOrphanStaging, type LineChunks, stageFacts, stageFuture } from "./stage.ts";

export type { StoreRow } from "./dimensions.ts";

/** Steps of {@link Load.publish}, in their order. */
export type PublishPhase = "compare" | "stores" | "aggregates" | "keys" | "swap";

/** What a load changed. */
export interface LoadResult {
  factRows: number;
  rowsUnchanged: number;
  rowsChanged: number;
  rowsAdded: number;
  /** rows that were there and are not in the files: removed by a full load, kept by an incremental one */
  rowsAbsent: number;
  stores: number;
  storesUnchanged: number;
  storesRemoved: number;
  futureRows: number;
}

/** A load under way: stage, then publish once. Nothing is visible before `publish` has returned. */
export interface Load {
  /** ids of the stores the source has already */
  knownStoreIds(): Promise<number[]>;
  /**
   * Copy sales rows: lines `store_id,date_id,sales,customers,promo,state_holiday,school_holiday,open`, nothing for missing,
   * `date_id` as 20150731, each store and day once.
   *
   * @returns rows copied
   */
  stageFacts(lines: LineChunks): Promise<number>;
  /** Copy coming days: lines `store_id,date_id,source_row_id,promo,state_holiday,school_holiday,open`. @returns rows copied */
  stageFuture(lines: LineChunks): Promise<number>;
  /**
   * Make everything visible in one transaction, and the run COMPLETED with it.
   *
   * @param input `stores` null leaves the source's stores as they are (incremental loads without a store file);
   *   `counts` are what the reader counted
   */
  publish(input: {
    stores: readonly StoreRow[] | null;
    counts: { rowsRead: number; rowsRejected: number; summary: Record<string, unknown> };
    findings: readonly EtlFinding[];
    onPhase?: (phase: PublishPhase) => void;
  }): Promise<LoadResult>;
  /** Drop what was staged. Safe to call at any time, also after `publish`. */
  discard(): Promise<void>;
}

/**
 * Begin a load of a run's data source.
 *
 * A *full* load leaves exactly what its files hold: rows, stores and coming days that are not in them go. An *incremental* load
 * adds and updates, and removes nothing but stores without any row.
 */
export async function createLoad(db: Db, run: RunningEtl): Promise<Load> {
  await dropOrphanStaging(db);
  const source = Math.trunc(run.dataSource.id);
  const suffix = `${source}_${run.runId.slice(-8)}`;
  const facts = `staging.fact_${suffix}`;
  const future = `staging.future_${suffix}`;
  let factRows = 0;
  let futureRows = 0;

  return {
    knownStoreIds: () => knownStoreIds(db, source),
    async stageFacts(lines) {
      factRows = await stageFacts(db, facts, source, lines);
      return factRows;
    },
    async stageFuture(lines) {
      futureRows = await stageFuture(db, future, source, lines);
      return futureRows;
    },
    async publish({ stores, counts, findings, onPhase = () => {} }) {
      try {
        return await db.transaction().execute(async (trx) => {
          await sql`set local statement_timeout = 0`.execute(trx);
          await sql`set local lock_timeout = 0`.execute(trx);
          await sql`set local work_mem = '64MB'`.execute(trx);
          onPhase("compare");
          const changes = await compareFacts(trx, source, facts, factRows);

          // Loads of different sources copy side by side and take turns from here on: they share the dimensions.
          await sql`select pg_advisory_xact_lock(hashtext('etl_publish'), 0)`.execute(trx);
          await sql`set local lock_timeout = '30s'`.execute(trx);
          onPhase("stores");
          await ensureDates(trx, facts, futureRows > 0 ? future : null);
          const written =
            stores === null ? { written: 0, unchanged: 0 } : await upsertStores(trx, source, stores);

          if (run.loadKind === "incremental") {
            onPhase("keys");
            await upsertFacts(trx, source, facts);
            onPhase("aggregates");
            await refreshAggregates(
              trx,
              source,
              sql`(select * from fact_sales_daily where data_source_id = ${source})`,
            );
          } else {
            onPhase("aggregates");
            await refreshAggregates(trx, source, sql.raw(facts));
            onPhase("keys");
            await addForeignKeys(trx, facts);
          }
          if (run.loadKind === "full") {
            await trx.deleteFrom("known_future").where("data_source_id", "=", source).execute();
          }
          if (futureRows > 0) await writeFuture(trx, future);
          await refreshFootprint(trx, source, run.runId);
          const result: LoadResult = {
            factRows,
            rowsUnchanged: changes.unchanged,
            rowsChanged: changes.changed,
            rowsAdded: changes.added,
            rowsAbsent: changes.absent,
            stores: stores?.length ?? 0,
            storesUnchanged: written.unchanged,
            storesRemoved: 0,
            futureRows,
          };
          onPhase("swap");
          if (run.loadKind === "full") await swapPartition(trx, source, facts);
          if (stores !== null) {
            const keep = stores.map((store) => store.storeId);
            result.storesRemoved = await removeVanishedStores(trx, source, keep);
          }
          await completeEtlRun(
            trx,
            run.runId,
            {
              rowsRead: counts.rowsRead,
              rowsAccepted: factRows,
              rowsRejected: counts.rowsRejected,
              rowsUnchanged: changes.unchanged,
              summary: { ...counts.summary, load: result },
            },
            findings,
          );
          return result;
        });
      } catch (error) {
        throw refusalOfLoad(error);
      }
    },
    async discard() {
      await sql`drop table if exists ${sql.raw(facts)}, ${sql.raw(future)}`.execute(db);
    },
  };
}

async function ensureDates(trx: Db, facts: string, future: string | null): Promise<void> {
  const days = sql.raw(
    future === null
      ? `select date_id from ${facts}`
      : `select date_id from ${facts} union all select date_id from ${future}`,
  );
  await sql`
    select ensure_dim_date(to_date(min(date_id)::text, 'YYYYMMDD'), to_date(max(date_id)::text, 'YYYYMMDD'))
    from (${days}) as days
    having count(*) > 0
  `.execute(trx);
}

async function writeFuture(trx: Db, staged: string): Promise<void> {
  await sql`
    insert into known_future (data_source_id, store_id, date_id, source_row_id, promo, state_holiday, school_holiday, open)
    select data_source_id, store_id, date_id, source_row_id, promo, state_holiday, school_holiday, open
    from ${sql.raw(staged)}
    on conflict (data_source_id, store_id, date_id) do update set
      source_row_id = excluded.source_row_id,
      promo = excluded.promo,
      state_holiday = excluded.state_holiday,
      school_holiday = excluded.school_holiday,
      open = excluded.open
  `.execute(trx);
}
