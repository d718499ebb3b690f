import { sql } from "kysely";
import type { Db } from "../db.ts";
import { allOf } from "./alerts.ts";

export interface AuditEntry {
  alertId: string;
  eventType: string;
  actor: string;
  payload: Record<string, unknown>;
}

export interface AuditItem extends AuditEntry {
  eventId: number;
  eventAt: Date;
}

/** Add to the audit trail, in the transaction of what it tells. */
export async function appendAudit(trx: Db, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    insert into preflight_alert_audit_event (alert_id, event_type, actor, payload_json)
    select "alertId", "eventType", actor, payload
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e ("alertId" text, "eventType" text, actor text, payload jsonb)
  `.execute(trx);
}

export interface AuditFilter {
  alertId?: string;
  eventType?: string;
  actor?: string;
  /** `eventId` of the last row of the page before */
  after?: number;
  limit?: number;
}

/** The audit trail, newest first. */
export async function listAudit(db: Db, filter: AuditFilter = {}): Promise<AuditItem[]> {
  const where = allOf([
    filter.alertId === undefined ? null : sql`alert_id = ${filter.alertId}`,
    filter.eventType === undefined ? null : sql`event_type = ${filter.eventType}`,
    filter.actor === undefined ? null : sql`actor = ${filter.actor}`,
    filter.after === undefined ? null : sql`event_id < ${filter.after}::bigint`,
  ]);
  const { rows } = await sql<AuditItem>`
    select event_id as "eventId", alert_id as "alertId", event_type as "eventType", actor, event_at as "eventAt",
      payload_json as payload
    from preflight_alert_audit_event where ${where}
    order by event_id desc limit ${filter.limit ?? 50}
  `.execute(db);
  return rows;
}
