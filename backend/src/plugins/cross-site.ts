import type { FastifyInstance } from "fastify";
import { HttpRefusal } from "../errors.ts";

const HARMLESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** What a browser says of a request that a page of another origin made; programs that are no browser say nothing. */
const FROM_ELSEWHERE: ReadonlySet<unknown> = new Set(["cross-site", "same-site"]);

/**
 * A page of another site must not change anything here: a POST without a body needs no preflight, so that CORS alone would
 * hide the answer but let the deed be done.
 *
 * @param origins sites that may call the API
 */
export function addCrossSiteRefusal(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook("onRequest", async ({ method, headers }) => {
    if (HARMLESS.has(method) || !FROM_ELSEWHERE.has(headers["sec-fetch-site"])) return;
    if (headers.origin !== undefined && origins.includes(headers.origin)) return;
    throw new HttpRefusal(
      403,
      "cross_site_refused",
      `a page of ${headers.origin ?? "another site"} may not change anything here; add it to CORS_ORIGINS if it should`,
    );
  });
}
