import { createSerializer } from "nuqs";
import { type SharedFilters, useSharedFilters } from "./shared-filters.ts";
import { sharedParams } from "./url-state.ts";

const serialize = createSerializer(sharedParams);

/** The query string that carries the shared filters to another page, with its `?`, or nothing. */
export function useSharedSearch(overrides: Partial<SharedFilters> = {}): string {
  const { filters } = useSharedFilters();
  return serialize({ ...filters, ...overrides });
}
