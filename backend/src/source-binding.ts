import type { FastifyRequest } from "fastify";
import type { Caller } from "./access.ts";
import { HttpRefusal } from "./errors.ts";

/** Where a route takes `data_source_id`. */
export type SourceFields = readonly ("params" | "query" | "body")[];

const FIELD = "data_source_id";
const PARTS = { params: "params", query: "querystring", body: "body" } as const;

/** The parts of a request in which a route's schema has `data_source_id`; null when there is none. */
export function sourceFieldsOf(schema: unknown): SourceFields | null {
  const parts = (schema ?? {}) as Record<string, unknown>;
  const fields = (["params", "query", "body"] as const).filter((part) => hasField(parts[PARTS[part]]));
  return fields.length === 0 ? null : fields;
}

/**
 * A caller who is bound to data sources names one of them, or means the first: what a request leaves open must not become the
 * default source, nor all of them.
 *
 * @param isFilled false where the route itself knows what to do with an open one
 * @throws {HttpRefusal} 403 when another source is named
 */
export function keepToSources(request: FastifyRequest, fields: SourceFields, isFilled: boolean): void {
  const own = request.caller.dataSourceIds;
  if (own === null) return;
  for (const field of fields) {
    const part = request[field];
    if (part === null || typeof part !== "object") {
      if (isFilled) request[field] = { [FIELD]: own[0] };
      continue;
    }
    const holder = part as Record<string, unknown>;
    if (isFilled) holder[FIELD] ??= own[0];
    if (holder[FIELD] != null) refuseOtherSource(request.caller, Number(holder[FIELD]));
  }
}

/**
 * @param dataSourceId source that a row belongs to; null for a row of none
 * @throws {HttpRefusal} 403 when the caller is bound to other sources
 */
export function refuseOtherSource({ name, dataSourceIds }: Caller, dataSourceId: number | null): void {
  if (dataSourceIds === null || (dataSourceId !== null && dataSourceIds.includes(dataSourceId))) return;
  throw new HttpRefusal(
    403,
    "source_not_allowed",
    `the key "${name}" is bound to data source ${dataSourceIds.join(", ")} and sees no other`,
  );
}

/** @throws {HttpRefusal} 403 for a bound caller, of a route whose answer may hold anything of any source */
export function refuseUnfiltered({ name, dataSourceIds }: Caller): void {
  if (dataSourceIds === null) return;
  throw new HttpRefusal(
    403,
    "source_not_allowed",
    `the key "${name}" is bound to data source ${dataSourceIds.join(", ")}; this is about all of them and asks for a key that is not bound`,
  );
}

/** Looks through what zod wraps around an object. */
function hasField(schema: unknown): boolean {
  const def = (schema as { def?: Record<string, unknown> } | undefined)?.def;
  switch (def?.type) {
    case "object":
      return FIELD in (def.shape as object);
    case "pipe":
      return hasField(def.in);
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
      return hasField(def.innerType);
    case "intersection":
      return hasField(def.left) || hasField(def.right);
    case "union":
      return (def.options as unknown[]).some(hasField);
    default:
      return false;
  }
}
