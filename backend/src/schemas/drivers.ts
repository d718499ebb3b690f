import { z } from "zod";

/**
 * What a day's forecast is made of, in sales units. The seven figures add up to `predicted_sales`; closed days have none.
 */
export const driversSchema = z
  .object({
    level: z.number().describe("What the store sells on an ordinary day"),
    weekday: z.number(),
    promotion: z.number(),
    season: z.number().describe("Time of the year and of the month"),
    holidays: z.number().describe("Public and school holidays, closed days around"),
    trend: z.number().describe("Where the store and the chain are heading"),
    competition: z.number(),
  })
  .meta({ id: "Drivers" });

export type Drivers = z.output<typeof driversSchema>;
