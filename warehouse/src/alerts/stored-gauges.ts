import { sql } from "kysely";
import type { Db } from "../db.ts";

/** A gauge that is computed now and then. */
export interface StoredGauge {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Replace all stored gauges by those of a new computation. */
export async function saveGauges(trx: Db, gauges: readonly StoredGauge[]): Promise<void> {
  const rows = JSON.stringify(gauges);
  await sql`
    with fresh as (
      select name, labels, value from jsonb_to_recordset(${rows}::jsonb) as g (name text, labels jsonb, value double precision)
    ),
    gone as (
      delete from metric_gauge as m where not exists (select from fresh where fresh.name = m.name and fresh.labels = m.labels)
    )
    insert into metric_gauge (name, labels, value, updated_at)
    select name, labels, value, clock_timestamp() from fresh
    on conflict (name, labels) do update set value = excluded.value, updated_at = excluded.updated_at
  `.execute(trx);
}

export async function readGauges(db: Db): Promise<StoredGauge[]> {
  const { rows } = await sql<StoredGauge>`
    select name, labels, value from metric_gauge order by name, labels
  `.execute(db);
  return rows;
}
