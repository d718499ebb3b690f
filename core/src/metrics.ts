import { Registry } from "prom-client";

export { Counter, collectDefaultMetrics, Gauge, Histogram } from "prom-client";

/** The one registry of this process: each room declares its own metrics on it, `backend` renders it. */
export const metricsRegistry = new Registry();
