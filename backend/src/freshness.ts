import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SourceState } from "./sources.ts";
import { API_VERSION } from "./version.ts";

/**
 * What an answer of a source depends on besides its address: the load that made the data visible, the model that serves, and
 * the version of this program. Weak, since the same answer leaves in several encodings.
 */
export function entityTag(source: SourceState): string {
  const parts = [API_VERSION, source.id, source.name, source.footprint?.etlRunId, source.modelVersion];
  return `W/"${createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22)}"`;
}

/**
 * Mark the answer with its entity tag, and say whether the client holds it already.
 *
 * @returns true when a 304 was sent, and nothing needs to be computed
 */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, source: SourceState): boolean {
  const tag = entityTag(source);
  reply.header("etag", tag).header("cache-control", "private, no-cache");
  if (!matches(request.headers["if-none-match"], tag)) return false;
  reply.code(304).send();
  return true;
}

/** RFC 9110, section 13.1.2: weak comparison with each tag of the list. */
function matches(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = (text: string) => text.trim().replace(/^W\//, "");
  return ifNoneMatch.split(",").some((each) => opaque(each) === opaque(tag));
}
