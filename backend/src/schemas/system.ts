import { z } from "zod";
import { dataSourceFilter, day, instant } from "./values.ts";

export const systemSummaryQuerySchema = z.object({ data_source_id: dataSourceFilter() });

export const systemSummarySchema = z
  .object({
    stores_count: z.int(),
    sales_rows_count: z.int(),
    date_from: day().nullable(),
    date_to: day().nullable(),
    data_source: z.object({ id: z.int(), name: z.string() }),
    loaded_at: instant().nullable().describe("When the data became visible; null before the first load"),
    etl_run_id: z.string().nullable(),
    model: z
      .object({ version: z.int(), model_type: z.string(), trained_at: instant(), trained_to: day() })
      .nullable()
      .describe("The model that serves; null before the first training"),
    server_version: z.string().describe("PostgreSQL"),
    api_version: z.string(),
  })
  .meta({ id: "SystemSummary" });

export type SystemSummaryQuery = z.input<typeof systemSummaryQuerySchema>;
export type SystemSummary = z.output<typeof systemSummarySchema>;
