/** What a key may allow. Every route names the one it asks for in `config.access`; `public` asks for none. */
export const SCOPES = [
  "data:read",
  "data:write",
  "forecast:run",
  "diagnostics:read",
  "diagnostics:operate",
  "diagnostics:admin",
] as const;

export type Scope = (typeof SCOPES)[number];
export type Access = Scope | "public";

/** Who asks: the owner of a key or of a session, or whoever sits at this machine where no key is asked for. */
export interface Caller {
  /** written down as the actor or author of what is changed */
  name: string;
  scopes: ReadonlySet<Scope>;
  /** sources the caller may see and change; null for all */
  dataSourceIds: readonly number[] | null;
}

/** Whoever asks while the server listens on loopback only and asks for no key. */
export const LOCAL_CALLER: Caller = { name: "local", scopes: new Set(SCOPES), dataSourceIds: null };

declare module "fastify" {
  interface FastifyContextConfig {
    /** the scope a caller needs; deny by default asks every route to name one */
    access?: Access;
  }
  interface FastifyRequest {
    caller: Caller;
  }
}
