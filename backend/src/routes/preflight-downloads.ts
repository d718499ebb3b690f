import { basename, dirname } from "node:path";
import send from "@fastify/send";
import type { ArtifactType } from "@rossmann/etl";
import type { PreflightRunRow } from "@rossmann/warehouse";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { createDownloadLinks } from "../download-links.ts";
import { HttpRefusal } from "../errors.ts";
import { examinedFile, notAvailable, seenBy } from "../examined-file.ts";
import { artifactRoot, findArtifact } from "../preflight-artifacts.ts";
import {
  artifactsSchema,
  artifactTypes,
  CONTENT_TYPES,
  downloadParamsSchema,
  linkParamsSchema,
  linkQuerySchema,
} from "../schemas/preflight-artifacts.ts";
import { runSourceParamsSchema } from "../schemas/preflight-runs.ts";
import { responses } from "../schemas/responses.ts";

const config = { access: "diagnostics:read" as const, keepsToSources: true };
/** What is sent are the bytes of the file, with its own length and ranges. */
const compress = false;
const tags = ["diagnostics"];
const SOURCE = "/diagnostics/preflight/runs/:run_id/sources/:source_name";
const LINK = "/diagnostics/preflight/download";

const fileAnswer = {
  description: "The file",
  content: Object.fromEntries(
    ["application/json", "text/csv", "text/html"].map((type) => [type, { schema: z.string() }]),
  ),
};

export function addPreflightDownloadRoutes(app: Api, { db, settings, effects }: Counter): void {
  const links = createDownloadLinks(db, effects.now);

  app.get(
    `${SOURCE}/artifacts`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config,
      schema: {
        summary: "The reports of one examined file, with links to download them",
        tags,
        params: runSourceParamsSchema,
        response: responses(artifactsSchema, [403, 404]),
      },
    },
    async (request, reply) => {
      const run = await examinedFile(db, request.params, seenBy(request));
      const root = artifactRoot(settings);
      const artifacts = artifactTypes.map(async (artifact_type) => {
        const found = await findArtifact(root, run, artifact_type);
        const link = found && (await links.sign({ ...request.params, artifact_type }));
        return {
          artifact_type,
          available: found !== null,
          file_name: found?.fileName ?? null,
          path: found?.label ?? null,
          size_bytes: found?.sizeBytes ?? null,
          content_type: CONTENT_TYPES[artifact_type],
          download_url: link && `/api/v1${LINK}/${artifact_type}?${link.query}`,
          download_expires_at: link?.expiresAt.toISOString() ?? null,
        };
      });
      // The links in it grow old.
      reply.header("cache-control", "no-store");
      return { ...request.params, artifact_dir: run.artifact_dir, artifacts: await Promise.all(artifacts) };
    },
  );

  app.get(
    `${SOURCE}/download/:artifact_type`,
    {
      compress,
      config,
      schema: {
        summary: "One report as a file; parts of it by Range",
        tags,
        params: downloadParamsSchema,
        response: { ...responses(z.string(), [403, 404]), 200: fileAnswer },
      },
    },
    async (request, reply) => {
      const run = await examinedFile(db, request.params, seenBy(request));
      return sendArtifact(request, reply, run, request.params.artifact_type);
    },
  );

  app.get(
    `${LINK}/:artifact_type`,
    {
      compress,
      // The signature is what lets in: a browser that follows a link sends no key.
      config: { access: "public" },
      schema: {
        summary: "The same by a signed link of the list of artifacts, without a key",
        tags,
        params: linkParamsSchema,
        querystring: linkQuerySchema,
        response: { ...responses(z.string(), [403, 404]), 200: fileAnswer },
      },
    },
    async (request, reply) => {
      const { artifact_type } = request.params;
      const { expires, signature, ...file } = request.query;
      await links.check({ ...file, artifact_type }, expires, signature);
      return sendArtifact(request, reply, await examinedFile(db, file), artifact_type);
    },
  );

  async function sendArtifact(
    request: FastifyRequest,
    reply: FastifyReply,
    run: PreflightRunRow,
    type: ArtifactType,
  ): Promise<FastifyReply> {
    const artifact = await findArtifact(artifactRoot(settings), run, type);
    if (artifact === null) throw notAvailable(run, type);
    const { statusCode, headers, stream } = await send(
      request.raw,
      `/${encodeURIComponent(basename(artifact.path))}`,
      { root: dirname(artifact.path), contentType: false, cacheControl: false },
    );
    // Removed since it was looked for.
    if (statusCode === 404) throw notAvailable(run, type);
    if (statusCode === 412 || statusCode === 416) {
      // What comes with it is a page of words, not the file.
      stream.destroy();
      if (statusCode === 416) reply.header("content-range", `bytes */${artifact.sizeBytes}`);
      throw unfulfilled(statusCode, artifact.sizeBytes);
    }
    reply.code(statusCode).headers(headers).type(CONTENT_TYPES[type]);
    reply.header("cache-control", "private, no-cache");
    // A page that repeats what a file held must not be able to do anything.
    if (type === "html")
      reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    const fileName = artifact.fileName.replaceAll(/[^\w.-]/g, "_");
    reply.header(
      "content-disposition",
      `${type === "html" ? "inline" : "attachment"}; filename="${fileName}"`,
    );
    return reply.send(stream);
  }
}

/** What the headers of a request ask of a report, and it cannot give. */
function unfulfilled(status: 412 | 416, sizeBytes: number): HttpRefusal {
  return status === 416
    ? new HttpRefusal(
        status,
        "range_invalid",
        `the report has ${sizeBytes} bytes, none of them in that Range`,
      )
    : new HttpRefusal(status, "condition_failed", "the report was changed meanwhile; ask for it anew");
}
