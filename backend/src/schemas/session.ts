import { SCOPES } from "@rossmann/warehouse";
import { z } from "zod";
import type { Caller } from "../access.ts";
import { instant } from "./values.ts";

const LONGEST_SECRET = 200;
const secret = (what: string) =>
  z
    .string({ error: `is required: ${what}` })
    .trim()
    .min(1, `is required: ${what}`)
    .max(LONGEST_SECRET, `has at most ${LONGEST_SECRET} characters`);

/** Sign in with a key, or with the code of a link that `rossmann up` or `rossmann keys link` printed. */
export const signInBodySchema = z
  .strictObject({
    api_key: secret("a key of rossmann keys create")
      .optional()
      .describe("A key; it is traded for a session and kept nowhere"),
    code: secret("the code of a sign-in link")
      .optional()
      .describe("What follows #code= in a sign-in link; it opens one session, once"),
  })
  .refine((body) => (body.api_key === undefined) !== (body.code === undefined), {
    error: "needs either api_key or code",
  });

export const sessionSchema = z
  .object({
    signed_in: z.boolean().describe("A key or a session came with the request and counts"),
    name: z.string().describe("Who asks: what is written down as actor of what you change"),
    kind: z
      .enum(["key", "session", "local", "legacy", "anonymous"])
      .describe(
        "local: nobody is asked for a key on loopback; legacy: a switch opened the diagnostics; anonymous: sign in to see anything",
      ),
    scopes: z.array(z.enum(SCOPES)).describe("Everything that may be done now, what needs no key included"),
    data_source_ids: z
      .array(z.int())
      .nullable()
      .describe("Sources that may be seen and changed; null for all"),
    expires_at: instant().nullable().describe("When the session or key ends; null for never"),
    key_required: z
      .boolean()
      .describe("Without a key nothing is shown: the server listens on more than loopback"),
  })
  .meta({ id: "Session" });

export type SignInBody = z.input<typeof signInBodySchema>;
export type Session = z.output<typeof sessionSchema>;

export function sessionAnswer(caller: Caller, isKeyRequired: boolean): Session {
  return {
    signed_in: caller.kind === "key" || caller.kind === "session",
    name: caller.name,
    kind: caller.kind,
    scopes: SCOPES.filter((scope) => caller.scopes.has(scope)),
    data_source_ids: caller.dataSourceIds === null ? null : [...caller.dataSourceIds],
    expires_at: caller.expiresAt?.toISOString() ?? null,
    key_required: isKeyRequired,
  };
}
