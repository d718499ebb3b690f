import { parseAsString, parseAsStringLiteral } from "nuqs";
import { parseAsBounded, parseAsName } from "../../lib/url-state.ts";

export const FILES = ["train", "store", "future"] as const;
/** A file of a delivery. */
export type FileKind = (typeof FILES)[number];

export const TABS = ["findings", "rules", "reading", "reports"] as const;
export type Tab = (typeof TABS)[number];

export const WINDOWS = ["7", "30", "90", "all"] as const;
/** The days that the statistics look back on. */
export type Window = (typeof WINDOWS)[number];

const VERDICTS = ["PASS", "WARN", "FAIL", "ERROR"] as const;
const MODES = ["report_only", "enforce"] as const;

/** What of the page is in the address. */
export const preflightParams = {
  /** the run looked at; absent = the newest */
  run: parseAsName,
  file: parseAsStringLiteral(FILES),
  tab: parseAsStringLiteral(TABS).withDefault("findings"),
  /** findings of one check or rule, one column, one line */
  check: parseAsName,
  /** as the file or the contract writes it, so it may be any text */
  column: parseAsString,
  line: parseAsBounded(1, 999_999_999),
  days: parseAsStringLiteral(WINDOWS).withDefault("30"),
  /** which runs are listed */
  kind: parseAsStringLiteral(FILES),
  verdict: parseAsStringLiteral(VERDICTS),
  mode: parseAsStringLiteral(MODES),
};
