import { z } from "zod";

/** Every refusal and every failure has this one form (RFC 9457, `application/problem+json`). */
export const problemSchema = z
  .object({
    type: z.string().describe("Names the kind of problem; ends in its code"),
    title: z.string().describe("The kind of problem in a few words"),
    status: z.int().describe("The HTTP status"),
    detail: z.string().describe("What was found, where, and what to do"),
    instance: z.string().describe("The path that was asked for"),
    code: z.string().describe("Stable word for programs"),
    request_id: z.string().describe("Names this request in the log"),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe("JSON pointer to the value: /query/…, /body/… or /params/…"),
          detail: z.string(),
        }),
      )
      .describe("The single faults of a request that could not be understood; empty otherwise"),
  })
  .meta({ id: "Problem" });

export type Problem = z.output<typeof problemSchema>;
