import { createParser, parseAsStringLiteral } from "nuqs";
import type { Sort } from "../../components/table-column.ts";
import { CUTS } from "./segment-errors.ts";

/** The id of a training, as the registry writes them. */
const parseAsRun = createParser<string>({
  parse: (text) => (/^[\w.:-]{1,64}$/.test(text) ? text : null),
  serialize: (value) => value,
});

const SORT_KEYS = ["created_at", "status", "model_type", "profile", "version", "rmspe", "wape"];

/** The order of the trainings: a column, and `-` in front of it for descending. */
const parseAsRunSort = createParser<NonNullable<Sort>>({
  parse: (text) => {
    const desc = text.startsWith("-");
    const key = desc ? text.slice(1) : text;
    return SORT_KEYS.includes(key) ? { key, desc } : null;
  },
  serialize: ({ key, desc }) => `${desc ? "-" : ""}${key}`,
  eq: (a, b) => a.key === b.key && a.desc === b.desc,
});

/** What of the page is in the address: the cut of the errors, the training looked at, the one beside it, their order. */
export const modelParams = {
  by: parseAsStringLiteral(CUTS).withDefault("horizon"),
  run: parseAsRun,
  with: parseAsRun,
  runs: parseAsRunSort,
  scores: parseAsStringLiteral(["mean", "origins"] as const).withDefault("mean"),
};
