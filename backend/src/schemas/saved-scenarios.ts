import type { SavedScenario as SavedRow } from "@rossmann/warehouse";
import { z } from "zod";
import { problemSchema } from "./problem.ts";
import { scenarioCompareBodySchema } from "./scenario.ts";
import { dataSourceFilter, instant, LARGEST_ID, wholeNumber, writtenText } from "./values.ts";

export const savedScenariosQuerySchema = z.object({ data_source_id: dataSourceFilter() });
export const savedScenarioParamsSchema = z.object({ scenario_id: z.uuid() });

/** Target, horizon and up to three scenarios, kept under a name. */
export const newScenarioBodySchema = z.object({
  name: writtenText(1, 120),
  note: writtenText(0, 2000).default(""),
  content: scenarioCompareBodySchema,
  data_source_id: dataSourceFilter().nullable(),
});

export const changeScenarioBodySchema = newScenarioBodySchema.extend({
  version: wholeNumber(1, LARGEST_ID).describe(
    "The version that was changed; 409 when another one was saved meanwhile",
  ),
});

export const savedScenarioSchema = z
  .object({
    scenario_id: z.string().describe("Also the share link's id"),
    data_source_id: z.int(),
    name: z.string(),
    note: z.string(),
    version: z.int().describe("1, then one more with every change"),
    author: z.string().describe("Who saved the first version"),
    changed_by: z.string().describe("Who saved this version"),
    created_at: instant(),
    changed_at: instant(),
    content: scenarioCompareBodySchema,
  })
  .meta({ id: "SavedScenario" });

export const savedScenariosSchema = z.array(savedScenarioSchema);

/** Somebody else saved first: both versions, so that nothing is lost. */
export const scenarioConflictSchema = problemSchema
  .extend({
    current: savedScenarioSchema.describe("What is saved now"),
    submitted: changeScenarioBodySchema.describe("What you sent"),
  })
  .meta({ id: "ScenarioConflict" });

export type NewScenarioBody = z.input<typeof newScenarioBodySchema>;
export type ChangeScenarioBody = z.input<typeof changeScenarioBodySchema>;
/** The content was parsed by its schema before it was saved. */
export const savedScenarioAnswer = (row: SavedRow): SavedScenario => ({
  scenario_id: row.scenarioId,
  data_source_id: row.dataSourceId,
  name: row.name,
  note: row.note,
  version: row.version,
  author: row.author,
  changed_by: row.changedBy,
  created_at: row.createdAt.toISOString(),
  changed_at: row.changedAt.toISOString(),
  content: row.content as SavedScenario["content"],
});

export type SavedScenario = z.output<typeof savedScenarioSchema>;
export type ScenarioConflict = z.output<typeof scenarioConflictSchema>;
