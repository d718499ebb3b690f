import { randomUUID } from "node:crypto";
import {
  type Db,
  type Envelope,
  enqueueNotifications,
  type FiringOnChannel,
  type NotificationEvent,
  saveNotificationLog,
  withdrawUnsent,
} from "@rossmann/warehouse";
import { groupKeyOf, messageOf, type Notice, type Settled } from "../notices.ts";
import type { Channel } from "./channels.ts";

/**
 * Drop notices into the outbox, one envelope per channel and group, and note what every channel has been told: in the
 * transaction of the change that they tell of. An alert that has fired and resolved before its envelope was taken is not told at all.
 *
 * @returns how many envelopes were opened or joined
 */
export async function relayNotices(
  trx: Db,
  decided: { notices: readonly Notice[]; settled: readonly Settled[] },
  at: Date,
): Promise<number> {
  const { notices, settled } = decided;
  const withdrawn = await withdrawUnsent(
    trx,
    notices
      .filter((notice) => notice.reason === "resolved")
      .map(({ alert, firingNo, channel }) => ({
        alertId: alert.alertId,
        firingNo,
        channelTarget: channel.id,
      })),
  );
  const neverTold = new Set(withdrawn.map(keyOf));
  const toTell = notices.filter(
    ({ reason, alert, firingNo, channel }) =>
      reason !== "resolved" ||
      !neverTold.has(keyOf({ alertId: alert.alertId, firingNo, channelTarget: channel.id })),
  );
  const envelopes = envelopesOf(toTell, at);
  await enqueueNotifications(trx, envelopes);
  await saveNotificationLog(trx, [
    ...settled.map((row) => ({ ...row, notifiedAt: at })),
    ...notices.map(({ alert, channel, firingNo, reason, eventId }) => ({
      alertId: alert.alertId,
      channelTarget: channel.id,
      firingNo,
      status: reason === "resolved" ? ("RESOLVED" as const) : ("FIRING" as const),
      eventId,
      notifiedAt: at,
    })),
  ]);
  return envelopes.length;
}

function envelopesOf(notices: readonly Notice[], at: Date): Envelope[] {
  const groups = Map.groupBy(notices, ({ channel, alert }) => `${channel.id}\n${groupKeyOf(channel, alert)}`);
  return [...groups.values()].map((group) => {
    const { channel, alert } = group[0]!;
    return envelopeFor(
      channel,
      groupKeyOf(channel, alert),
      group.map((notice) => eventOf(notice, at)),
    );
  });
}

/** An envelope for some events on one channel. */
export function envelopeFor(channel: Channel, groupKey: string, events: NotificationEvent[]): Envelope {
  return {
    id: randomUUID().replaceAll("-", ""),
    deliveryId: randomUUID().replaceAll("-", ""),
    channelType: channel.type,
    channelTarget: channel.id,
    groupKey,
    maxAttempts: channel.scheduleMs.length + 1,
    waitMs: channel.grouping.waitMs,
    intervalMs: channel.grouping.intervalMs,
    events,
  };
}

function eventOf(notice: Notice, at: Date): NotificationEvent {
  return {
    eventId: notice.eventId,
    eventType: notice.eventType,
    alertId: notice.alert.alertId,
    policyId: notice.alert.policyId,
    severity: notice.alert.severity,
    sourceName: notice.alert.sourceName,
    firingNo: notice.firingNo,
    reason: notice.reason,
    payload: messageOf(notice, at),
    occurredAt: at,
  };
}

function keyOf({ alertId, firingNo, channelTarget }: FiringOnChannel): string {
  return `${alertId}\n${firingNo}\n${channelTarget}`;
}
