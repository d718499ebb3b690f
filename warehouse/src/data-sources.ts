import { sql } from "kysely";
import type { Db } from "./db.ts";
import { codeOf } from "./db.ts";
import { DataSourceError } from "./errors.ts";

/** A client whose shops we hold. */
export interface DataSource {
  id: number;
  name: string;
  description: string | null;
  sourceType: string;
  relatedContractId: string | null;
  relatedContractVersion: string | null;
  isActive: boolean;
  isDefault: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** The default source first, then by id. */
export async function listDataSources(db: Db, options: { activeOnly?: boolean } = {}): Promise<DataSource[]> {
  let query = db.selectFrom("data_source").select(columns).orderBy("is_default", "desc").orderBy("id");
  if (options.activeOnly) query = query.where("is_active", "=", true);
  return query.execute();
}

/**
 * The source that an id or a name stands for; the default source when nothing is named.
 *
 * @param reference id, name (digits alone count as an id), or null/undefined for the default
 * @throws {DataSourceError} `data_source_not_found`, or `data_source_inactive` unless `allowInactive`
 */
export async function resolveDataSource(
  db: Db,
  reference?: number | string | null,
  options: { allowInactive?: boolean } = {},
): Promise<DataSource> {
  let query = db.selectFrom("data_source").select(columns);
  const id =
    typeof reference === "string" && /^\d{1,9}$/.test(reference.trim()) ? Number(reference) : reference;
  if (id === undefined || id === null || id === "") query = query.where("is_default", "=", true);
  else if (typeof id === "number") query = query.where("id", "=", id);
  else query = query.where("name", "=", id.trim());

  const source = await query.executeTakeFirst();
  if (source === undefined) {
    const known = (await listDataSources(db)).map((each) => `${each.id} "${each.name}"`).join(", ");
    const asked =
      id === undefined || id === null || id === ""
        ? "a default data source"
        : `data source ${JSON.stringify(id)}`;
    throw new DataSourceError(
      "data_source_not_found",
      `there is no ${asked.replace(/^a /, "")}; known are: ${known || "none"}`,
    );
  }
  if (!source.isActive && options.allowInactive !== true) {
    throw new DataSourceError(
      "data_source_inactive",
      `data source ${source.id} "${source.name}" is switched off`,
    );
  }
  return source;
}

export interface NewDataSource {
  name: string;
  description?: string | null;
  sourceType?: string | null;
  relatedContractId?: string | null;
  relatedContractVersion?: string | null;
  isActive?: boolean;
  isDefault?: boolean;
}

/**
 * Add a source. Empty optional texts become null, a blank type becomes "cms"; a new default takes the mark from the old one.
 *
 * @throws {DataSourceError} `data_source_invalid` (no name, inactive default) or `data_source_exists`
 */
export async function createDataSource(db: Db, input: NewDataSource): Promise<DataSource> {
  const name = input.name.trim();
  if (name === "") throw new DataSourceError("data_source_invalid", "a data source needs a name");
  const isActive = input.isActive ?? true;
  const isDefault = input.isDefault ?? false;
  if (isDefault && !isActive) {
    throw new DataSourceError("data_source_invalid", "the default data source must be active");
  }
  try {
    return await db.transaction().execute(async (trx) => {
      if (isDefault) await takeDefaultMark(trx);
      return trx
        .insertInto("data_source")
        .values({
          name,
          description: blankToNull(input.description),
          source_type: blankToNull(input.sourceType) ?? "cms",
          related_contract_id: blankToNull(input.relatedContractId),
          related_contract_version: blankToNull(input.relatedContractVersion),
          is_active: isActive,
          is_default: isDefault,
        })
        .returning(columns)
        .executeTakeFirstOrThrow();
    });
  } catch (error) {
    if (codeOf(error) === "23505") {
      throw new DataSourceError("data_source_exists", `a data source named "${name}" exists already`);
    }
    throw error;
  }
}

/** Take the mark of the default from the source that has it, for another one in the same transaction. */
export async function takeDefaultMark(trx: Db): Promise<void> {
  // Two who take it at once take turns.
  await sql`select from data_source order by id for update`.execute(trx);
  await trx
    .updateTable("data_source")
    .set({ is_default: false, updated_at: sql<Date>`now()` })
    .where("is_default", "=", true)
    .execute();
}

export const columns = [
  "id",
  "name",
  "description",
  "source_type as sourceType",
  "related_contract_id as relatedContractId",
  "related_contract_version as relatedContractVersion",
  "is_active as isActive",
  "is_default as isDefault",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

export function blankToNull(text: string | null | undefined): string | null {
  return text === undefined || text === null || text.trim() === "" ? null : text.trim();
}
