import { z } from "zod";
import { basis, horizonDays, storeId } from "./planning-values.ts";
import { dataSourceFilter, day } from "./values.ts";

export const calendarQuerySchema = z.object({
  store_id: storeId(),
  horizon_days: horizonDays(30),
  data_source_id: dataSourceFilter(),
});

/** One coming day of a store, as forecasts see it. */
export const calendarDaySchema = z
  .object({
    date: day(),
    open: z.int().describe("1 or 0"),
    promo: z.int().describe("1 or 0"),
    state_holiday: z.string().describe("0, a, b or c"),
    school_holiday: z.int().describe("1 or 0"),
    basis: basis(),
  })
  .meta({ id: "CalendarDay" });

export const calendarSchema = z
  .object({
    store_id: z.int(),
    origin: day().describe("Last observed day"),
    known_until: day().nullable().describe("Last day that was known in advance; null when none was"),
    days: z.array(calendarDaySchema),
  })
  .meta({ id: "KnownFuture" });

export type CalendarQuery = z.input<typeof calendarQuerySchema>;
export type CalendarDay = z.output<typeof calendarDaySchema>;
export type KnownFuture = z.output<typeof calendarSchema>;
