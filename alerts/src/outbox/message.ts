/** One event as receivers see it; field names and order are the interface. */
export interface EventMessage {
  version: "v1";
  event_id: string;
  event_type: string;
  /** ISO 8601 */
  occurred_at: string;
  alert: AlertMessage;
  context: Record<string, unknown>;
}

export interface AlertMessage {
  alert_id: string;
  policy_id: string;
  severity: string | null;
  source_name: string | null;
  previous_status: string | null;
  status: string;
  current_value: number | null;
  threshold: number | null;
  message: string;
  /** fired, repeat or resolved */
  reason: string;
  first_seen_at: string | null;
  labels: Record<string, string>;
  runbook: string | null;
}

/** What is sent: the event itself, and with several events of one group all of them beside the most urgent. */
export interface NotificationMessage extends EventMessage {
  group?: { key: string; firing: number; resolved: number };
  /** at most {@link MAX_LISTED} of the group, in the order in which they happened */
  alerts?: (AlertMessage & { event_id: string; event_type: string })[];
  alerts_left_out?: number;
}

/** Keeps a notification of a large group near the 20 kB that receivers are comfortable with. */
export const MAX_LISTED = 40;

const SEVERITY_RANK: Readonly<Record<string, number>> = { HIGH: 3, MEDIUM: 2, LOW: 1 };

/**
 * The contents of an envelope.
 *
 * @param eventId  of the envelope: receivers de-duplicate on it
 * @param events   at least one, in the order of joining
 */
export function composeMessage(
  eventId: string,
  groupKey: string,
  events: readonly EventMessage[],
): NotificationMessage {
  const first = events[0];
  if (first === undefined) throw new Error("an envelope without events cannot be sent");
  if (events.length === 1) return { ...first, event_id: eventId };

  const firing = events.filter((event) => event.event_type === "ALERT_FIRING");
  const lead = mostUrgent(firing.length > 0 ? firing : events);
  return {
    version: "v1",
    event_id: eventId,
    event_type: lead.event_type,
    occurred_at:
      events
        .map((event) => event.occurred_at)
        .sort()
        .at(-1) ?? first.occurred_at,
    alert: lead.alert,
    context: lead.context,
    group: { key: groupKey, firing: firing.length, resolved: events.length - firing.length },
    alerts: events
      .slice(0, MAX_LISTED)
      .map((event) => ({ event_id: event.event_id, event_type: event.event_type, ...event.alert })),
    alerts_left_out: Math.max(events.length - MAX_LISTED, 0),
  };
}

/**
 * The body of one delivery: the stored text with the delivery's ids behind it. Only this attempt's ids differ between attempts.
 *
 * @param payload JSON object as stored, serialised once
 */
export function bodyOf(payload: string, deliveryId: string, replayedFromId: string | null): string {
  const delivery = {
    delivery_id: deliveryId,
    ...(replayedFromId === null ? {} : { replayed_from_id: replayedFromId }),
  };
  return `${payload.slice(0, payload.lastIndexOf("}"))},"delivery":${JSON.stringify(delivery)}}`;
}

/** The same for people: one line as subject, and one line per alert. */
export function textOf(message: NotificationMessage): { subject: string; text: string } {
  const { alert, group } = message;
  const subject =
    group === undefined
      ? `[${alert.status}] ${alert.severity ?? ""} ${alert.policy_id}`.replaceAll("  ", " ")
      : `[${group.firing} firing, ${group.resolved} resolved] ${alert.severity ?? ""} ${alert.policy_id}`.replaceAll(
          "  ",
          " ",
        );
  const lines = (message.alerts ?? [alert]).map(
    (each) =>
      `${each.status} since ${each.first_seen_at ?? message.occurred_at}: ${each.message}${each.runbook === null ? "" : `\n  what to do: ${each.runbook}`}`,
  );
  if ((message.alerts_left_out ?? 0) > 0) lines.push(`and ${message.alerts_left_out} more`);
  return { subject, text: lines.join("\n") };
}

function mostUrgent(events: readonly EventMessage[]): EventMessage {
  const rank = (event: EventMessage) => SEVERITY_RANK[event.alert.severity ?? ""] ?? 0;
  return events.reduce((best, event) => (rank(event) > rank(best) ? event : best));
}
