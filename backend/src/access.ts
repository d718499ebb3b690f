import { SCOPES, type Scope } from "@rossmann/warehouse";

export { SCOPES, type Scope };

/**
 * What a route asks for in `config.access`: a scope, `key` for any key whatever its scopes, or `public` for nothing. A route of
 * the API that does not say it keeps the application from starting.
 */
export type Access = Scope | "key" | "public";

/** How somebody is known: by a key, as a signed-in browser, as the person at this machine, or by a switch that asks for nobody. */
export type CallerKind = "key" | "session" | "local" | "legacy" | "anonymous";

/** Who asks. */
export interface Caller {
  /** written down as the actor or author of what is changed */
  name: string;
  /** all that may be done, see {@link rightsOf} */
  scopes: ReadonlySet<Scope>;
  /** sources the caller may see and change; null for all */
  dataSourceIds: readonly number[] | null;
  kind: CallerKind;
  /** when the key or the session ends; null for never */
  expiresAt: Date | null;
}

/** Rights that need no key while the server listens on loopback only: everything but the diagnostics. */
export const LOCAL_SCOPES: readonly Scope[] = ["data:read", "data:write", "forecast:run"];
export const DIAGNOSTICS_SCOPES: readonly Scope[] = SCOPES.filter((scope) =>
  scope.startsWith("diagnostics:"),
);

/** Whoever asks without a key from the machine itself, while the server listens on loopback only. */
export const LOCAL_CALLER: Caller = {
  name: "local",
  scopes: new Set(LOCAL_SCOPES),
  dataSourceIds: null,
  kind: "local",
  expiresAt: null,
};

/** Whoever asks without a key where one is asked for. */
export const ANONYMOUS: Caller = {
  name: "anonymous",
  scopes: new Set(),
  dataSourceIds: null,
  kind: "anonymous",
  expiresAt: null,
};

/** All that scopes allow: `diagnostics:admin` holds the other diagnostics scopes; no other scope holds another. */
export function rightsOf(scopes: Iterable<Scope>): ReadonlySet<Scope> {
  const rights = new Set(scopes);
  if (rights.has("diagnostics:admin")) for (const scope of DIAGNOSTICS_SCOPES) rights.add(scope);
  return rights;
}

/** Whether rights suffice. */
export const allows = (rights: ReadonlySet<Scope>, access: Access): boolean =>
  access === "public" || access === "key" || rights.has(access);

/** Whether an address to listen on can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  const bare = host
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1");
  return bare === "localhost" || bare === "::1" || /^127(\.\d{1,3}){3}$/.test(bare);
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** what a caller needs */
    access?: Access;
    /**
     * A key may be bound to data sources. Where a route takes `data_source_id` (query, body or path) the binding is enforced for
     * it; any other route refuses bound keys. With this a route says that it keeps to `caller.dataSourceIds` by itself, or that
     * nothing it answers or does belongs to a source.
     */
    keepsToSources?: boolean;
  }
  interface FastifyRequest {
    caller: Caller;
  }
}
