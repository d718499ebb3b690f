import { sql } from "kysely";
import { blankToNull, columns, type DataSource, resolveDataSource, takeDefaultMark } from "./data-sources.ts";
import { codeOf, type Db } from "./db.ts";
import { DataSourceError } from "./errors.ts";
import { partitionOf } from "./load/facts.ts";

/** What of a source is to be another way; what is absent stays. */
export interface DataSourceChanges {
  name?: string;
  description?: string | null;
  sourceType?: string | null;
  relatedContractId?: string | null;
  relatedContractVersion?: string | null;
  isActive?: boolean;
  /** only true: the mark is taken by another source, never given up */
  isDefault?: boolean;
}

/**
 * Change a source. Changes that are made at the same time take turns.
 *
 * @throws {DataSourceError} `data_source_not_found`, `data_source_exists` (the name), or `data_source_invalid`: no name, the
 *   default switched off, or the mark of the default given up without another source to take it
 */
export async function updateDataSource(db: Db, id: number, changes: DataSourceChanges): Promise<DataSource> {
  try {
    return await db.transaction().execute(async (trx) => {
      await sql`select from data_source order by id for update`.execute(trx);
      const source = await resolveDataSource(trx, id, { allowInactive: true });
      const isActive = changes.isActive ?? source.isActive;
      const isDefault = changes.isDefault ?? source.isDefault;
      const name = changes.name?.trim() ?? source.name;
      refuseState(source, { name, isActive, isDefault });
      if (isDefault && !source.isDefault) await takeDefaultMark(trx);
      return trx
        .updateTable("data_source")
        .set({
          name,
          ...(changes.description !== undefined && { description: blankToNull(changes.description) }),
          ...(changes.sourceType !== undefined && { source_type: blankToNull(changes.sourceType) ?? "cms" }),
          ...(changes.relatedContractId !== undefined && {
            related_contract_id: blankToNull(changes.relatedContractId),
          }),
          ...(changes.relatedContractVersion !== undefined && {
            related_contract_version: blankToNull(changes.relatedContractVersion),
          }),
          is_active: isActive,
          is_default: isDefault,
          updated_at: sql<Date>`now()`,
        })
        .where("id", "=", id)
        .returning(columns)
        .executeTakeFirstOrThrow();
    });
  } catch (error) {
    if (codeOf(error) === "23505")
      throw new DataSourceError("data_source_exists", `a data source named "${changes.name}" exists already`);
    throw error;
  }
}

/**
 * Remove a source that holds nothing: its records of failed loads and examinations go with it.
 *
 * @throws {DataSourceError} `data_source_not_found`, or `data_source_in_use` while it has sales, stores, coming days, forecasts,
 *   trainings or models, is being loaded, or is the default
 */
export async function deleteDataSource(db: Db, id: number): Promise<DataSource> {
  try {
    return await db.transaction().execute(async (trx) => {
      // A load that begins waits here, and finds no source afterwards.
      await sql`select pg_advisory_xact_lock(hashtext('etl_run_start'), ${id})`.execute(trx);
      await sql`select from data_source where id = ${id} for update`.execute(trx);
      const source = await resolveDataSource(trx, id, { allowInactive: true });
      if (source.isDefault) refuseDelete(source, "it is the default: make another source the default first");
      const held = await holdings(trx, id);
      if (held.length > 0) refuseDelete(source, `it holds ${held.join(", ")}: switch it off instead`);
      await sql.raw(`drop table if exists ${partitionOf(Math.trunc(id))}`).execute(trx);
      for (const table of RECORDS) {
        await sql`delete from ${sql.table(table)} where data_source_id = ${id}`.execute(trx);
      }
      await trx.deleteFrom("data_source").where("id", "=", id).execute();
      return source;
    });
  } catch (error) {
    if (codeOf(error) !== "23503") throw error;
    throw new DataSourceError(
      "data_source_in_use",
      `data source ${id} cannot be deleted: something still refers to it; switch it off instead`,
    );
  }
}

/** What stands in the way of a deletion, with the words for it. */
const HOLDINGS: Readonly<Record<string, string>> = {
  fact_sales_daily: "sales",
  dim_store: "stores",
  known_future: "coming days",
  forecast_run_registry: "forecasts",
  ml_experiment_registry: "trainings",
  model_version: "models",
};
/** What may go with a source that holds nothing. */
const RECORDS = [
  "agg_chain_daily",
  "agg_store",
  "agg_store_monthly",
  "agg_store_promo",
  "agg_source_footprint",
  "preflight_run_registry",
  "etl_run_registry",
];

async function holdings(trx: Db, id: number): Promise<string[]> {
  const held: string[] = [];
  for (const [table, words] of Object.entries(HOLDINGS)) {
    const { rows } = await sql`select from ${sql.table(table)} where data_source_id = ${id} limit 1`.execute(
      trx,
    );
    if (rows.length > 0) held.push(words);
  }
  const { rows } = await sql`
    select from etl_run_registry where data_source_id = ${id} and status = 'RUNNING'`.execute(trx);
  return rows.length > 0 ? [...held, "a load that is at work"] : held;
}

function refuseDelete({ id, name }: DataSource, reason: string): never {
  throw new DataSourceError("data_source_in_use", `data source ${id} "${name}" cannot be deleted: ${reason}`);
}

function refuseState(
  source: DataSource,
  next: { name: string; isActive: boolean; isDefault: boolean },
): void {
  const fault =
    next.name === ""
      ? "a data source needs a name"
      : next.isDefault && !next.isActive
        ? `data source ${source.id} "${source.name}" is the default and must be active: make another source the default first`
        : source.isDefault && !next.isDefault
          ? `there must be a default data source: make another one the default, which takes the mark from ${source.id} "${source.name}"`
          : null;
  if (fault !== null) throw new DataSourceError("data_source_invalid", fault);
}
