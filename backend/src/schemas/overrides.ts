import type { Override as OverrideRow } from "@rossmann/warehouse";
import { z } from "zod";
import { storeId } from "./planning-values.ts";
import {
  businessDay,
  dataSourceFilter,
  day,
  flag,
  instant,
  LARGEST_ID,
  realNumber,
  wholeNumber,
  writtenText,
} from "./values.ts";

export const overridesQuerySchema = z.object({
  store_id: storeId().optional(),
  date_from: businessDay().optional(),
  date_to: businessDay().optional(),
  include_withdrawn: flag().default(false),
  limit: wholeNumber(1, 500).default(100),
  data_source_id: dataSourceFilter(),
});

export const overrideParamsSchema = z.object({ override_id: wholeNumber(1, LARGEST_ID) });
export const overrideSourceQuerySchema = z.object({ data_source_id: dataSourceFilter() });

/** A planner's correction of coming days; the model's own value stays beside it. */
export const newOverrideBodySchema = z.object({
  store_id: storeId(),
  date_from: businessDay(),
  date_to: businessDay().nullish().describe("Default date_from; both days are included"),
  sales: realNumber(0, 1e9).nullish().describe("Sales of each open day; either this or change_pct"),
  change_pct: realNumber(-100, 1000).nullish().describe("Change of the model's value in percent"),
  reason: writtenText(3, 500),
  data_source_id: dataSourceFilter().nullable(),
});

export const overrideDaySchema = z
  .object({
    date: day(),
    model_sales: z.number().describe("What the model said when the override was made"),
    override_sales: z.number(),
    naive_sales: z.number().describe("What the seasonal naive rule said"),
    actual_sales: z.number().nullable().describe("Null until it was loaded"),
  })
  .meta({ id: "OverrideDay" });

export const overrideSchema = z
  .object({
    override_id: z.int(),
    data_source_id: z.int(),
    store_id: z.int(),
    date_from: day(),
    date_to: day(),
    sales: z.number().nullable(),
    change_pct: z.number().nullable(),
    reason: z.string(),
    author: z.string(),
    created_at: instant(),
    origin: day().describe("Last observed day when it was made"),
    model_version: z.int().nullable(),
    withdrawn_at: instant().nullable(),
    withdrawn_by: z.string().nullable(),
    days: z.array(overrideDaySchema).describe("The open days of the range"),
  })
  .meta({ id: "Override" });

export const overridesSchema = z.array(overrideSchema);

const accuracy = {
  days: z.int().describe("Days whose actual sales are known"),
  wape_override: z.number().nullable(),
  wape_model: z.number().nullable(),
  wape_naive: z.number().nullable(),
  value_added_vs_model: z
    .number()
    .nullable()
    .describe("wape_model − wape_override: positive when the planner was nearer"),
  value_added_vs_naive: z.number().nullable(),
};

/** What overrides were worth, once actual sales arrived. */
export const overrideValueSchema = z
  .object({
    ...accuracy,
    by_author: z.array(z.object({ author: z.string(), overrides: z.int(), ...accuracy })),
    by_store: z.array(z.object({ store_id: z.int(), overrides: z.int(), ...accuracy })),
  })
  .meta({ id: "OverrideValue" });

export const overrideAnswer = (row: OverrideRow): Override => ({
  override_id: row.overrideId,
  data_source_id: row.dataSourceId,
  store_id: row.storeId,
  date_from: row.dateFrom,
  date_to: row.dateTo,
  sales: row.sales,
  change_pct: row.changePct,
  reason: row.reason,
  author: row.author,
  created_at: row.createdAt.toISOString(),
  origin: row.origin,
  model_version: row.modelVersion,
  withdrawn_at: row.withdrawnAt?.toISOString() ?? null,
  withdrawn_by: row.withdrawnBy,
  days: row.days.map((day) => ({
    date: day.date,
    model_sales: day.modelSales,
    override_sales: day.overrideSales,
    naive_sales: day.naiveSales,
    actual_sales: day.actualSales,
  })),
});

export type OverridesQuery = z.input<typeof overridesQuerySchema>;
export type NewOverrideBody = z.input<typeof newOverrideBodySchema>;
export type Override = z.output<typeof overrideSchema>;
export type OverrideDay = z.output<typeof overrideDaySchema>;
export type OverrideValue = z.output<typeof overrideValueSchema>;
