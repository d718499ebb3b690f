import type { StoredAlert } from "@rossmann/warehouse";
import { matchesAll } from "./matchers.ts";
import type { Inhibition } from "./policy.ts";

/**
 * Which firing alert holds back the notifications of which: by alert id, the id of the louder one. States are not touched.
 *
 * A rule holds an alert back while another alert fires that matches its source, and both have the named labels with equal values. A
 * label that is absent is equal to nothing, so that one alert without a label never hides all the others without it. An alert that
 * matches both sides of a rule is not held back by it.
 */
export function inhibitedAlerts(
  alerts: readonly StoredAlert[],
  inhibitions: readonly Inhibition[],
): ReadonlyMap<string, string> {
  const held = new Map<string, string>();
  const firing = alerts.filter((alert) => alert.status === "FIRING");
  for (const { source, target, equal } of inhibitions) {
    const sources = firing.filter((alert) => matchesAll(source, alert.labels));
    if (sources.length === 0) continue;
    for (const alert of alerts) {
      if (held.has(alert.alertId) || !matchesAll(target, alert.labels) || matchesAll(source, alert.labels))
        continue;
      const louder = sources.find(({ labels }) =>
        equal.every((name) => isEqual(labels[name], alert.labels[name])),
      );
      if (louder !== undefined) held.set(alert.alertId, louder.alertId);
    }
  }
  return held;
}

function isEqual(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a !== "" && a === b;
}
