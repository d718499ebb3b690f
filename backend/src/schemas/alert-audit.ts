import type { AuditItem } from "@rossmann/warehouse";
import { z } from "zod";
import { numberedPageQuery, pageAnswer } from "./paging.ts";
import { instant } from "./values.ts";

const text = (longest: number) => z.string().trim().min(1).max(longest).optional();

export const auditQuerySchema = z.object({
  ...numberedPageQuery(500, 50),
  alert_id: text(160),
  event_type: text(32).describe("PENDING, FIRING, RESOLVED, OK, SILENCED, ACKED, REPLAYED …"),
  actor: text(128),
});

export const auditEventSchema = z
  .object({
    event_id: z.int(),
    alert_id: z.string(),
    event_type: z.string(),
    actor: z.string().describe("Who did it; system:scheduler where nobody did"),
    event_at: instant(),
    payload_json: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "AuditEvent" });

export const auditSchema = z
  .object({ ...pageAnswer, items: z.array(auditEventSchema).describe("Newest first") })
  .meta({ id: "AlertAudit" });

export type AuditEvent = z.output<typeof auditEventSchema>;
export type AlertAudit = z.output<typeof auditSchema>;
export type AlertAuditQuery = z.input<typeof auditQuerySchema>;

export function auditAnswer(item: AuditItem): AuditEvent {
  return {
    event_id: item.eventId,
    alert_id: item.alertId,
    event_type: item.eventType,
    actor: item.actor,
    event_at: item.eventAt.toISOString(),
    payload_json: item.payload,
  };
}
