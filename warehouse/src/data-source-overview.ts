import { sql } from "kysely";
import type { DataSource } from "./data-sources.ts";
import type { Db } from "./db.ts";
import type { RunStatus } from "./tables.ts";

/** A source with what was last done to it and what it holds. */
export interface DataSourceOverview extends DataSource {
  lastPreflightStatus: string | null;
  lastPreflightAt: Date | null;
  lastPreflightRunId: string | null;
  lastLoadRunId: string | null;
  lastLoadStatus: RunStatus | null;
  lastLoadAt: Date | null;
  lastLoadError: string | null;
  storesCount: number;
  salesRowsCount: number;
  dateFrom: string | null;
  dateTo: string | null;
  /** when what it holds became visible; null before the first load */
  loadedAt: Date | null;
}

/**
 * Sources, the default first, then by id; one statement whatever their number. The status of a preflight run is the worst of
 * its files.
 *
 * @param ids null for all
 */
export async function dataSourceOverviews(
  db: Db,
  { ids = null, activeOnly = false }: { ids?: readonly number[] | null; activeOnly?: boolean } = {},
): Promise<DataSourceOverview[]> {
  const { rows } = await sql<DataSourceOverview>`
    select
      s.id, s.name, s.description,
      s.source_type as "sourceType",
      s.related_contract_id as "relatedContractId",
      s.related_contract_version as "relatedContractVersion",
      s.is_active as "isActive",
      s.is_default as "isDefault",
      s.created_at as "createdAt",
      s.updated_at as "updatedAt",
      p.status as "lastPreflightStatus",
      p.created_at as "lastPreflightAt",
      p.run_id as "lastPreflightRunId",
      l.run_id as "lastLoadRunId",
      l.status as "lastLoadStatus",
      l.started_at as "lastLoadAt",
      l.error_message as "lastLoadError",
      coalesce(f.stores_count, 0) as "storesCount",
      coalesce(f.sales_rows_count, 0) as "salesRowsCount",
      f.date_from as "dateFrom",
      f.date_to as "dateTo",
      f.loaded_at as "loadedAt"
    from data_source as s
    left join agg_source_footprint as f on f.data_source_id = s.id
    left join lateral (
      select e.run_id, e.status, e.started_at, e.error_message
      from etl_run_registry as e
      where e.data_source_id = s.id
      order by e.started_at desc, e.run_id
      limit 1
    ) as l on true
    left join lateral (
      select n.run_id, n.created_at, w.status
      from (
        select run_id, created_at from preflight_run_registry
        where data_source_id = s.id
        order by created_at desc, run_id
        limit 1
      ) as n
      cross join lateral (
        select r.final_status as status
        from preflight_run_registry as r
        where r.run_id = n.run_id and r.data_source_id = s.id
        order by array_position(array['ERROR', 'FAIL', 'WARN', 'PASS', 'SKIPPED'], r.final_status::text)
        limit 1
      ) as w
    ) as p on true
    where (${ids}::integer[] is null or s.id = any(${ids}::integer[])) and (s.is_active or not ${activeOnly}::boolean)
    order by s.is_default desc, s.id
  `.execute(db);
  return rows;
}
