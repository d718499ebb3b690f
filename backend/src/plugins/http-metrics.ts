import { Gauge, Histogram, type Registry } from "@rossmann/core";
import type { FastifyInstance } from "fastify";

const BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How long answers take, by route template: never by the address itself, which would make a label for every id. */
export function addHttpMetrics(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's arrival to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: BOUNDS_S,
    registers: [registry],
  });
  const inFlight = new Gauge({
    name: "http_requests_in_flight",
    help: "Requests that are being answered",
    registers: [registry],
  });
  app.addHook("onRequest", async () => inFlight.inc());
  app.addHook("onResponse", async (request, reply) => {
    inFlight.dec();
    // A stream of events ends when its reader leaves: its length says nothing about us.
    if (String(reply.getHeader("content-type")).startsWith("text/event-stream")) return;
    const route = request.routeOptions.url ?? "unmatched";
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
}
