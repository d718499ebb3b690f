import { z } from "zod";
import { batchSchema } from "./batch.ts";
import { forecastScenarioSchema, scenarioCompareSchema, scenarioRunSchema } from "./scenario.ts";
import { instant } from "./values.ts";

export const planningRunParamsSchema = z.object({ run_id: z.string().max(64) });

/** A batch or scenario that was asked for, found again by its id. */
export const planningRunSchema = z
  .object({
    run_id: z.string(),
    run_type: z.string(),
    status: z.enum(["RUNNING", "COMPLETED", "FAILED"]),
    created_at: instant(),
    finished_at: instant().nullable(),
    progress: z
      .object({ share: z.number().describe("0 to 1"), message: z.string() })
      .nullable()
      .describe("While it is RUNNING"),
    error_message: z.string().nullable(),
    result: z
      .union([batchSchema, scenarioRunSchema, scenarioCompareSchema, forecastScenarioSchema])
      .nullable()
      .describe("The answer as it was given; null while RUNNING, after a failure, and for a plain forecast"),
  })
  .meta({ id: "PlanningRun" });

export type PlanningRun = z.output<typeof planningRunSchema>;
