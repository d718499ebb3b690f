import { AppError } from "@rossmann/core";
import { findContract, findVersion } from "@rossmann/etl";
import {
  createDataSource,
  type DataSource,
  dataSourceOverviews,
  deleteDataSource,
  listPreflightRuns,
  resolveDataSource,
  updateDataSource,
} from "@rossmann/warehouse";
import { z } from "zod";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { askContracts } from "../contract-registry.ts";
import { HttpRefusal } from "../errors.ts";
import {
  dataSourceAnswer,
  dataSourceChangesSchema,
  dataSourceParamsSchema,
  dataSourcePreflightQuerySchema,
  dataSourceSchema,
  dataSourcesQuerySchema,
  dataSourcesSchema,
  newDataSourceSchema,
} from "../schemas/data-sources.ts";
import { preflightRunAnswer, preflightRunSchema } from "../schemas/preflight-runs.ts";
import { createdResponses, responses } from "../schemas/responses.ts";
import { refuseUnfiltered } from "../source-binding.ts";

const tags = ["data sources"];
const reading = { handlerTimeout: ANSWER_LIMIT_MS, config: { access: "data:read" } } as const;
const writing = { handlerTimeout: ANSWER_LIMIT_MS, config: { access: "data:write" } } as const;

export function addDataSourceRoutes(app: Api, { db, sources, settings }: Counter): void {
  app.get(
    "/data-sources",
    {
      ...reading,
      config: { access: "data:read", keepsToSources: true },
      schema: {
        summary: "Every data source with its last examination, its last load and what it holds",
        tags,
        querystring: dataSourcesQuerySchema,
        response: responses(dataSourcesSchema),
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      const found = await dataSourceOverviews(db, {
        ids: request.caller.dataSourceIds,
        activeOnly: !request.query.include_inactive,
      });
      return found.map(dataSourceAnswer);
    },
  );

  app.post(
    "/data-sources",
    {
      ...writing,
      schema: {
        summary: "Add a data source",
        tags,
        body: newDataSourceSchema,
        response: createdResponses(dataSourceSchema, [400]),
      },
    },
    async ({ body }, reply) => {
      await refuseUnknownContract(body.related_contract_id, body.related_contract_version);
      const source = await createDataSource(db, {
        name: body.name,
        description: body.description,
        sourceType: body.source_type,
        relatedContractId: body.related_contract_id,
        relatedContractVersion: body.related_contract_version,
        isActive: body.is_active,
        isDefault: body.is_default,
      }).catch(refuseSameName);
      sources.forget();
      return reply
        .code(201)
        .header("location", `/api/v1/data-sources/${source.id}`)
        .send(await answerFor(source.id));
    },
  );

  app.get(
    "/data-sources/:data_source_id",
    {
      ...reading,
      schema: {
        summary: "One data source, also one that is switched off",
        tags,
        params: dataSourceParamsSchema,
        response: responses(dataSourceSchema, [404]),
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      return answerFor(request.params.data_source_id);
    },
  );

  app.patch(
    "/data-sources/:data_source_id",
    {
      ...writing,
      schema: {
        summary: "Change a data source, switch it off or on, make it the default; what is not named stays",
        tags,
        params: dataSourceParamsSchema,
        body: dataSourceChangesSchema,
        response: responses(dataSourceSchema, [400, 404]),
      },
    },
    async ({ params, body, caller }) => {
      const known = await resolveDataSource(db, params.data_source_id, { allowInactive: true });
      // The mark is taken from another source, and changes what everybody means who names none.
      if (body.is_default === true && !known.isDefault) refuseUnfiltered(caller);
      await refuseUnknownContract(...nextContract(known, body));
      await updateDataSource(db, params.data_source_id, {
        name: body.name,
        description: body.description,
        sourceType: body.source_type,
        relatedContractId: body.related_contract_id,
        relatedContractVersion: body.related_contract_version,
        isActive: body.is_active,
        isDefault: body.is_default,
      }).catch(refuseSameName);
      sources.forget();
      return answerFor(params.data_source_id);
    },
  );

  app.delete(
    "/data-sources/:data_source_id",
    {
      ...writing,
      schema: {
        summary: "Delete a data source that holds nothing; one with data can be switched off",
        tags,
        params: dataSourceParamsSchema,
        response: responses(dataSourceSchema, [404, 409]),
      },
    },
    async ({ params }) => {
      const [overview] = await dataSourceOverviews(db, { ids: [params.data_source_id] });
      const deleted = await deleteDataSource(db, params.data_source_id);
      sources.forget();
      return dataSourceAnswer({ ...overview!, ...deleted });
    },
  );

  app.get(
    "/data-sources/:data_source_id/preflight-runs",
    {
      ...reading,
      schema: {
        summary: "Files of a data source that were examined, newest first",
        tags,
        params: dataSourceParamsSchema,
        querystring: dataSourcePreflightQuerySchema,
        response: responses(z.array(preflightRunSchema), [404]),
      },
    },
    async (request, reply) => {
      const { id } = await resolveDataSource(db, request.params.data_source_id, { allowInactive: true });
      reply.header("cache-control", "no-store");
      return (await listPreflightRuns(db, { dataSourceId: id }, { limit: request.query.limit })).map(
        preflightRunAnswer,
      );
    },
  );

  async function answerFor(id: number) {
    const [source] = await dataSourceOverviews(db, { ids: [id] });
    // For the sentence that says which ones there are.
    if (source === undefined) await resolveDataSource(db, id);
    return dataSourceAnswer(source!);
  }

  /** A link to a contract that does not exist would be found only when the first load fails. */
  async function refuseUnknownContract(id?: string | null, version?: string | null): Promise<void> {
    if (!id && !version) return;
    if (!id) {
      throw new HttpRefusal(
        400,
        "contract_unknown",
        "related_contract_version needs related_contract_id: a version is one of a contract",
      );
    }
    try {
      await askContracts(settings, (registry) =>
        findVersion(findContract(registry, id), version || undefined),
      );
    } catch (error) {
      if (error instanceof AppError) throw new HttpRefusal(400, error.code, error.message, { cause: error });
      throw error;
    }
  }
}

/** The contract a source is linked to after a change; null where the change does not touch it. */
function nextContract(
  known: DataSource,
  body: { related_contract_id?: string | null; related_contract_version?: string | null },
): [string | null, string | null] {
  if (body.related_contract_id === undefined && body.related_contract_version === undefined)
    return [null, null];
  return [
    body.related_contract_id === undefined ? known.relatedContractId : body.related_contract_id,
    body.related_contract_version === undefined
      ? known.relatedContractVersion
      : body.related_contract_version,
  ];
}

/** A name that is taken is a wrong request here, as clients of this route expect. */
function refuseSameName(error: unknown): never {
  if (error instanceof AppError && error.code === "data_source_exists")
    throw new HttpRefusal(400, error.code, error.message, { cause: error });
  throw error;
}
