import type { DataSourceItem } from "../../lib/api-types.ts";
import { ago, day, plural } from "../../lib/format.ts";

/** The page in one sentence: how many clients, and how fresh the one looked at is. */
export function sourcesAnswer(list: readonly DataSourceItem[], shown: DataSourceItem): string {
  const active = list.filter((source) => source.is_active).length;
  const many = plural(active, "data source");
  if (shown.last_load?.status === "FAILED")
    return `${many}; the last load of ${shown.name}, ${ago(shown.last_load.started_at)}, changed nothing.`;
  if (shown.date_to === null) return `${many}; ${shown.name} holds no sales yet.`;
  return `${many}; ${shown.name} holds sales to ${day(shown.date_to)}, loaded ${ago(shown.loaded_at)}.`;
}
