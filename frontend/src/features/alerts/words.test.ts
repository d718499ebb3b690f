import { expect, test } from "vitest";
import { type FakeAlerts, fakeAlerts } from "../../../test/fake-alerts.ts";
import type { Alert } from "../../lib/api-types.ts";
import { replayable } from "./replayable.ts";
import { endOf, matcherLines, silenceOf } from "./silence-body.ts";
import { endpointState, evidencePage, inboxAnswer, limitWords, markWords, metricValue } from "./words.ts";

const answerOf = (items: Alert[]) =>
  inboxAnswer({ evaluated_at: "", is_preview: false, total_active: items.length, items });

test("the inbox says what is left to do", () => {
  const [taken, open, pending] = fakeAlerts().alerts as [Alert, Alert, Alert];
  expect(answerOf([])).toBe("Nothing is firing. The inbox is empty.");
  expect(answerOf([pending])).toBe("Nothing is firing yet; 1 alert has just passed a limit.");
  expect(answerOf([taken])).toBe("1 alert is firing, and each is taken care of.");
  expect(answerOf([open, { ...open, is_silenced: true }])).toBe(
    "1 alert asks for somebody; 1 other is taken care of.",
  );
});

test("a value is written in the unit of its metric; a missing one is a dash", () => {
  expect(metricValue("fail_rate", 0.153)).toBe("15.3%");
  expect(metricValue("model_age_days", 1)).toBe("1 day");
  expect(metricValue("load_age_hours", 30.26)).toBe("30.3 h");
  expect(metricValue("blocked_count", 3)).toBe("3");
  expect(metricValue("something_else", 0.1234)).toBe("0.123");
  expect(metricValue("fail_rate", null)).toBe("–");
  expect(limitWords("interval_coverage", "<", 0.7)).toBe("below 70.0%");
});

test("an endpoint that fails is not called working, and one that is off is not called failing", () => {
  const [works] = fakeAlerts().endpoints as [FakeAlerts["endpoints"][number]];
  expect(endpointState(works).word).toBe("Works");
  expect(endpointState({ ...works, consecutive_failures: 1 }).word).toBe("Failing");
  expect(endpointState({ ...works, state: "open", consecutive_failures: 9 }).word).toBe(
    "Failing, only probed",
  );
  expect(endpointState({ ...works, enabled: false, consecutive_failures: 9 }).word).toBe("Switched off");
});

test("every metric that a page shows leads to that page", () => {
  expect(evidencePage("fail_rate")?.path).toBe("/preflight-diagnostics");
  expect(evidencePage("interval_coverage")?.path).toBe("/forecast");
  expect(evidencePage("model_age_days")?.path).toBe("/model-intelligence");
  expect(evidencePage("load_age_hours")?.path).toBe("/data-sources");
  expect(evidencePage("something_else")).toBeNull();
});

test("a silence of one alert names what tells it from others of its policy", () => {
  const alert = {
    policy_id: "p",
    labels: { policy_id: "p", severity: "HIGH", metric_type: "fail_rate", data_source: "2", team: "north" },
  };
  const now = Date.parse("2026-03-01T00:00:00Z");
  expect(silenceOf(alert, "alert", 24, " late ", now)).toEqual({
    policy_id: "p",
    matchers: ["data_source=2", "team=north"],
    ends_at: "2026-03-02T00:00:00.000Z",
    reason: "late",
  });
  expect(silenceOf(alert, "policy", 1, "", now).matchers).toEqual([]);
  expect(endOf(0.5, now)).toBe("2026-03-01T00:30:00.000Z");
  expect(matcherLines("a=b\n\n  c!=d \n")).toEqual(["a=b", "c!=d"]);
});

test("what was sent again already, or is older than two weeks, is not sent again", () => {
  const now = Date.now();
  const dead = fakeAlerts().outbox.filter(({ status }) => status === "DEAD");
  const [one] = dead as [(typeof dead)[number]];
  const old = { ...one, created_at: new Date(now - 15 * 86_400_000).toISOString() };
  expect(replayable([one, { ...one, replayed_as_id: "x" }, old, { ...one, status: "SENT" }], now)).toEqual([
    one,
  ]);
});

test("marks of alerts are read out as words", () => {
  expect(markWords(['severity=~"MEDIUM|LOW"'])).toBe("severity medium or low");
  expect(markWords(['policy_id="blocked_runs_any_7d"', 'severity!="HIGH"'])).toBe(
    "policy id blocked_runs_any_7d and severity other than high",
  );
});
