import {
  contractDocument,
  describeContract,
  describeContractVersion,
  diffContracts,
  findContract,
  findVersion,
  listContracts,
  toOdcs,
} from "@rossmann/etl";
import { z } from "zod";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { askContracts, readVersion } from "../contract-registry.ts";
import {
  contractDetailSchema,
  contractDiffQuerySchema,
  contractDiffSchema,
  contractParamsSchema,
  contractsSchema,
  contractVersionDetailSchema,
  contractVersionParamsSchema,
  contractVersionsSchema,
} from "../schemas/contracts.ts";
import { responses } from "../schemas/responses.ts";

const common = {
  handlerTimeout: ANSWER_LIMIT_MS,
  config: { access: "data:read" as const, keepsToSources: true },
};
const tags = ["contracts"];

export function addContractRoutes(app: Api, { settings }: Counter): void {
  app.get(
    "/contracts",
    { ...common, schema: { summary: "Every input contract", tags, response: responses(contractsSchema) } },
    () => askContracts(settings, listContracts),
  );

  app.get(
    "/contracts/:contract_id",
    {
      ...common,
      schema: {
        summary: "One input contract with its versions",
        tags,
        params: contractParamsSchema,
        response: responses(contractDetailSchema, [404]),
      },
    },
    ({ params }) => askContracts(settings, (registry) => describeContract(registry, params.contract_id)),
  );

  app.get(
    "/contracts/:contract_id/versions",
    {
      ...common,
      schema: {
        summary: "The versions of a contract, the newest last",
        tags,
        params: contractParamsSchema,
        response: responses(contractVersionsSchema, [404]),
      },
    },
    ({ params }) =>
      askContracts(settings, (registry) => describeContract(registry, params.contract_id).versions),
  );

  app.get(
    "/contracts/:contract_id/versions/:version",
    {
      ...common,
      schema: {
        summary: "What one version demands: limits, columns and rules of every profile",
        tags,
        params: contractVersionParamsSchema,
        response: responses(contractVersionDetailSchema, [404, 409]),
      },
    },
    ({ params }) =>
      askContracts(settings, (registry) =>
        describeContractVersion(registry, params.contract_id, params.version),
      ),
  );

  app.get(
    "/contracts/:contract_id/versions/:version/document",
    {
      ...common,
      schema: {
        summary: "One version as a page for people, in Markdown",
        tags,
        params: contractVersionParamsSchema,
        response: {
          ...responses(z.string(), [404, 409]),
          200: {
            description: "The page",
            content: { "text/markdown": { schema: z.string() } },
          },
        },
      },
    },
    async ({ params }, reply) => {
      const contract = await askContracts(settings, (registry) =>
        readVersion(registry, params.contract_id, params.version),
      );
      return reply.type("text/markdown; charset=utf-8").send(contractDocument(contract));
    },
  );

  app.get(
    "/contracts/:contract_id/versions/:version/odcs",
    {
      ...common,
      schema: {
        summary: "One version in the Open Data Contract Standard 3.1",
        tags,
        params: contractVersionParamsSchema,
        response: responses(z.record(z.string(), z.unknown()), [404, 409]),
      },
    },
    ({ params }) =>
      askContracts(settings, async (registry) => {
        const { id, name } = findContract(registry, params.contract_id);
        return { ...toOdcs(await readVersion(registry, id, params.version), { id, name }).document };
      }),
  );

  app.get(
    "/contracts/:contract_id/diff",
    {
      ...common,
      schema: {
        summary: "What changed from one version to another, breaking changes first",
        tags,
        params: contractParamsSchema,
        querystring: contractDiffQuerySchema,
        response: responses(contractDiffSchema, [404, 409]),
      },
    },
    ({ params, query }) =>
      askContracts(settings, async (registry) => {
        const entry = findContract(registry, params.contract_id);
        const to = findVersion(entry, query.to);
        const older = entry.versions[entry.versions.indexOf(to) - 1];
        const from = query.from === undefined ? older : findVersion(entry, query.from);
        const now = await readVersion(registry, entry.id, to.version);
        const head = { contract_id: entry.id, from: from?.version ?? null, to: to.version };
        if (from === undefined) return { ...head, is_breaking: false, changes: [] };
        const { isBreaking, changes } = diffContracts(
          await readVersion(registry, entry.id, from.version),
          now,
        );
        return { ...head, is_breaking: isBreaking, changes };
      }),
  );
}
