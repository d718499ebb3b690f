import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ConfigFileError } from "./errors.ts";
import { parsePolicies, policySnapshot } from "./policy.ts";

const parse = (text: string) => parsePolicies(text, "policies.yaml");
const mistakesOf = (text: string): string[] => {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    return error.mistakes.map(({ line, where, message }) => `${line} ${where} ${message}`);
  }
};
const policy = (more: string) =>
  `policies:\n  - id: a\n    metric_type: fail_rate\n    operator: ">"\n    threshold: 0.1\n    ${more}\n`;

test("the shipped file has the mission's six metrics or more, and all its policies are usable", () => {
  const path = fileURLToPath(new URL("../../config/preflight_alert_policies.yaml", import.meta.url));
  const { policies, inhibitions } = parse(readFileSync(path, "utf8"));
  expect(policies.length).toBeGreaterThanOrEqual(4);
  expect(inhibitions.length).toBeGreaterThan(0);
  expect(policies.every(({ runbook }) => runbook?.startsWith("docs/runbook.md#"))).toBe(true);
});

test("defaults are those of the older platform", () => {
  expect(parse(policy("")).policies[0]).toMatchObject({
    enabled: true,
    severity: "MEDIUM",
    sourceName: null,
    windowDays: 7,
    forMs: 0,
    description: "a",
    ruleId: null,
    noData: "ok",
  });
});

test("an empty file has no policies", () => {
  expect(parse("")).toEqual({ version: "v1", policies: [], inhibitions: [] });
});

test("pending_evaluations of the older platform is the time between the first and the last of them", () => {
  expect(parsePolicies(policy("pending_evaluations: 3"), "p", 60_000).policies[0]!.forMs).toBe(120_000);
});

describe("mistakes are named with their line", () => {
  test.each([
    ["enabled: 'false'", '6 policies[0].enabled expected true or false without quotes, found "false"'],
    ["windw_days: 3", "6 policies[0].windw_days there is no such key"],
    ["window_days: 1.5", "6 policies[0].window_days expected a whole number from 1 to 3650, found 1.5"],
    ["window_days: 0", "6 policies[0].window_days expected a whole number from 1 to 3650"],
    ["severity: URGENT", '6 policies[0].severity "URGENT" is not one of LOW, MEDIUM, HIGH'],
    [
      "for: ten minutes",
      '6 policies[0].for "ten minutes" is not a duration like "90s", "10m", "1h30m" or "2d"',
    ],
    ["for: -5", '6 policies[0].for -5 is not a duration like "90s", "10m", "1h30m" or "2d"'],
    [
      "resolve_threshold: 0.3",
      "6 policies[0].resolve_threshold must lie on the quiet side of the threshold 0.1 for >",
    ],
    ["group_by: [rule_id]", "6 policies[0].group_by rule_id groups semantic_rule_fail_count only"],
    ["labels: {severity: x}", "6 policies[0].labels severity is set by the platform"],
    ["labels: {team: 7}", "6 policies[0].labels.team expected a text in quotes"],
    ["source_name: shelf", '6 policies[0].source_name "shelf" is not one of train, store, future'],
  ])("%s", (line, message) => expect(mistakesOf(policy(line))).toEqual([message]));

  test("several at once, in the order of lines", () => {
    expect(
      mistakesOf("policies:\n  - id: a\n    metric_type: nope\n    operator: '=>'\n  - 7\n").map(
        (text) => text.split(" ")[0],
      ),
    ).toEqual(["2", "3", "4", "5"]);
  });

  test("a metric that needs a rule has none", () => {
    expect(
      mistakesOf(
        'policies:\n  - {id: a, metric_type: semantic_rule_fail_count, operator: ">", threshold: 0}',
      ),
    ).toEqual(["2 policies[0].metric_type semantic_rule_fail_count needs rule_id, or group_by with rule_id"]);
  });

  test("an id stands there twice", () => {
    const one = '  - {id: a, metric_type: fail_rate, operator: ">", threshold: 0}\n';
    expect(mistakesOf(`policies:\n${one}${one}`)).toEqual([
      "3 policies[1].id a stands among the policies twice",
    ]);
  });

  test.each([
    ["policies:\n  - id: [", 2],
    ["policies: []\npolicies: []\n", 2],
    ["just text", 1],
    ["a: &a [1]\nb: [*a,*a]\n", 1],
  ])("%j is not a policy file", (text, line) => expect(mistakesOf(text)[0]).toMatch(new RegExp(`^${line} `)));
});

test("a snapshot has the names of the file and can be read back", () => {
  const [original] = parse(policy("for: 1h30m")).policies;
  const snapshot = policySnapshot(original!);
  expect(snapshot).toMatchObject({ id: "a", for: "1h30m", source_name: null, threshold: 0.1 });
  expect(parse(`policies: [${JSON.stringify(snapshot)}]`).policies[0]).toEqual(original);
});
