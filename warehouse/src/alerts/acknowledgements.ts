import { sql } from "kysely";
import type { Db } from "../db.ts";

export interface StoredAcknowledgement {
  alertId: string;
  /** the firing that it belongs to */
  firingNo: number;
  acknowledgedBy: string;
  acknowledgedAt: Date;
  note: string | null;
  expiresAt: Date | null;
  clearedAt: Date | null;
  updatedAt: Date;
}

const columns = sql`
  alert_id as "alertId", firing_no as "firingNo", acknowledged_by as "acknowledgedBy", acknowledged_at as "acknowledgedAt",
  note, expires_at as "expiresAt", cleared_at as "clearedAt", updated_at as "updatedAt"`;

/** Acknowledge one firing of an alert; a second time overwrites note and author. */
export async function saveAcknowledgement(
  trx: Db,
  given: { alertId: string; firingNo: number; actor: string; note: string | null; expiresAt: Date | null },
): Promise<StoredAcknowledgement> {
  const { rows } = await sql<StoredAcknowledgement>`
    insert into preflight_alert_acknowledgement
      (alert_id, firing_no, acknowledged_by, acknowledged_at, note, expires_at, updated_at)
    values (${given.alertId}, ${given.firingNo}, ${given.actor}, clock_timestamp(), ${given.note}, ${given.expiresAt}, clock_timestamp())
    on conflict (alert_id) do update set
      firing_no = excluded.firing_no, acknowledged_by = excluded.acknowledged_by, acknowledged_at = excluded.acknowledged_at,
      note = excluded.note, expires_at = excluded.expires_at, cleared_at = null, cleared_by = null, updated_at = excluded.updated_at
    returning ${columns}
  `.execute(trx);
  return rows[0]!;
}

/** Acknowledgements in force, by alert. */
export async function activeAcknowledgements(
  db: Db,
  alertIds?: readonly string[],
): Promise<Map<string, StoredAcknowledgement>> {
  const { rows } = await sql<StoredAcknowledgement>`
    select ${columns} from preflight_alert_acknowledgement
    where cleared_at is null and (expires_at is null or expires_at > clock_timestamp())
      and ${alertIds === undefined ? sql`true` : sql`alert_id = any(${[...alertIds]}::text[])`}
  `.execute(db);
  return new Map(rows.map((row) => [row.alertId, row]));
}

/**
 * Take acknowledgements back.
 *
 * @returns those that were in force and are cleared by this call
 */
export async function clearAcknowledgements(
  trx: Db,
  alertIds: readonly string[],
  actor: string,
): Promise<StoredAcknowledgement[]> {
  if (alertIds.length === 0) return [];
  const { rows } = await sql<StoredAcknowledgement>`
    update preflight_alert_acknowledgement
    set cleared_at = clock_timestamp(), cleared_by = ${actor}, updated_at = clock_timestamp()
    where alert_id = any(${[...alertIds]}::text[]) and cleared_at is null
    returning ${columns}
  `.execute(trx);
  return rows;
}

/** The last acknowledgement of an alert, cleared or not. */
export async function findAcknowledgement(db: Db, alertId: string): Promise<StoredAcknowledgement | null> {
  const { rows } = await sql<StoredAcknowledgement>`
    select ${columns} from preflight_alert_acknowledgement where alert_id = ${alertId}
  `.execute(db);
  return rows[0] ?? null;
}
