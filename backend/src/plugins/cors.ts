import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

const MAX_AGE_SECONDS = 600;

/** Other sites may call the API only when they are on the list. */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  app.register(cors, {
    // An empty list means nobody; to the plugin it would mean "say nothing of it".
    origin: origins.length === 0 ? false : [...origins],
    credentials: true,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders: [
      "ETag",
      "Retry-After",
      "X-Request-Id",
      "X-Forecast-Run-Id",
      "X-Model-Version",
      "X-Forecast-Origin",
    ],
    maxAge: MAX_AGE_SECONDS,
    // The plugin would refuse an OPTIONS that is no preflight in words of its own.
    strictPreflight: false,
  });
}
