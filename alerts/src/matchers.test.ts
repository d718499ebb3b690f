import { expect, test } from "vitest";
import { acceptsTheEmptyLabelSet, formatMatcher, matchesAll, parseMatcher } from "./matchers.ts";

const matches = (text: string, labels: Record<string, string>) => matchesAll([parseMatcher(text)], labels);

test.each([
  ["severity=HIGH", { severity: "HIGH" }, true],
  ["severity=HIGH", { severity: "high" }, false],
  ['severity="HIGH"', { severity: "HIGH" }, true],
  ["severity!=HIGH", {}, true],
  ["source_name=", {}, true],
  ["rule_id=~day", { rule_id: "day_of_week" }, false],
  ["rule_id=~day.*", { rule_id: "day_of_week" }, true],
  ['rule_id=~"day|week"', { rule_id: "week" }, true],
  ["rule_id!~day.*", { rule_id: "day_of_week" }, false],
  ["rule_id=~.+", {}, false],
  ["__proto__=x", {}, false],
  ["toString=~.+", {}, false],
])("%s with %j is %s", (text, labels, expected) => expect(matches(text, labels)).toBe(expected));

test("all of a set must match", () => {
  expect(matchesAll([parseMatcher("a=1"), parseMatcher("b=2")], { a: "1", b: "3" })).toBe(false);
});

test.each(["severity", "=HIGH", "9a=1", "a b=1", 'a=~"("', "a=~[", "a=~(?=x)"])("%s is refused", (text) => {
  expect(() => parseMatcher(text)).toThrow();
});

test("what would match every alert is seen", () => {
  expect(acceptsTheEmptyLabelSet([])).toBe(true);
  expect(acceptsTheEmptyLabelSet([parseMatcher("severity=~.*")])).toBe(true);
  expect(acceptsTheEmptyLabelSet([parseMatcher("severity=~.*"), parseMatcher("policy_id=a")])).toBe(false);
});

test("a hostile pattern is answered in linear time", () => {
  const startedAt = performance.now();
  expect(matches('rule_id=~"(a+)+"', { rule_id: `${"a".repeat(50_000)}!` })).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test("a matcher is written as it is read", () => {
  const matcher = parseMatcher('rule_id=~"a\\"b"');
  expect(parseMatcher(formatMatcher(matcher))).toEqual(matcher);
});
