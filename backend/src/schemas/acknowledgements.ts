import type { StoredAcknowledgement } from "@rossmann/warehouse";
import { z } from "zod";
import { instant, moment } from "./values.ts";

export const acknowledgementBodySchema = z.object({
  note: z.string().max(1_000).nullish(),
  expires_at: moment().nullish().describe("When it is told again although nobody took it back"),
});

export const acknowledgementSchema = z
  .object({
    alert_id: z.string(),
    acknowledged_by: z.string(),
    acknowledged_at: instant(),
    note: z.string().nullable(),
    expires_at: instant().nullable(),
    cleared_at: instant().nullable().describe("When it was taken back, or the alert resolved"),
    updated_at: instant(),
  })
  .meta({ id: "Acknowledgement" });

export type Acknowledgement = z.output<typeof acknowledgementSchema>;
export type AcknowledgementBody = z.input<typeof acknowledgementBodySchema>;

export function acknowledgementAnswer(acknowledgement: StoredAcknowledgement): Acknowledgement {
  return {
    alert_id: acknowledgement.alertId,
    acknowledged_by: acknowledgement.acknowledgedBy,
    acknowledged_at: acknowledgement.acknowledgedAt.toISOString(),
    note: acknowledgement.note,
    expires_at: acknowledgement.expiresAt?.toISOString() ?? null,
    cleared_at: acknowledgement.clearedAt?.toISOString() ?? null,
    updated_at: acknowledgement.updatedAt.toISOString(),
  };
}
