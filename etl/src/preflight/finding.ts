import type { Severity } from "../contract/contract-schema.ts";

/** Verdict of one check, one report or one run. ERROR: it could not be found out, and never counts as PASS. */
export type Verdict = "PASS" | "WARN" | "FAIL" | "SKIPPED" | "ERROR";

/** Where in the file a check looks. Checks run in this order. */
export type Level = "file" | "header" | "row" | "cell" | "semantic";

/** One broken place. */
export interface Sample {
  /** line in the file, the first line being 1; `null` when the fault is not on a line */
  line: number | null;
  /** header as written in the file, or the canonical name where the file has none */
  column: string | null;
  /** business key of the row: canonical name → value as read */
  key: Record<string, string | null>;
  /** what the file holds there, at most {@link VALUE_CHARACTERS} characters; `null` = empty */
  value: string | null;
  expected: string;
}

/** Everything one check found in one column: the exact count, and the first places. */
export interface Finding {
  /** code of the check, or id of the rule */
  check: string;
  level: Level;
  severity: Severity;
  /** canonical name, or the header of an unknown column */
  column: string | null;
  /** number of broken places, exact */
  count: number;
  /** what was found, where, and what to do: one sentence */
  message: string;
  expected: string;
  /** the first places, at most {@link SAMPLE_LIMIT} */
  samples: Sample[];
  /** whether the rows are kept out of the unified table */
  quarantined: boolean;
}

export const SAMPLE_LIMIT = 20;
export const VALUE_CHARACTERS = 120;
export const MASK = "(masked)";

/** A value fit for a report: control characters made visible, cut to {@link VALUE_CHARACTERS}. */
export function shownValue(text: string): string {
  const cut = text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: making them visible is the point
  return cut.replace(/[\u0000-\u001f\u007f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

const RANK: Record<Verdict, number> = { SKIPPED: 0, PASS: 1, WARN: 2, ERROR: 3, FAIL: 4 };

/** The worst of several verdicts, FAIL > ERROR > WARN > PASS > SKIPPED; SKIPPED when there are none. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = "SKIPPED";
  for (const verdict of verdicts) if (RANK[verdict] > RANK[result]) result = verdict;
  return result;
}

/** `1 row`, `12,345 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
