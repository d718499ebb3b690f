import type { HttpRefusal } from "./errors.ts";

/** What an error code means to a client. */
export interface Meaning {
  status: HttpRefusal["status"];
  code: string;
  detail: string;
}

export const DATABASE_AWAY: Meaning = {
  status: 503,
  code: "database_unavailable",
  detail: "the database does not answer; try again in a moment, and check `rossmann status` if it stays so",
};
const BUSY: Meaning = {
  status: 503,
  code: "database_busy",
  detail: "the database is too busy to answer in time; try again in a moment",
};
const UNPREPARED: Meaning = {
  status: 503,
  code: "schema_missing",
  detail: "the database does not have the tables this version needs; run `rossmann up`, which prepares them",
};
const OUT_OF_RANGE: Meaning = {
  status: 400,
  code: "value_out_of_range",
  detail: "a value of the request is too large or too small to be looked up",
};

/** By SQLSTATE, by its class (first two characters), or by the code of a network error. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ["08", DATABASE_AWAY],
  ["28", DATABASE_AWAY],
  ["3D000", DATABASE_AWAY],
  ["57P01", DATABASE_AWAY],
  ["57P02", DATABASE_AWAY],
  ["57P03", DATABASE_AWAY],
  ["58", DATABASE_AWAY],
  ["ECONNREFUSED", DATABASE_AWAY],
  ["ECONNRESET", DATABASE_AWAY],
  ["EHOSTUNREACH", DATABASE_AWAY],
  ["ENETUNREACH", DATABASE_AWAY],
  ["ENOENT", DATABASE_AWAY],
  ["ENOTFOUND", DATABASE_AWAY],
  ["EAI_AGAIN", DATABASE_AWAY],
  ["EPIPE", DATABASE_AWAY],
  ["ETIMEDOUT", DATABASE_AWAY],
  ["53", BUSY],
  ["57014", BUSY],
  ["55P03", BUSY],
  ["40001", BUSY],
  ["40P01", BUSY],
  ["42P01", UNPREPARED],
  ["42703", UNPREPARED],
  ["3F000", UNPREPARED],
  ["22003", OUT_OF_RANGE],
  ["22008", OUT_OF_RANGE],
]);

/** Messages of the `pg` package, which gives these failures no code. */
const WITHOUT_CODE: readonly [RegExp, Meaning][] = [
  [/^timeout exceeded when trying to connect$/, DATABASE_AWAY],
  [/^Connection terminated/, DATABASE_AWAY],
  [/^Client has encountered a connection error/, DATABASE_AWAY],
  [/^Query read timeout$/, BUSY],
  [/^Cannot use a pool after calling end/, DATABASE_AWAY],
];

/**
 * What an error of the database or of the way to it means, looked for along the chain of causes.
 *
 * @returns `null` when it is none of these
 */
export function postgresMeaning(error: unknown): Meaning | null {
  for (let link: unknown = error, depth = 0; link instanceof Error && depth < 5; link = link.cause, depth++) {
    if (link instanceof AggregateError && link.errors.length > 0) return postgresMeaning(link.errors[0]);
    const code = "code" in link ? String(link.code) : "";
    const found =
      MEANINGS.get(code) ?? (/^[0-9A-Z]{5}$/.test(code) ? MEANINGS.get(code.slice(0, 2)) : undefined);
    if (found !== undefined) return found;
    const { message } = link;
    const known = WITHOUT_CODE.find(([pattern]) => pattern.test(message));
    if (known !== undefined) return known[1];
  }
  return null;
}
