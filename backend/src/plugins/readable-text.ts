import type { FastifyInstance } from "fastify";
import { HttpRefusal } from "../errors.ts";

/**
 * Texts that cannot be kept are refused at the door: PostgreSQL stores no zero byte and JSON in it no half of a surrogate pair, so
 * that each would otherwise come to light in whichever statement, or record beside an answer, meets it first.
 */
export function addReadableText(app: FastifyInstance): void {
  app.addHook("preValidation", async ({ params, query, body }) => {
    if ([params, query, body].every(isReadable)) return;
    throw new HttpRefusal(
      422,
      "text_unreadable",
      "a text of the request holds a zero byte or half of a surrogate pair; send it without",
    );
  });
}

/** Looks at every text, names of fields included; with a list of its own, since a body may be nested deeper than calls can be. */
export function isReadable(value: unknown): boolean {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "string" && (next.includes("\0") || !next.isWellFormed())) return false;
    if (typeof next !== "object" || next === null) continue;
    for (const [name, item] of Object.entries(next)) waiting.push(name, item);
  }
  return true;
}
