import type { z } from "zod";
import { problemSchema } from "./problem.ts";

const DESCRIPTIONS = {
  400: "What was asked breaks a rule",
  401: "A key is asked for, or the one that came is unknown, revoked or expired",
  403: "The key does not allow it, or a page of another site asked",
  404: "There is no such thing",
  409: "Something is in another state than this needs",
  413: "A file is larger than may be uploaded",
  415: "The body is of another kind than is asked for",
  422: "A parameter or field cannot be understood",
  429: "Too many requests from one address; Retry-After says how long to wait",
  500: "A fault of the server; the request id names it in the log",
  503: "A part the answer depends on does not answer now; try again",
} as const;

type Refusal = keyof typeof DESCRIPTIONS;
/** Refusals that every route may give. */
const EVERYWHERE: readonly Refusal[] = [401, 403, 422, 429, 500, 503];

/**
 * The response part of a route's schema: its answer, and the problems it may be refused with.
 *
 * @param answer   body of the 200
 * @param refusals statuses besides 401, 403, 422, 429, 500 and 503, which every route may give
 */
export function responses<Answer extends z.ZodType>(answer: Answer, refusals: readonly Refusal[] = []) {
  return { 200: answer.describe("The answer"), ...problemsOf(refusals) };
}

/** As {@link responses}, of a route that begins something and answers 202. */
export function acceptedResponses<Answer extends z.ZodType>(
  answer: Answer,
  refusals: readonly Refusal[] = [],
) {
  return { 202: answer.describe("It has begun"), ...problemsOf(refusals) };
}

/** As {@link responses}, of a route that makes something and answers 201. */
export function createdResponses<Answer extends z.ZodType>(
  answer: Answer,
  refusals: readonly Refusal[] = [],
) {
  return { 201: answer.describe("It is made"), ...problemsOf(refusals) };
}

function problemsOf(refusals: readonly Refusal[]): object {
  return Object.fromEntries(
    [...refusals, ...EVERYWHERE].map((status) => [
      status,
      {
        description: DESCRIPTIONS[status],
        content: { "application/problem+json": { schema: problemSchema } },
      },
    ]),
  );
}
