import multipart from "@fastify/multipart";
import { cancelUpload, findUpload, listUploads, NotFoundError, resolveDataSource } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { receiveUpload } from "../receive-upload.ts";
import { dataSourceParamsSchema } from "../schemas/data-sources.ts";
import { pageOf } from "../schemas/paging.ts";
import { acceptedResponses, responses } from "../schemas/responses.ts";
import {
  uploadAnswer,
  uploadParamsSchema,
  uploadSchema,
  uploadsQuerySchema,
  uploadsSchema,
} from "../schemas/uploads.ts";

const tags = ["uploads"];

export function addUploadRoutes(app: Api, { db, settings, uploads }: Counter): void {
  app.register(multipart);

  app.post(
    "/data-sources/:data_source_id/uploads",
    {
      config: { access: "data:write", hasSlowBody: true },
      schema: {
        summary: "Deliver files: they are stored, examined and loaded in the background",
        description:
          "A form (multipart/form-data) with the files `train`, `store` and, if there is one, `future` (CSV text, at most " +
          "UPLOAD_LIMIT_MB each), and optionally the fields `kind` (full, the default, or incremental) and " +
          "`preflight_mode` (off, report_only or enforce; default PREFLIGHT_MODE, else enforce). Location names the upload, which tells " +
          "its progress and its outcome.",
        consumes: ["multipart/form-data"],
        tags,
        params: dataSourceParamsSchema,
        response: acceptedResponses(uploadSchema, [400, 404, 413, 415]),
      },
    },
    async (request, reply) => {
      // What is left of a refused body is not read: the connection ends with the answer.
      reply.header("connection", "close");
      const { id } = await resolveDataSource(db, request.params.data_source_id);
      const received = await receiveUpload(request, settings);
      try {
        const upload = await uploads.submit({
          ...received.upload,
          dataSourceId: id,
          createdBy: request.caller.name,
        });
        return reply
          .code(202)
          .removeHeader("connection")
          .header("location", `/api/v1/data-sources/${id}/uploads/${upload.uploadId}`)
          .header("cache-control", "no-store")
          .send(uploadAnswer(upload));
      } catch (error) {
        await received.drop();
        throw error;
      }
    },
  );

  app.get(
    "/data-sources/:data_source_id/uploads",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:read" },
      schema: {
        summary: "The deliveries of a data source",
        tags,
        params: dataSourceParamsSchema,
        querystring: uploadsQuerySchema,
        response: responses(uploadsSchema, [404]),
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query;
      const { id } = await resolveDataSource(db, request.params.data_source_id, { allowInactive: true });
      reply.header("cache-control", "no-store");
      const found = await listUploads(db, { dataSourceId: id, after: cursor, limit: limit + 1 });
      const { items, next_cursor } = pageOf(found, limit, ({ uploadId }) => uploadId);
      return { items: items.map(uploadAnswer), limit, next_cursor };
    },
  );

  app.get(
    "/data-sources/:data_source_id/uploads/:upload_id",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:write" },
      schema: {
        summary: "One delivery: where it stands, or what came of it",
        tags,
        params: uploadParamsSchema,
        response: responses(uploadSchema, [404]),
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      return uploadAnswer(await uploadOf(request.params));
    },
  );

  app.post(
    "/data-sources/:data_source_id/uploads/:upload_id/cancel",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:write" },
      schema: {
        summary: "Give a delivery up; a load at work stops within moments, and the data from before stays",
        tags,
        params: uploadParamsSchema,
        response: responses(uploadSchema, [404, 409]),
      },
    },
    async (request) => {
      const { uploadId } = await uploadOf(request.params);
      return uploadAnswer(await cancelUpload(db, uploadId, request.caller.name));
    },
  );

  app.post(
    "/data-sources/:data_source_id/uploads/:upload_id/retry",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "data:write" },
      schema: {
        summary: "Load a delivery again that failed or was cancelled",
        tags,
        params: uploadParamsSchema,
        response: acceptedResponses(uploadSchema, [404, 409]),
      },
    },
    async (request, reply) => {
      const { uploadId } = await uploadOf(request.params);
      return reply.code(202).send(uploadAnswer(await uploads.retry(uploadId)));
    },
  );

  async function uploadOf(params: { data_source_id: number; upload_id: string }) {
    const upload = await findUpload(db, params.upload_id);
    if (upload.dataSourceId === params.data_source_id) return upload;
    throw new NotFoundError(
      "upload_not_found",
      `there is no upload ${upload.uploadId} of data source ${params.data_source_id}`,
    );
  }
}
