import type { DataSourceOverview } from "@rossmann/warehouse";
import { z } from "zod";
import { verdict } from "./preflight-runs.ts";
import { day, instant, LARGEST_ID, wholeNumber } from "./values.ts";

const LONGEST_DESCRIPTION = 10_000;
const MOST_PREFLIGHT_RUNS = 200;
const USUAL_PREFLIGHT_RUNS = 50;

const text = (most: number) => z.string().trim().max(most, `has at most ${most} characters`);
const optionalText = (most: number) => text(most).nullish();
const flag = (describe: string) =>
  z
    .union([z.boolean(), z.stringbool({ error: "must be true or false" })], {
      error: "must be true or false",
    })
    .meta({ type: "boolean", description: describe });

export const dataSourceParamsSchema = z.object({ data_source_id: wholeNumber(1, LARGEST_ID) });

export const dataSourcesQuerySchema = z.object({
  include_inactive: flag("Also those that are switched off; default true").default(true),
});

const fields = {
  description: optionalText(LONGEST_DESCRIPTION),
  source_type: text(64).nullish().describe("What kind of system it comes from; default cms"),
  related_contract_id: optionalText(128).describe("Contract its files are held against; must exist"),
  related_contract_version: optionalText(64).describe("Version of the contract; without it the newest"),
};

export const newDataSourceSchema = z.object({
  name: text(128).min(1, "a data source needs a name").describe("Unique"),
  ...fields,
  is_active: flag("Switched off it can neither be read nor loaded; default true").default(true),
  is_default: flag(
    "Used where none is named; it takes the mark from the one that has it; default false",
  ).default(false),
});

export const dataSourceChangesSchema = z
  .strictObject({
    name: text(128).min(1, "a data source needs a name").optional(),
    ...fields,
    is_active: flag("false switches it off; the default cannot be").optional(),
    is_default: flag("true takes the mark of the default; it is never given up, only taken").optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, { error: "names nothing to change" });

export const dataSourcePreflightQuerySchema = z.object({
  limit: wholeNumber(1, MOST_PREFLIGHT_RUNS)
    .default(USUAL_PREFLIGHT_RUNS)
    .describe(`Most items; default ${USUAL_PREFLIGHT_RUNS}`),
});

export const dataSourceSchema = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    source_type: z.string(),
    related_contract_id: z.string().nullable(),
    related_contract_version: z.string().nullable(),
    is_active: z.boolean(),
    is_default: z.boolean(),
    created_at: instant(),
    updated_at: instant(),
    last_preflight_status: verdict().nullable().describe("The worst of the files of its newest examination"),
    last_preflight_at: instant().nullable(),
    last_preflight_run_id: z.string().nullable(),
    last_load: z
      .object({
        run_id: z.string(),
        status: z.enum(["RUNNING", "COMPLETED", "FAILED"]),
        started_at: instant(),
        error_message: z.string().nullable(),
      })
      .nullable()
      .describe("Its newest load, whatever came of it"),
    stores_count: z.int(),
    sales_rows_count: z.int(),
    date_from: day().nullable(),
    date_to: day().nullable(),
    loaded_at: instant().nullable().describe("When what it holds became visible; null before the first load"),
  })
  .meta({ id: "DataSource" });

export const dataSourcesSchema = z.array(dataSourceSchema).describe("The default first, then by id");

export type NewDataSourceBody = z.input<typeof newDataSourceSchema>;
export type DataSourceChangesBody = z.input<typeof dataSourceChangesSchema>;
export type DataSourcesQuery = z.input<typeof dataSourcesQuerySchema>;
export type DataSourceItem = z.output<typeof dataSourceSchema>;

export function dataSourceAnswer(source: DataSourceOverview): DataSourceItem {
  return {
    id: source.id,
    name: source.name,
    description: source.description,
    source_type: source.sourceType,
    related_contract_id: source.relatedContractId,
    related_contract_version: source.relatedContractVersion,
    is_active: source.isActive,
    is_default: source.isDefault,
    created_at: source.createdAt.toISOString(),
    updated_at: source.updatedAt.toISOString(),
    last_preflight_status: source.lastPreflightStatus as DataSourceItem["last_preflight_status"],
    last_preflight_at: source.lastPreflightAt?.toISOString() ?? null,
    last_preflight_run_id: source.lastPreflightRunId,
    last_load:
      source.lastLoadRunId === null || source.lastLoadStatus === null || source.lastLoadAt === null
        ? null
        : {
            run_id: source.lastLoadRunId,
            status: source.lastLoadStatus,
            started_at: source.lastLoadAt.toISOString(),
            error_message: source.lastLoadError,
          },
    stores_count: source.storesCount,
    sales_rows_count: source.salesRowsCount,
    date_from: source.dateFrom,
    date_to: source.dateTo,
    loaded_at: source.loadedAt?.toISOString() ?? null,
  };
}
