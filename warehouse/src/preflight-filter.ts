import { type RawBuilder, sql } from "kysely";

/** Which examined files a question is about; what is absent or null does not narrow it. */
export interface PreflightFilter {
  sourceName?: string | null;
  dataSourceId?: number | null;
  /** data sources whoever asks may see; runs of none are then unseen too */
  visibleDataSourceIds?: readonly number[] | null;
  mode?: string | null;
  finalStatus?: string | null;
  /** first instant, inside */
  from?: Date | null;
  /** last millisecond, inside to its end */
  to?: Date | null;
}

/**
 * The conditions of a filter, written out only where they narrow: a condition that is switched off by a parameter would hide
 * the index from the planner.
 *
 * @param alias table that has the columns
 */
export function matching(filter: PreflightFilter, alias: string): RawBuilder<unknown> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const conditions = [sql`true`];
  if (filter.from) conditions.push(sql`${column("created_at")} >= ${filter.from}::timestamptz`);
  if (filter.to) conditions.push(sql`${column("created_at")} < ${behind(filter.to)}::timestamptz`);
  if (filter.sourceName) conditions.push(sql`${column("source_name")} = ${filter.sourceName}`);
  if (filter.dataSourceId)
    conditions.push(sql`${column("data_source_id")} = ${filter.dataSourceId}::integer`);
  if (filter.visibleDataSourceIds)
    conditions.push(sql`${column("data_source_id")} = any(${[...filter.visibleDataSourceIds]}::integer[])`);
  if (filter.mode) conditions.push(sql`${column("mode")} = ${filter.mode}`);
  if (filter.finalStatus) conditions.push(sql`${column("final_status")} = ${filter.finalStatus}`);
  return sql.join(conditions, sql` and `);
}

/** The instant that the millisecond ends at: what was written with microseconds belongs to it too. */
export const behind = (last: Date): Date => new Date(last.getTime() + 1);
