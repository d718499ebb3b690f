import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { HttpRefusal } from "../errors.ts";

const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/** Cheap, and asked by whoever would restart a process that does not answer. */
const NEVER_REFUSED: ReadonlySet<string> = new Set(["/api/v1/health", "/api/v1/health/live"]);

/**
 * One address may ask so often and no more.
 *
 * @param perMinute requests per address and minute
 */
export function addRateLimit(app: FastifyInstance, perMinute: number): void {
  app.register(rateLimit, {
    max: perMinute,
    timeWindow: WINDOW_MS,
    cache: MOST_ADDRESSES,
    allowList: (request) => NEVER_REFUSED.has(request.routeOptions.url ?? ""),
    errorResponseBuilder: (_request, { max, ttl }) =>
      new HttpRefusal(
        429,
        "too_many_requests",
        `more than ${max} requests in a minute from one address; wait ${Math.ceil(ttl / 1000)} s`,
      ),
  });
}
