import { randomUUID } from "node:crypto";
import type {
  NotificationLogRow,
  StoredAcknowledgement,
  StoredAlert,
  StoredSilence,
} from "@rossmann/warehouse";
import { fingerprint } from "./labels.ts";
import { matchesAll } from "./matchers.ts";
import type { AlertEventType, Channel } from "./outbox/channels.ts";
import type { EventMessage } from "./outbox/message.ts";

/**
 * - `fired`        the channel hears of this firing for the first time
 * - `fired_again`  so it does, and it still believes an earlier firing of the alert to go on (its end was silenced)
 * - `repeat`       the alert still fires and nobody has acknowledged it
 * - `resolved`     it no longer fires; only channels that heard of the firing are told
 */
export type NoticeReason = "fired" | "fired_again" | "repeat" | "resolved";

/** Something that one channel should be told about one alert. */
export interface Notice {
  channel: Channel;
  alert: StoredAlert;
  eventType: AlertEventType;
  reason: NoticeReason;
  /** the firing it is about */
  firingNo: number;
  /** the same for every channel that is told the same */
  eventId: string;
}

/** A change of what a channel has been told that needs no message, since it does not want that kind of event. */
export type Settled = Pick<
  NotificationLogRow,
  "alertId" | "channelTarget" | "firingNo" | "status" | "eventId"
>;

export interface Surroundings {
  channels: readonly Channel[];
  /** what channels were told last */
  log: readonly NotificationLogRow[];
  silenced: ReadonlyMap<string, StoredSilence>;
  /** alert id → id of the louder alert */
  inhibited: ReadonlyMap<string, string>;
  acknowledged: ReadonlyMap<string, StoredAcknowledgement>;
  now: Date;
}

/**
 * What has to be said now: the difference between what is and what every channel was told last. Silence holds everything back;
 * inhibition and acknowledgement hold back what they are for. Nothing is forgotten by being held back: as soon as the reason is
 * gone, the difference is there again.
 *
 * @param alerts those that fire, and those that some channel believes to fire
 */
export function decideNotices(
  alerts: readonly StoredAlert[],
  around: Surroundings,
): { notices: Notice[]; settled: Settled[] } {
  const told = new Map(around.log.map((row) => [`${row.alertId}\n${row.channelTarget}`, row]));
  const notices: Notice[] = [];
  const settled: Settled[] = [];
  for (const alert of alerts) {
    if (around.silenced.has(alert.alertId)) continue;
    const eventIds = new Map<NoticeReason, string>();
    for (const channel of around.channels) {
      if (!matchesAll(channel.match, alert.labels)) continue;
      const last = told.get(`${alert.alertId}\n${channel.id}`);
      const reason = reasonToTell(alert, channel, last, around);
      if (reason === null) continue;

      const eventType = reason === "resolved" ? "ALERT_RESOLVED" : "ALERT_FIRING";
      const firingNo = reason === "resolved" ? last!.firingNo : alert.firingNo;
      const eventId = eventIds.get(reason) ?? randomUUID().replaceAll("-", "");
      eventIds.set(reason, eventId);
      if (channel.eventTypes.includes(eventType))
        notices.push({ channel, alert, eventType, reason, firingNo, eventId });
      else {
        const status = reason === "resolved" ? "RESOLVED" : "FIRING";
        settled.push({ alertId: alert.alertId, channelTarget: channel.id, firingNo, status, eventId });
      }
    }
  }
  return { notices, settled };
}

function reasonToTell(
  alert: StoredAlert,
  channel: Channel,
  last: NotificationLogRow | undefined,
  around: Surroundings,
): NoticeReason | null {
  const believesItFires = last?.status === "FIRING";
  if (alert.status !== "FIRING") return believesItFires ? "resolved" : null;
  if (around.inhibited.has(alert.alertId)) return null;
  if (last === undefined || last.firingNo < alert.firingNo) return believesItFires ? "fired_again" : "fired";
  if (!believesItFires || channel.grouping.repeatMs === 0) return null;
  if (around.acknowledged.get(alert.alertId)?.firingNo === alert.firingNo) return null;
  const sinceMs = around.now.getTime() - last.notifiedAt.getTime();
  return sinceMs >= channel.grouping.repeatMs ? "repeat" : null;
}

const MAX_GROUP_KEY = 200;

/** Which notices of a channel go into one envelope: equal keys do. */
export function groupKeyOf(channel: Channel, alert: StoredAlert): string {
  if (channel.grouping.by.includes("alert_id")) return `alert_id=${alert.alertId}`;
  const values = Object.fromEntries(channel.grouping.by.map((name) => [name, alert.labels[name] ?? ""]));
  const text = Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return text.length <= MAX_GROUP_KEY ? text : `group:${fingerprint(values)}`;
}

/** A notice in the words that receivers get. */
export function messageOf(notice: Notice, occurredAt: Date): EventMessage {
  const { alert } = notice;
  const isResolved = notice.reason === "resolved";
  const runbook = alert.policy.runbook;
  return {
    version: "v1",
    event_id: notice.eventId,
    event_type: notice.eventType,
    occurred_at: occurredAt.toISOString(),
    alert: {
      alert_id: alert.alertId,
      policy_id: alert.policyId,
      severity: alert.severity,
      source_name: alert.sourceName,
      previous_status: isResolved || notice.reason === "repeat" ? "FIRING" : previousOf(alert),
      status: isResolved ? "RESOLVED" : "FIRING",
      current_value: alert.currentValue,
      threshold: alert.threshold,
      message: alert.message,
      reason: notice.reason,
      first_seen_at: alert.firstSeenAt?.toISOString() ?? alert.firedAt?.toISOString() ?? null,
      labels: alert.labels,
      runbook: typeof runbook === "string" ? runbook : null,
    },
    context: alert.context,
  };
}

/** An alert that fired at its first breach was never pending. */
function previousOf(alert: StoredAlert): string | null {
  return alert.firedAt !== null && alert.firstSeenAt !== null && alert.firedAt > alert.firstSeenAt
    ? "PENDING"
    : null;
}
