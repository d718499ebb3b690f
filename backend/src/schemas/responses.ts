import type { z } from "zod";
import { problemSchema } from "./problem.ts";

const DESCRIPTIONS = {
  400: "What was asked breaks a rule",
  404: "There is no such thing",
  409: "Something is in another state than this needs",
  422: "A parameter or field cannot be understood",
  429: "Too many requests from one address; Retry-After says how long to wait",
  500: "A fault of the server; the request id names it in the log",
  503: "A part the answer depends on does not answer now; try again",
} as const;

type Refusal = keyof typeof DESCRIPTIONS;

/**
 * The response part of a route's schema: its answer, and the problems it may be refused with.
 *
 * @param answer   body of the 200
 * @param refusals statuses besides 422, 429, 500 and 503, which every route may give
 */
export function responses<Answer extends z.ZodType>(answer: Answer, refusals: readonly Refusal[] = []) {
  const problems = [...refusals, 422, 429, 500, 503] as const;
  return {
    200: answer.describe("The answer"),
    ...Object.fromEntries(
      problems.map((status) => [
        status,
        {
          description: DESCRIPTIONS[status],
          content: { "application/problem+json": { schema: problemSchema } },
        },
      ]),
    ),
  } as { 200: Answer };
}
