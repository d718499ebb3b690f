import { AppError, type Settings } from "@rossmann/core";
import {
  type IncomingDelivery,
  openDelivery,
  preflightSources,
  receiveFile,
  tooLarge,
  UploadRefused,
  uploadRoot,
} from "@rossmann/etl";
import type { NewUpload, UploadedFile } from "@rossmann/warehouse";
import type { FastifyRequest } from "fastify";
import { HttpRefusal } from "./errors.ts";
import { uploadFieldsSchema } from "./schemas/uploads.ts";

const MEGABYTE = 1_000_000;
/** What stands around the files of a form. */
const FORM_BYTES = 100_000;
const LIMITS = { files: 4, fields: 6, parts: 10, fieldNameSize: 100, fieldSize: 200 };

/** What is wrong with a form, in the words of the one that was taken in. */
const FORM_FAULTS: Readonly<Record<string, string>> = {
  FST_PARTS_LIMIT: "the form has too many parts",
  FST_FILES_LIMIT: "the form has too many files: send train, store and future, each once",
  FST_FIELDS_LIMIT: "the form has too many fields",
  FST_PROTO_VIOLATION: "the form has a field that has no business there",
};

/** A delivery that came in whole and is kept, ready to be submitted. */
export interface ReceivedUpload {
  upload: Omit<NewUpload, "dataSourceId" | "createdBy">;
  /** take it back: it could not be submitted */
  drop(): Promise<void>;
}

/**
 * Take a form with files in. Whatever goes wrong, nothing is left of it.
 *
 * @throws {UploadRefused} for a form or file that cannot be taken, {HttpRefusal} 413 for one that is too large, 415 for no form
 */
export async function receiveUpload(request: FastifyRequest, settings: Settings): Promise<ReceivedUpload> {
  if (!request.isMultipart()) {
    throw new HttpRefusal(
      415,
      "media_type_unsupported",
      "send a form (Content-Type: multipart/form-data) with the files train, store and, if there is one, future",
    );
  }
  const limitBytes = settings.UPLOAD_LIMIT_MB * MEGABYTE;
  if (Number(request.headers["content-length"] ?? 0) > preflightSources.length * limitBytes + FORM_BYTES)
    throw asTooLarge(tooLarge("the delivery", "all files", preflightSources.length * limitBytes));
  const delivery = await openDelivery(uploadRoot(settings));
  try {
    const { files, fields } = await readForm(request, delivery, limitBytes);
    const upload = {
      uploadId: delivery.uploadId,
      loadKind: fields.kind ?? "full",
      preflightMode: fields.preflight_mode ?? settings.PREFLIGHT_MODE ?? "enforce",
      files,
    };
    refuseIncomplete(files, upload.loadKind);
    await delivery.keep();
    return { upload, drop: () => delivery.drop() };
  } catch (error) {
    await delivery.drop();
    throw refusalOf(error, request);
  }
}

async function readForm(request: FastifyRequest, delivery: IncomingDelivery, limitBytes: number) {
  const files: UploadedFile[] = [];
  const given: Record<string, unknown> = {};
  // The name as it was sent, folders included: one that has any is refused, not cut.
  for await (const part of request.parts({ limits: { ...LIMITS, fileSize: Infinity }, preservePath: true })) {
    if (part.type === "field") {
      given[part.fieldname] = part.value;
      continue;
    }
    const source = preflightSources.find((known) => known === part.fieldname);
    if (source === undefined || files.some((file) => file.source === source)) {
      throw new UploadRefused(
        "upload_part_unknown",
        `the form has a file ${JSON.stringify(part.fieldname.slice(0, 40))}${source === undefined ? "" : " twice"}, expected ${preflightSources.join(", ")}, each once`,
      );
    }
    const path = delivery.pathOf(source);
    files.push(await receiveFile(part.file, { source, name: part.filename, path, limitBytes }));
  }
  const fields = uploadFieldsSchema.safeParse(given);
  if (fields.success) return { files, fields: fields.data };
  const [fault] = fields.error.issues;
  throw new UploadRefused(
    "upload_part_unknown",
    `${fault?.path.join(".") || "the form"} ${fault?.message ?? "cannot be understood"}`,
  );
}

function refuseIncomplete(files: readonly UploadedFile[], kind: string): void {
  const has = (source: string) => files.some((file) => file.source === source);
  if (has("train") && (has("store") || kind === "incremental")) return;
  throw new UploadRefused(
    "upload_incomplete",
    has("train")
      ? "a full load needs the file store beside train; send both, or kind=incremental to leave the stores as they are"
      : "the form has no file train, the sales",
  );
}

const asTooLarge = (refused: UploadRefused) =>
  new HttpRefusal(413, refused.code, refused.message, { cause: refused });

function refusalOf(error: unknown, request: FastifyRequest): unknown {
  if (error instanceof UploadRefused && error.code === "upload_too_large") return asTooLarge(error);
  if (error instanceof AppError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (FORM_FAULTS[code] !== undefined) return new UploadRefused("upload_part_unknown", FORM_FAULTS[code]);
  // Of all else that ends a form early only the connection, or a boundary or an end that is none, is the sender's.
  const isBrokenOff =
    request.raw.destroyed ||
    request.raw.readableAborted ||
    /terminated|unexpected end|premature|malformed|boundary|needle/i.test(String(error));
  return isBrokenOff
    ? new UploadRefused("upload_incomplete", "the upload broke off before its end; send it again")
    : error;
}
