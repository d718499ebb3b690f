import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Business days must not depend on where the tests run.
process.env.TZ = "UTC";

export default defineConfig({
  test: {
    // Many tests wait for processes and timers, so even a small machine has two workers' worth of time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: "rooms",
          setupFiles: ["./vitest.setup.ts"],
          include: ["{core,warehouse,etl,ml,alerts,backend,frontend,cli,scripts}/**/*.test.{ts,tsx}"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "journeys",
          include: ["e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
