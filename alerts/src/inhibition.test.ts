import type { StoredAlert } from "@rossmann/warehouse";
import { expect, test } from "vitest";
import { inhibitedAlerts } from "./inhibition.ts";
import { parseMatcher } from "./matchers.ts";

const alert = (alertId: string, status: "PENDING" | "FIRING", labels: Record<string, string>) =>
  ({ alertId, status, labels }) as unknown as StoredAlert;
const rule = (equal: string[]) => [
  { source: [parseMatcher("severity=HIGH")], target: [parseMatcher("severity=~LOW|MEDIUM")], equal },
];

test("a firing source holds a target with equal labels back, and only then", () => {
  const alerts = [
    alert("high", "FIRING", { severity: "HIGH", source_name: "train" }),
    alert("same", "FIRING", { severity: "LOW", source_name: "train" }),
    alert("other", "FIRING", { severity: "LOW", source_name: "store" }),
    alert("pending high", "PENDING", { severity: "HIGH", source_name: "store" }),
  ];
  expect([...inhibitedAlerts(alerts, rule(["source_name"]))]).toEqual([["same", "high"]]);
});

test("a label that both lack is not equal: one alert never hides all others", () => {
  const alerts = [alert("high", "FIRING", { severity: "HIGH" }), alert("low", "FIRING", { severity: "LOW" })];
  expect(inhibitedAlerts(alerts, rule(["source_name"])).size).toBe(0);
  expect(inhibitedAlerts(alerts, rule([])).size).toBe(1);
});

test("an alert that matches both sides is not held back by that rule", () => {
  const both = [{ source: [parseMatcher("team=a")], target: [parseMatcher("team=a")], equal: [] }];
  expect(
    inhibitedAlerts([alert("x", "FIRING", { team: "a" }), alert("y", "FIRING", { team: "a" })], both).size,
  ).toBe(0);
});
