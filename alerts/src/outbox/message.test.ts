import { expect, test } from "vitest";
import { bodyOf, composeMessage, type EventMessage, MAX_LISTED, textOf } from "./message.ts";

const event = (id: string, more: { type?: string; severity?: string; at?: string } = {}): EventMessage => ({
  version: "v1",
  event_id: id,
  event_type: more.type ?? "ALERT_FIRING",
  occurred_at: more.at ?? "2026-03-01T10:00:00.000Z",
  alert: {
    alert_id: id,
    policy_id: "p",
    severity: more.severity ?? "LOW",
    source_name: null,
    previous_status: null,
    status: more.type === "ALERT_RESOLVED" ? "RESOLVED" : "FIRING",
    current_value: 2,
    threshold: 1,
    message: `message of ${id}`,
    reason: "fired",
    first_seen_at: null,
    labels: {},
    runbook: null,
  },
  context: { of: id },
});

test("a single event is sent as it is", () => {
  expect(composeMessage("a", "g", [event("a")])).toEqual(event("a"));
});

test("of several the most urgent one that fires leads, and all are listed in order", () => {
  const message = composeMessage("a", "g", [
    event("a", { type: "ALERT_RESOLVED", severity: "HIGH" }),
    event("b"),
    event("c", { severity: "MEDIUM", at: "2026-03-01T11:00:00.000Z" }),
  ]);
  expect(message).toMatchObject({
    event_id: "a",
    event_type: "ALERT_FIRING",
    occurred_at: "2026-03-01T11:00:00.000Z",
    alert: { alert_id: "c" },
    context: { of: "c" },
    group: { key: "g", firing: 2, resolved: 1 },
    alerts_left_out: 0,
  });
  expect(message.alerts!.map(({ event_id }) => event_id)).toEqual(["a", "b", "c"]);
});

test("a large group is cut, and says so", () => {
  const message = composeMessage(
    "x0",
    "g",
    Array.from({ length: 100 }, (_, i) => event(`x${i}`)),
  );
  expect(message.alerts).toHaveLength(MAX_LISTED);
  expect(message.alerts_left_out).toBe(60);
  expect(textOf(message).text).toContain("and 60 more");
});

test("the body is the stored text with the delivery behind it; replayed_from_id only where there is one", () => {
  expect(bodyOf('{"a":"}"}', "d", null)).toBe('{"a":"}","delivery":{"delivery_id":"d"}}');
  expect(JSON.parse(bodyOf('{"a":1}', "d", "o"))).toEqual({
    a: 1,
    delivery: { delivery_id: "d", replayed_from_id: "o" },
  });
});
