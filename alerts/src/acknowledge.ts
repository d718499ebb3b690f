import {
  appendAudit,
  clearAcknowledgements,
  type Db,
  findAcknowledgement,
  findAlert,
  type StoredAcknowledgement,
  saveAcknowledgement,
} from "@rossmann/warehouse";
import { AlertRequestError } from "./errors.ts";

/**
 * Say that somebody looks after an alert: it is not told again until it has resolved. The resolve notice still goes out, and
 * ends the acknowledgement.
 *
 * @throws {AlertRequestError} `alert_not_active` unless the alert is pending or firing; `acknowledgement_invalid` when it would end
 *   in the past
 */
export async function acknowledgeAlert(
  db: Db,
  alertId: string,
  actor: string,
  options: { note?: string | null; expiresAt?: Date | null } = {},
): Promise<StoredAcknowledgement> {
  if (options.expiresAt != null && options.expiresAt.getTime() <= Date.now()) {
    throw new AlertRequestError(
      "acknowledgement_invalid",
      "invalid",
      `the acknowledgement would have ended already (${options.expiresAt.toISOString()}): choose a later expires_at`,
    );
  }
  return db.transaction().execute(async (trx) => {
    const alert = await findAlert(trx, alertId);
    if (alert === null || (alert.status !== "PENDING" && alert.status !== "FIRING")) {
      throw new AlertRequestError(
        "alert_not_active",
        "not_found",
        `there is no pending or firing alert ${alertId}`,
      );
    }
    const note = options.note?.trim() ?? "";
    const acknowledgement = await saveAcknowledgement(trx, {
      alertId,
      // Acknowledged while pending, it counts for the firing that follows.
      firingNo: alert.status === "PENDING" ? alert.firingNo + 1 : alert.firingNo,
      actor,
      note: note === "" ? null : note,
      expiresAt: options.expiresAt ?? null,
    });
    await appendAudit(trx, [{ alertId, eventType: "ACKED", actor, payload: { acknowledgement } }]);
    return acknowledgement;
  });
}

/**
 * Take an acknowledgement back. Doing so again changes and audits nothing.
 *
 * @throws {AlertRequestError} `acknowledgement_not_found` when the alert was never acknowledged
 */
export async function unacknowledgeAlert(
  db: Db,
  alertId: string,
  actor: string,
): Promise<StoredAcknowledgement> {
  return db.transaction().execute(async (trx) => {
    const [cleared] = await clearAcknowledgements(trx, [alertId], actor);
    if (cleared !== undefined) {
      await appendAudit(trx, [
        { alertId, eventType: "UNACKED", actor, payload: { acknowledgement: cleared } },
      ]);
      return cleared;
    }
    const last = await findAcknowledgement(trx, alertId);
    if (last === null) {
      throw new AlertRequestError(
        "acknowledgement_not_found",
        "not_found",
        `alert ${alertId} was never acknowledged`,
      );
    }
    return last;
  });
}
