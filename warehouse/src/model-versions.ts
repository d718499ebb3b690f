import { createHash } from "node:crypto";
import { sql } from "kysely";
import { codeOf, type Db, DISK_FULL } from "./db.ts";
import { DiskFullError, NotFoundError, RegistryConflictError } from "./errors.ts";
import type { ModelAlias } from "./tables.ts";

/** A registered model without its bytes. */
export interface ModelVersion {
  dataSourceId: number;
  /** counts up from 1 per source and never moves */
  version: number;
  experimentId: string;
  modelType: string;
  /** last day the model learned from, `YYYY-MM-DD` */
  trainedTo: string;
  sha256: string;
  metadata: Record<string, unknown>;
  createdAt: Date;
  aliases: ModelAlias[];
}

export interface StoredModel extends ModelVersion {
  artifact: Buffer;
}

/** Which model is meant: by alias, or by number. */
export type ModelReference = ModelAlias | number;

/**
 * Register a model. Versions count up from 1 per source, also when two trainings finish together.
 *
 * @param model `alias` points that alias at the new version in the same transaction
 * @throws {DiskFullError} nothing is written then
 */
export async function saveModelVersion(
  db: Db,
  model: {
    dataSourceId: number;
    experimentId: string;
    modelType: string;
    trainedTo: string;
    artifact: Buffer | Uint8Array;
    metadata: Record<string, unknown>;
    alias?: ModelAlias;
  },
): Promise<{ version: number; sha256: string }> {
  const artifact = Buffer.from(model.artifact);
  const sha256 = createHash("sha256").update(artifact).digest("hex");
  const save = async (trx: Db) => {
    await sql`select pg_advisory_xact_lock(hashtext('model_version'), ${model.dataSourceId})`.execute(trx);
    const { version } = await trx
      .insertInto("model_version")
      .values({
        data_source_id: model.dataSourceId,
        version: sql<number>`(select coalesce(max(version), 0) + 1 from model_version where data_source_id = ${model.dataSourceId})`,
        experiment_id: model.experimentId,
        model_type: model.modelType,
        trained_to: model.trainedTo,
        artifact,
        artifact_sha256: sha256,
        metadata_json: JSON.stringify(model.metadata),
      })
      .returning("version")
      .executeTakeFirstOrThrow();
    if (model.alias !== undefined) await pointAlias(trx, model.dataSourceId, model.alias, version);
    return { version, sha256 };
  };
  try {
    return await (db.isTransaction ? save(db) : db.transaction().execute(save));
  } catch (error) {
    if (codeOf(error) === DISK_FULL) throw new DiskFullError("the database", { cause: error });
    throw error;
  }
}

/** The version an alias points at, or null; cheap enough to ask before every forecast. */
export async function modelVersionOf(
  db: Db,
  dataSourceId: number,
  alias: ModelAlias = "champion",
): Promise<number | null> {
  const row = await db
    .selectFrom("model_alias")
    .select("version")
    .where("data_source_id", "=", dataSourceId)
    .where("alias", "=", alias)
    .executeTakeFirst();
  return row?.version ?? null;
}

/**
 * A model with its bytes, checked against its checksum.
 *
 * @throws {NotFoundError} `model_not_found`
 */
export async function loadModelVersion(
  db: Db,
  dataSourceId: number,
  reference: ModelReference = "champion",
): Promise<StoredModel> {
  const model = await findModelVersion(db, dataSourceId, reference);
  const { artifact } = await db
    .selectFrom("model_version")
    .select("artifact")
    .where("data_source_id", "=", dataSourceId)
    .where("version", "=", model.version)
    .executeTakeFirstOrThrow();
  const sha256 = createHash("sha256").update(artifact).digest("hex");
  if (sha256 !== model.sha256)
    throw new Error(`model version ${model.version} of source ${dataSourceId} is damaged`);
  return { ...model, artifact };
}

/** A model without its bytes. @throws {NotFoundError} `model_not_found` */
export async function findModelVersion(
  db: Db,
  dataSourceId: number,
  reference: ModelReference = "champion",
): Promise<ModelVersion> {
  const version =
    typeof reference === "number" ? reference : await modelVersionOf(db, dataSourceId, reference);
  const model =
    version === null
      ? undefined
      : await models(db, dataSourceId).where("v.version", "=", version).executeTakeFirst();
  if (model === undefined) {
    const asked = typeof reference === "number" ? `model version ${reference}` : `${reference} model`;
    throw new NotFoundError(
      "model_not_found",
      `data source ${dataSourceId} has no ${asked}: train one with "rossmann train"`,
    );
  }
  return model;
}

/** Newest first. */
export async function listModelVersions(db: Db, dataSourceId: number): Promise<ModelVersion[]> {
  return models(db, dataSourceId).orderBy("v.version", "desc").execute();
}

/** Point an alias at a version. @throws {NotFoundError} `model_not_found` */
export async function promoteModelVersion(
  db: Db,
  dataSourceId: number,
  version: number,
  alias: ModelAlias = "champion",
): Promise<void> {
  await findModelVersion(db, dataSourceId, version);
  await pointAlias(db, dataSourceId, alias, version);
}

/**
 * Point an alias back at the version it had before.
 *
 * @returns the version it points at now
 * @throws {RegistryConflictError} `no_previous_model`
 */
export async function rollbackModelVersion(
  db: Db,
  dataSourceId: number,
  alias: ModelAlias = "champion",
): Promise<number> {
  const row = await db
    .updateTable("model_alias")
    .set({
      version: sql<number>`previous_version`,
      previous_version: sql<number>`version`,
      changed_at: sql<Date>`now()`,
    })
    .where("data_source_id", "=", dataSourceId)
    .where("alias", "=", alias)
    .where("previous_version", "is not", null)
    .returning("version")
    .executeTakeFirst();
  if (row === undefined) {
    throw new RegistryConflictError(
      "no_previous_model",
      `data source ${dataSourceId} has no earlier ${alias} model to go back to`,
    );
  }
  return row.version;
}

async function pointAlias(db: Db, dataSourceId: number, alias: ModelAlias, version: number): Promise<void> {
  await sql`
    insert into model_alias (data_source_id, alias, version)
    values (${dataSourceId}, ${alias}, ${version})
    on conflict (data_source_id, alias) do update
    set previous_version = model_alias.version, version = excluded.version, changed_at = now()
    where model_alias.version <> excluded.version
  `.execute(db);
}

function models(db: Db, dataSourceId: number) {
  return db
    .selectFrom("model_version as v")
    .where("v.data_source_id", "=", dataSourceId)
    .select([
      "v.data_source_id as dataSourceId",
      "v.version",
      "v.experiment_id as experimentId",
      "v.model_type as modelType",
      "v.trained_to as trainedTo",
      "v.artifact_sha256 as sha256",
      "v.metadata_json as metadata",
      "v.created_at as createdAt",
      sql<ModelAlias[]>`array(
        select alias::text from model_alias a
        where a.data_source_id = v.data_source_id and a.version = v.version order by alias)`.as("aliases"),
    ]);
}
