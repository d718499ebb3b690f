/** What a scope allows, as the end of the sentence “may …”. */
const WORDS: Record<string, string> = {
  "data:read": "see sales, stores and contracts",
  "data:write": "load files and change data sources",
  "forecast:run": "make forecasts and train models",
  "diagnostics:read": "read preflight reports and alerts",
  "diagnostics:operate": "acknowledge and silence alerts",
  "diagnostics:admin": "replay notifications and evaluate policies",
};

/** A scope in plain words; one that is not known here keeps its own name. */
export const scopeWords = (scope: string): string => WORDS[scope] ?? scope;
