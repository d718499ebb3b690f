import { collectDefaultMetrics, Registry } from "prom-client";

export { Counter, Gauge, Histogram, Registry } from "prom-client";

/** The one registry of this process: each room declares its own metrics on it, `backend` renders it. */
export const metricsRegistry = new Registry();

let isWatched = false;

/** Also measure the process itself from now on: processor, memory, garbage collection, delay of the event loop. */
export function watchProcess(): void {
  if (isWatched) return;
  isWatched = true;
  collectDefaultMetrics({ register: metricsRegistry });
}
