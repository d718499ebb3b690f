import { RE2JS } from "re2js";
import { MatcherError } from "./errors.ts";
import type { Labels } from "./labels.ts";

export type MatchOperator = "=" | "!=" | "=~" | "!~";

/** One condition on one label. A label that is missing counts as the empty text. */
export interface Matcher {
  name: string;
  operator: MatchOperator;
  /** text, or with `=~` and `!~` a regular expression that must match the whole value */
  value: string;
}

const FORM = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|(.*?))\s*$/s;
const NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/;
const MAX_VALUE_LENGTH = 512;
const compiled = new Map<string, RE2JS>();
const MAX_COMPILED = 1_000;

/**
 * Read a matcher from text: `severity=HIGH`, `source_name!=store`, `rule_id=~"day_.*"`.
 *
 * @throws {MatcherError} when it has another form or its regular expression cannot be compiled
 */
export function parseMatcher(text: string): Matcher {
  const match = FORM.exec(text);
  if (match === null) {
    throw new MatcherError(
      `${JSON.stringify(text)} is not a matcher: write a label name, one of = != =~ !~, and a value`,
    );
  }
  const [, name, operator, quoted, bare] = match;
  const value = quoted === undefined ? bare! : quoted.replace(/\\(.)/gs, "$1");
  return checkMatcher({ name: name!, operator: operator as MatchOperator, value });
}

/**
 * The same matcher, once its name, length and regular expression are known to be usable.
 *
 * @throws {MatcherError}
 */
export function checkMatcher(matcher: Matcher): Matcher {
  if (!NAME.test(matcher.name)) {
    throw new MatcherError(
      `${JSON.stringify(matcher.name)} is not a label name: letters, digits and _ are, at most 64 of them`,
    );
  }
  if (matcher.value.length > MAX_VALUE_LENGTH) {
    throw new MatcherError(
      `the value of matcher ${matcher.name} has ${matcher.value.length} characters, ${MAX_VALUE_LENGTH} are allowed`,
    );
  }
  if (isPattern(matcher)) pattern(matcher.value);
  return matcher;
}

/** True when every matcher holds; also true without any matcher. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matches(matcher, labels));
}

/** True when every matcher would also accept an alert that has none of the labels: such a set matches almost everything. */
export function acceptsTheEmptyLabelSet(matchers: readonly Matcher[]): boolean {
  return matchesAll(matchers, {});
}

export function formatMatcher({ name, operator, value }: Matcher): string {
  return `${name}${operator}${JSON.stringify(value)}`;
}

function matches(matcher: Matcher, labels: Labels): boolean {
  const value = (Object.hasOwn(labels, matcher.name) ? labels[matcher.name] : undefined) ?? "";
  if (matcher.operator === "=") return value === matcher.value;
  if (matcher.operator === "!=") return value !== matcher.value;
  return pattern(matcher.value).testExact(value) === (matcher.operator === "=~");
}

function isPattern(matcher: Matcher): boolean {
  return matcher.operator === "=~" || matcher.operator === "!~";
}

/** People write these patterns: they run on an engine whose time is linear in the text. */
function pattern(source: string): RE2JS {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  try {
    const fresh = RE2JS.compile(source);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(source, fresh);
    return fresh;
  } catch (error) {
    throw new MatcherError(
      `${JSON.stringify(source)} is not a regular expression (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
