import { sql } from "kysely";
import type { Db } from "../db.ts";
import { PlanningNotFoundError } from "../errors.ts";

/** What model, planner and naive rule said of one open day. */
export interface OverrideDay {
  /** `YYYY-MM-DD` */
  date: string;
  modelSales: number;
  overrideSales: number;
  naiveSales: number;
}

export interface NewOverride {
  dataSourceId: number;
  storeId: number;
  dateFrom: string;
  dateTo: string;
  /** either this or changePct; the other is null */
  sales: number | null;
  changePct: number | null;
  reason: string;
  author: string;
  /** last observed day when it is made */
  origin: string;
  /** null when the model came from a file */
  modelVersion: number | null;
  days: readonly OverrideDay[];
}

/** A planner's correction, kept beside the model's forecast. */
export interface Override extends Omit<NewOverride, "days"> {
  overrideId: number;
  createdAt: Date;
  withdrawnAt: Date | null;
  withdrawnBy: string | null;
  /** open days of the range; `actualSales` is null until it was loaded */
  days: (OverrideDay & { actualSales: number | null })[];
}

/** @returns its id */
export async function recordOverride(db: Db, override: NewOverride): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { override_id } = await trx
      .insertInto("forecast_override")
      .values({
        data_source_id: override.dataSourceId,
        store_id: override.storeId,
        date_from: override.dateFrom,
        date_to: override.dateTo,
        sales: override.sales,
        change_pct: override.changePct,
        reason: override.reason,
        author: override.author,
        origin: override.origin,
        model_version: override.modelVersion,
      })
      .returning("override_id")
      .executeTakeFirstOrThrow();
    if (override.days.length > 0) {
      await trx
        .insertInto("forecast_override_day")
        .values(
          override.days.map((day) => ({
            override_id,
            target_date: day.date,
            model_sales: day.modelSales,
            override_sales: day.overrideSales,
            naive_sales: day.naiveSales,
          })),
        )
        .execute();
    }
    return override_id;
  });
}

export interface OverrideFilter {
  dataSourceId: number;
  overrideId?: number;
  storeId?: number;
  /** corrections that touch this range */
  dateFrom?: string;
  dateTo?: string;
  includeWithdrawn?: boolean;
  /** default 100 */
  limit?: number;
}

/** Corrections with their days, newest first. */
export async function listOverrides(db: Db, filter: OverrideFilter): Promise<Override[]> {
  const { overrideId, storeId, dateFrom, dateTo } = filter;
  const { rows } = await sql<Override>`
    with chosen as (
      select *
      from forecast_override
      where data_source_id = ${filter.dataSourceId}
        and (${overrideId ?? null}::integer is null or override_id = ${overrideId ?? null}::integer)
        and (${storeId ?? null}::integer is null or store_id = ${storeId ?? null}::integer)
        and (${dateFrom ?? null}::date is null or date_to >= ${dateFrom ?? null}::date)
        and (${dateTo ?? null}::date is null or date_from <= ${dateTo ?? null}::date)
        and (${filter.includeWithdrawn ?? false}::boolean or withdrawn_at is null)
      order by created_at desc, override_id desc
      limit ${filter.limit ?? 100}
    ),
    days as (
      select
        c.override_id,
        json_agg(json_build_object(
          'date', d.target_date, 'modelSales', d.model_sales, 'overrideSales', d.override_sales,
          'naiveSales', d.naive_sales, 'actualSales', f.sales::double precision
        ) order by d.target_date) as days
      from chosen as c
      join forecast_override_day as d using (override_id)
      left join dim_date as day on day.full_date = d.target_date
      left join fact_sales_daily as f
        on f.data_source_id = c.data_source_id and f.store_id = c.store_id and f.date_id = day.date_id
      group by c.override_id
    )
    select
      c.override_id as "overrideId", c.data_source_id as "dataSourceId", c.store_id as "storeId",
      c.date_from as "dateFrom", c.date_to as "dateTo", c.sales, c.change_pct as "changePct", c.reason, c.author,
      c.created_at as "createdAt", c.origin, c.model_version as "modelVersion",
      c.withdrawn_at as "withdrawnAt", c.withdrawn_by as "withdrawnBy", coalesce(d.days, '[]') as days
    from chosen as c
    left join days as d using (override_id)
    order by c.created_at desc, c.override_id desc
  `.execute(db);
  return rows;
}

/** @throws {PlanningNotFoundError} */
export async function findOverride(db: Db, dataSourceId: number, overrideId: number): Promise<Override> {
  const [found] = await listOverrides(db, { dataSourceId, overrideId, includeWithdrawn: true });
  if (found === undefined) {
    throw new PlanningNotFoundError(
      "override_not_found",
      `data source ${dataSourceId} has no correction ${overrideId}; look at the list`,
    );
  }
  return found;
}

/** Takes a correction back; it stays in the list of the withdrawn. Done twice, the first time counts. */
export async function withdrawOverride(
  db: Db,
  dataSourceId: number,
  overrideId: number,
  by: string,
): Promise<Override> {
  await db
    .updateTable("forecast_override")
    .set({ withdrawn_at: sql<Date>`now()`, withdrawn_by: by })
    .where("data_source_id", "=", dataSourceId)
    .where("override_id", "=", overrideId)
    .where("withdrawn_at", "is", null)
    .execute();
  return findOverride(db, dataSourceId, overrideId);
}

/** The correction that counts for each coming day of a store: the newest that was not withdrawn. */
export async function overridesInForce(
  db: Db,
  dataSourceId: number,
  storeId: number,
  dateFrom: string,
): Promise<Map<string, { overrideId: number; sales: number }>> {
  const rows = await db
    .selectFrom("forecast_override as o")
    .innerJoin("forecast_override_day as d", "d.override_id", "o.override_id")
    .where("o.data_source_id", "=", dataSourceId)
    .where("o.store_id", "=", storeId)
    .where("o.date_to", ">=", dateFrom)
    .where("o.withdrawn_at", "is", null)
    .select(["o.override_id as overrideId", "d.target_date as date", "d.override_sales as sales"])
    .orderBy("o.override_id")
    .execute();
  return new Map(rows.map(({ date, ...rest }) => [date, rest]));
}
