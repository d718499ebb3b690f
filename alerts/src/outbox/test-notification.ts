import { randomUUID } from "node:crypto";
import type { Channel } from "./channels.ts";
import type { DeliveryResult, Postman } from "./deliver.ts";
import type { EventMessage } from "./message.ts";

/** Send one message to a channel at once, past the outbox, to see whether it arrives. It says that it is a test. */
export function sendTestNotification(postman: Postman, channel: Channel, now: Date): Promise<DeliveryResult> {
  const eventId = randomUUID().replaceAll("-", "");
  const message: EventMessage = {
    version: "v1",
    event_id: eventId,
    event_type: "CHANNEL_TEST",
    occurred_at: now.toISOString(),
    alert: {
      alert_id: "channel_test",
      policy_id: "channel_test",
      severity: "LOW",
      source_name: null,
      previous_status: null,
      status: "FIRING",
      current_value: null,
      threshold: null,
      message: `This is a test of channel ${channel.id}; nothing is wrong`,
      reason: "test",
      first_seen_at: now.toISOString(),
      labels: {},
      runbook: null,
    },
    context: {},
  };
  return postman.deliver(channel, {
    eventId,
    deliveryId: randomUUID().replaceAll("-", ""),
    replayedFromId: null,
    payload: JSON.stringify(message),
  });
}
