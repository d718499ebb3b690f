import type { ExperimentItem } from "../../lib/api-types.ts";

export interface Difference {
  name: string;
  first: string | null;
  second: string | null;
}

/** Settings in which two trainings differ, by name; a setting that one of them does not have is null there. */
export function runDifferences(first: ExperimentItem, second: ExperimentItem): Difference[] {
  const [a, b] = [settingsOf(first), settingsOf(second)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .map((name) => ({ name, first: a.get(name) ?? null, second: b.get(name) ?? null }))
    .filter((entry) => entry.first !== entry.second);
}

/** Everything a training was given, nested settings by their path; the verdict of the gate is an outcome, no setting. */
export function settingsOf({
  hyperparameters,
  training_period,
  validation_period,
}: ExperimentItem): Map<string, string> {
  const settings = new Map<string, string>();
  flatten("", hyperparameters, settings);
  settings.delete("gate");
  const period = ({ start, end }: { start: string | null; end: string | null }) =>
    start === null || end === null ? null : `${start} to ${end}`;
  for (const [name, range] of [
    ["training period", period(training_period)],
    ["validation period", period(validation_period)],
  ] as const)
    if (range !== null) settings.set(name, range);
  return settings;
}

function flatten(path: string, value: unknown, into: Map<string, string>): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value))
      flatten(path === "" ? key : `${path}.${key}`, inner, into);
  } else if (value !== null && value !== undefined) {
    into.set(path, typeof value === "string" ? value : JSON.stringify(value));
  }
}
