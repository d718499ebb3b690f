/** What a key may allow. */
export const SCOPES = [
  "data:read",
  "data:write",
  "forecast:run",
  "diagnostics:read",
  "diagnostics:operate",
  "diagnostics:admin",
] as const;

export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);
