import { randomUUID } from "node:crypto";
import { type SelectQueryBuilder, sql } from "kysely";
import type { Db } from "../db.ts";
import { PlanningNotFoundError } from "../errors.ts";

/** A scenario that was saved under a name, in one of its versions. */
export interface SavedScenario {
  scenarioId: string;
  dataSourceId: number;
  /** 1, then one more with every change */
  version: number;
  name: string;
  note: string;
  content: Record<string, unknown>;
  /** who saved the first version */
  author: string;
  /** who saved this one */
  changedBy: string;
  createdAt: Date;
  changedAt: Date;
}

export interface ScenarioText {
  name: string;
  note: string;
  content: object;
}

/** Saves a new scenario as version 1. */
export async function saveScenario(
  db: Db,
  dataSourceId: number,
  text: ScenarioText,
  author: string,
): Promise<SavedScenario> {
  const scenarioId = randomUUID();
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto("saved_scenario")
      .values({ scenario_id: scenarioId, data_source_id: dataSourceId, version: 1 })
      .execute();
    await insertVersion(trx, scenarioId, 1, text, author);
  });
  return findScenario(db, scenarioId);
}

/**
 * Saves the next version, if `version` is still the one that counts.
 *
 * @returns null when somebody else has saved meanwhile: nothing was written
 * @throws {PlanningNotFoundError} when it does not exist, or was deleted
 */
export async function changeScenario(
  db: Db,
  scenarioId: string,
  version: number,
  text: ScenarioText,
  author: string,
): Promise<SavedScenario | null> {
  const isChanged = await db.transaction().execute(async (trx) => {
    // The row is locked by this update: of two who save at once, the second one finds another version.
    const { numUpdatedRows } = await trx
      .updateTable("saved_scenario")
      .set({ version: version + 1 })
      .where("scenario_id", "=", scenarioId)
      .where("version", "=", version)
      .where("deleted_at", "is", null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await insertVersion(trx, scenarioId, version + 1, text, author);
    return true;
  });
  const current = await findScenario(db, scenarioId);
  return isChanged ? current : null;
}

/** @throws {PlanningNotFoundError} when it does not exist, or was deleted already */
export async function deleteScenario(db: Db, scenarioId: string, by: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("saved_scenario")
    .set({ deleted_at: sql<Date>`now()`, deleted_by: by })
    .where("scenario_id", "=", scenarioId)
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw notFound(scenarioId);
}

/** The version that counts. @throws {PlanningNotFoundError} when it does not exist, or was deleted */
export async function findScenario(db: Db, scenarioId: string): Promise<SavedScenario> {
  const found = await scenarios(db).where("s.scenario_id", "=", scenarioId).executeTakeFirst();
  if (found === undefined) throw notFound(scenarioId);
  return found;
}

/** Every scenario of a source in the version that counts, newest change first. */
export async function listScenarios(db: Db, dataSourceId: number): Promise<SavedScenario[]> {
  return scenarios(db)
    .where("s.data_source_id", "=", dataSourceId)
    .orderBy("v.saved_at", "desc")
    .orderBy("s.scenario_id")
    .execute();
}

/** Every version of a scenario, newest first. @throws {PlanningNotFoundError} */
export async function scenarioVersions(db: Db, scenarioId: string): Promise<SavedScenario[]> {
  const versions = await withTexts(db, "every")
    .where("s.scenario_id", "=", scenarioId)
    .orderBy("v.version", "desc")
    .execute();
  if (versions.length === 0) throw notFound(scenarioId);
  return versions;
}

const scenarios = (db: Db) => withTexts(db, "counting");

function withTexts(
  db: Db,
  which: "counting" | "every",
  // biome-ignore lint/suspicious/noExplicitAny: the aliases of the join are of no use outside
): SelectQueryBuilder<any, any, SavedScenario> {
  return db
    .selectFrom("saved_scenario as s")
    .innerJoin("saved_scenario_version as v", (join) => {
      const ofScenario = join.onRef("v.scenario_id", "=", "s.scenario_id");
      return which === "every" ? ofScenario : ofScenario.onRef("v.version", "=", "s.version");
    })
    .innerJoin("saved_scenario_version as first", (join) =>
      join.onRef("first.scenario_id", "=", "s.scenario_id").on("first.version", "=", 1),
    )
    .where("s.deleted_at", "is", null)
    .select([
      "s.scenario_id as scenarioId",
      "s.data_source_id as dataSourceId",
      "v.version",
      "v.name",
      "v.note",
      "v.content_json as content",
      "first.author as author",
      "v.author as changedBy",
      "s.created_at as createdAt",
      "v.saved_at as changedAt",
    ]);
}

async function insertVersion(
  db: Db,
  scenarioId: string,
  version: number,
  { name, note, content }: ScenarioText,
  author: string,
): Promise<void> {
  await db
    .insertInto("saved_scenario_version")
    .values({
      scenario_id: scenarioId,
      version,
      name,
      note,
      content_json: JSON.stringify(content),
      author,
    })
    .execute();
}

const notFound = (scenarioId: string) =>
  new PlanningNotFoundError(
    "scenario_not_found",
    `there is no saved scenario ${scenarioId}; it may have been deleted, look at the list`,
  );
