import { type RawBuilder, sql } from "kysely";

/**
 * What comes after a run in a list from the newest to the oldest, runs of one moment by id: a condition that the index on both
 * answers. After a run that nobody knows comes nothing.
 *
 * @param table registry of the runs
 * @param time  its column of the moment, the first of the order
 * @param key   its column of the id
 * @param after id of the run that the page before ended with
 */
export function comesAfter(table: string, time: string, after: string, key = "run_id"): RawBuilder<boolean> {
  const moment = sql.ref(`${table}.${time}`);
  const id = sql.ref(`${table}.${key}`);
  // Taken where it is, in microseconds: as a Date it would be cut to milliseconds, and runs would be told twice.
  const last = sql`(select a.${sql.ref(time)} from ${sql.table(table)} as a where a.${sql.ref(key)} = ${after})`;
  return sql<boolean>`(${moment} <= ${last} and (${moment} < ${last} or ${id} > ${after}))`;
}
