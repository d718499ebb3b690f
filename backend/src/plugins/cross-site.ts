import type { FastifyInstance, FastifyRequest } from "fastify";
import { HttpRefusal } from "../errors.ts";

const HARMLESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** What a browser says of a request that a page of another origin made; programs that are no browser say nothing. */
const FROM_ELSEWHERE: ReadonlySet<unknown> = new Set(["cross-site", "same-site"]);
const FROM_HERE: ReadonlySet<unknown> = new Set(["same-origin", "none"]);

/**
 * A page of another site must not change anything here: a POST without a body needs no preflight, so that CORS alone would
 * hide the answer but let the deed be done.
 *
 * @param origins sites that may call the API
 */
export function addCrossSiteRefusal(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook("onRequest", async (request) => {
    const { method, headers } = request;
    const site = headers["sec-fetch-site"];
    if (HARMLESS.has(method) || isListed(headers.origin, origins)) return;
    if (FROM_ELSEWHERE.has(site) || (site === undefined && isForeign(headers.origin, headers.host)))
      refuse(headers.origin);
  });
}

/**
 * The cookie of a session comes along by itself, so whoever uses one to change something has to come from a page of ours, and a
 * browser says so: a request that says nothing is refused as well.
 */
export function refuseForeignPage({ method, headers }: FastifyRequest, origins: readonly string[]): void {
  if (HARMLESS.has(method) || isListed(headers.origin, origins)) return;
  if (FROM_HERE.has(headers["sec-fetch-site"])) return;
  if (headers.origin === undefined || isForeign(headers.origin, headers.host)) refuse(headers.origin);
}

const isListed = (origin: string | undefined, origins: readonly string[]) =>
  origin !== undefined && origins.includes(origin);

function isForeign(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

function refuse(origin: string | undefined): never {
  throw new HttpRefusal(
    403,
    "cross_site_refused",
    `a page of ${origin ?? "another site"} may not change anything here; add it to CORS_ORIGINS if it should`,
  );
}
