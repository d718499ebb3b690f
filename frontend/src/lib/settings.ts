/** What the build decides. One locale and one currency for the whole dashboard. */
export const settings = {
  /** Base of the HTTP API without a trailing slash; same origin unless the build says otherwise. */
  apiBase: (import.meta.env.VITE_API_BASE_URL ?? "/api/v1").replace(/\/+$/, ""),
  /** BCP 47 tag used for every number and date. */
  locale: import.meta.env.VITE_LOCALE ?? "en-GB",
  /** ISO 4217 code of the sales figures. */
  currency: import.meta.env.VITE_CURRENCY ?? "EUR",
} as const;
