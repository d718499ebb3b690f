import { messageOf } from "@rossmann/core";
import { z } from "zod";
import { DURATION_FORM, parseDurationMs } from "./duration.ts";
import { type Matcher, parseMatcher } from "./matchers.ts";

/** The kinds of values that policy and channel files hold, each with a message that says what was found. */

export const identifier = z
  .string({ error: (issue) => (issue.input === undefined ? "is missing" : "expected a text") })
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, "expected 1 to 128 letters, digits, _, - or .");

/** YAML's own true and false; a quoted "false" would otherwise count as yes. */
export const flag = z.boolean({
  error: (issue) => `expected true or false without quotes, found ${JSON.stringify(issue.input)}`,
});

export const figure = z.number({ error: (issue) => `expected a number, found ${found(issue.input)}` });

export function count(low: number, high: number) {
  return z
    .int({ error: (issue) => `expected a whole number from ${low} to ${high}, found ${found(issue.input)}` })
    .min(low, `expected a whole number from ${low} to ${high}`)
    .max(high, `expected a whole number from ${low} to ${high}`);
}

export function seconds(low: number, high: number) {
  return z
    .number({ error: (issue) => `expected seconds, found ${found(issue.input)}` })
    .min(low, `expected ${low} to ${high} seconds`)
    .max(high, `expected ${low} to ${high} seconds`);
}

/** One of some words, in any case. */
export function word<Word extends string>(words: readonly [Word, ...Word[]], fold: "lower" | "upper") {
  return z
    .string(`expected one of ${words.join(", ")}`)
    .trim()
    .overwrite((text) => (fold === "lower" ? text.toLowerCase() : text.toUpperCase()))
    .pipe(exactWord(words));
}

/** One of some words, spelt exactly. */
export function exactWord<Word extends string>(words: readonly [Word, ...Word[]]) {
  return z.enum(words, { error: (issue) => `${found(issue.input)} is not one of ${words.join(", ")}` });
}

/** Milliseconds. */
export const duration = z
  .union([z.string(), z.number()], { error: `expected ${DURATION_FORM}` })
  .transform((value, context) => {
    const ms = parseDurationMs(value);
    if (ms === null)
      context.addIssue({ code: "custom", message: `${JSON.stringify(value)} is not ${DURATION_FORM}` });
    return ms ?? 0;
  });

export const matcher = z
  .string("expected a matcher like severity=HIGH")
  .transform((text, context): Matcher => {
    try {
      return parseMatcher(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: messageOf(error) });
      return z.NEVER;
    }
  });

export const fileVersion = z.union([z.string(), z.number()]).transform(String).default("v1");

/** Every id of a list stands there once. */
export function refuseDoubleIds(list: string) {
  return (entries: readonly { id: string }[], context: z.RefinementCtx): void => {
    const seen = new Set<string>();
    for (const [i, { id }] of entries.entries()) {
      if (seen.has(id)) {
        context.addIssue({
          code: "custom",
          path: [i, "id"],
          message: `${id} stands among the ${list} twice`,
        });
      }
      seen.add(id);
    }
  };
}

function found(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
