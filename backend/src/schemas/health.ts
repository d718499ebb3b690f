import { z } from "zod";

export const healthSchema = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

const check = z.enum(["ok", "failed"]);

/** `failed` names what a request would stumble over now; `draining` is a process that is being stopped. */
export const readinessSchema = z
  .object({
    status: z.enum(["ready", "not_ready", "draining"]),
    checks: z.object({
      database: check.describe("The database answers"),
      migrations: check.describe("The schema is the one this process expects"),
      model: check.describe("The default data source has a model that serves"),
    }),
  })
  .meta({ id: "Readiness" });

export type Health = z.output<typeof healthSchema>;
export type Readiness = z.output<typeof readinessSchema>;
