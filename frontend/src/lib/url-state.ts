import { createParser, parseAsInteger, parseAsStringLiteral } from "nuqs";
import { isDay } from "./days.ts";
import { COMPARISONS } from "./period.ts";

/** A calendar day in the address; anything else counts as absent. */
export const parseAsDay = createParser<string>({
  parse: (text) => (isDay(text) ? text : null),
  serialize: (value) => value,
});

/** A whole number of at least 1 in the address. */
export const parseAsId = createParser<number>({
  parse: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null),
  serialize: String,
});

/** Distinct ids separated by commas; one bad id makes the whole value bad, since a part of a set is another set. */
export const parseAsIds = createParser<number[]>({
  parse: (text) => {
    if (text === "") return null;
    const ids = text.split(",").map((part) => parseAsId.parse(part));
    return ids.every((id) => id !== null) ? [...new Set(ids)] : null;
  },
  serialize: (ids) => ids.join(","),
  eq: (a, b) => a.length === b.length && a.every((id, i) => id === b[i]),
});

/** A whole number between two bounds. */
export const parseAsBounded = (min: number, max: number) =>
  createParser<number>({
    parse: (text) => {
      const value = /^\d{1,9}$/.test(text) ? parseAsInteger.parse(text) : null;
      return value !== null && value >= min && value <= max ? value : null;
    },
    serialize: String,
  });

/** A name as registries, contracts and runs write them. */
export const parseAsName = createParser<string>({
  parse: (text) => (/^[\w.:-]{1,128}$/.test(text) ? text : null),
  serialize: (value) => value,
});

/** Filters that every page shares and every link carries. */
export const sharedParams = {
  from: parseAsDay,
  to: parseAsDay,
  store: parseAsId,
  compare: parseAsStringLiteral(COMPARISONS).withDefault("previous"),
  source: parseAsId,
};

interface AnyParser {
  parse: (text: string) => unknown;
}

export interface UrlProblem {
  name: string;
  value: string;
}

/** The parameters of an address whose value cannot be read, in the order of the address. Unknown names are let be. */
export function findUrlProblems(search: URLSearchParams, parsers: Record<string, AnyParser>): UrlProblem[] {
  const problems: UrlProblem[] = [];
  for (const [name, value] of search) {
    const parser = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
    if (parser && parser.parse(value) === null) problems.push({ name, value });
  }
  return problems;
}
