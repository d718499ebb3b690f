import { STATUS_CODES } from "node:http";
import { AppError, type RefusalKind } from "@rossmann/core";
import type { FastifyError } from "fastify";
import { HttpRefusal } from "./errors.ts";
import { DATABASE_AWAY, type Meaning, postgresMeaning } from "./postgres-refusals.ts";
import type { Problem } from "./schemas/problem.ts";

/** What a problem says, without what belongs to the single request. */
export type ProblemBody = Pick<Problem, "status" | "code" | "detail" | "errors">;

const STATUS_OF_KIND: Record<RefusalKind, number> = {
  invalid: 400,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
};

/** Refusals whose own words are for the operator: they name hosts and files. */
const FOR_THE_OPERATOR: Readonly<Record<string, Meaning>> = {
  database_unavailable: DATABASE_AWAY,
  database_refused: DATABASE_AWAY,
  model_file_invalid: {
    status: 503,
    code: "model_file_invalid",
    detail: "the model that serves cannot be read; the server's log says why",
  },
};

/** Refusals of the HTTP framework itself, by its code. */
const FRAMEWORK: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [422, "json_invalid", "the body is not valid JSON"],
  FST_ERR_CTP_EMPTY_JSON_BODY: [422, "json_invalid", "the body is empty; send a JSON object"],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    "content_length_invalid",
    "the body has another length than Content-Length says",
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, "body_too_large", "the body is too large"],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    "media_type_unsupported",
    "send the body as Content-Type: application/json",
  ],
  FST_CP_ERR_INVALID_CONTENT_ENCODING: [
    415,
    "content_encoding_unsupported",
    "send the body without Content-Encoding",
  ],
  FST_CP_ERR_INVALID_CONTENT: [400, "content_encoding_invalid", "the body cannot be decompressed"],
  FST_ERR_BAD_URL: [400, "url_invalid", "the address is not a valid URL path"],
  FST_ERR_MAX_PARAM_LENGTH: [414, "url_too_long", "a part of the address is too long"],
  FST_ERR_HANDLER_TIMEOUT: [
    503,
    "answer_timeout",
    "the answer took too long; try again, or ask for a shorter period",
  ],
};

const LONGEST_LIST = 3;

/**
 * The problem that an error is to a client. Nothing internal gets in: an error that is no refusal becomes "internal error"
 * and its message stays in the log.
 *
 * @param error anything that was thrown while answering
 */
export function problemOf(error: unknown): ProblemBody {
  if (error instanceof HttpRefusal) return body(error.status, error.code, error.message);
  if (isValidationError(error)) return validationProblem(error);
  if (error instanceof AppError) {
    const meaning = FOR_THE_OPERATOR[error.code];
    return meaning === undefined
      ? body(STATUS_OF_KIND[error.kind], error.code, error.message)
      : body(meaning.status, meaning.code, meaning.detail);
  }
  if (isAborted(error)) {
    return body(400, "request_aborted", "the request broke off before all of it had arrived");
  }
  const meaning = postgresMeaning(error);
  if (meaning !== null) return body(meaning.status, meaning.code, meaning.detail);
  const refused = error instanceof Error && "code" in error ? FRAMEWORK[String(error.code)] : undefined;
  if (refused !== undefined) return body(...refused);
  const status = clientFaultStatus(error);
  if (status !== null)
    return body(status, "request_refused", STATUS_CODES[status] ?? "the request cannot be answered");
  return body(
    500,
    "internal_error",
    "something went wrong on the server; the request id names it in the server's log",
  );
}

/** The whole document of one request. */
export function problemDocument(problem: ProblemBody, instance: string, requestId: string): Problem {
  return {
    type: `urn:rossmann:problem:${problem.code}`,
    title: STATUS_CODES[problem.status] ?? "Error",
    status: problem.status,
    detail: problem.detail,
    instance,
    code: problem.code,
    request_id: requestId,
    errors: problem.errors,
  };
}

function body(status: number, code: string, detail: string, errors: Problem["errors"] = []): ProblemBody {
  return { status, code, detail, errors };
}

type ValidationError = FastifyError & Required<Pick<FastifyError, "validation">>;

function isValidationError(error: unknown): error is ValidationError {
  return error instanceof Error && "validation" in error && Array.isArray(error.validation);
}

/** One sentence for people, one pointer per fault for programs. */
function validationProblem(error: ValidationError): ProblemBody {
  const place = error.validationContext === "querystring" ? "query" : (error.validationContext ?? "body");
  const faults = error.validation.map((fault) => ({
    pointer: `/${place}${fault.instancePath === "/" ? "" : fault.instancePath}`,
    detail: fault.message ?? "is invalid",
  }));
  const sentences = faults.map(({ pointer, detail }) => {
    const name = pointer.split("/").slice(2).join(".");
    return `${name === "" ? `the ${place}` : name} ${detail}`;
  });
  const more = sentences.length - LONGEST_LIST;
  const detail = sentences.slice(0, LONGEST_LIST).join("; ") + (more > 0 ? `; and ${more} more` : "");
  return body(422, "validation_failed", detail, faults);
}

/**
 * The client went away while its body was read. Node gives it the code of any connection that was reset, the database's too;
 * only the missing system call and its own word tell it from those.
 */
function isAborted(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ECONNRESET" &&
    error.message === "aborted" &&
    !("syscall" in error)
  );
}

/** A 4xx that a plugin of the framework asks for; its text is not ours, so only the status is used. */
function clientFaultStatus(error: unknown): number | null {
  if (!(error instanceof Error && "statusCode" in error)) return null;
  const status = Number(error.statusCode);
  return status >= 400 && status < 500 ? status : null;
}
