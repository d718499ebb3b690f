import type { OverrideErrors } from "@rossmann/warehouse";
import type { OverrideValue } from "../schemas/overrides.ts";

/** Sums of errors as shares of the sales, over all, by author and by store. */
export function overrideValueAnswer(rows: readonly OverrideErrors[]): OverrideValue {
  return {
    ...accuracyOf(rows),
    by_author: groups(rows, ({ author }) => author).map(([author, own]) => ({
      author,
      overrides: overridesOf(own),
      ...accuracyOf(own),
    })),
    by_store: groups(rows, ({ storeId }) => storeId).map(([store_id, own]) => ({
      store_id,
      overrides: overridesOf(own),
      ...accuracyOf(own),
    })),
  };
}

const overridesOf = (rows: readonly OverrideErrors[]) => rows.reduce((sum, row) => sum + row.overrides, 0);

function groups<Key extends string | number>(
  rows: readonly OverrideErrors[],
  keyOf: (row: OverrideErrors) => Key,
): [Key, OverrideErrors[]][] {
  return [...Map.groupBy(rows, keyOf)];
}

function accuracyOf(rows: readonly OverrideErrors[]) {
  const total = (pick: (row: OverrideErrors) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const actual = total((row) => row.actual);
  const wape = (error: number) => (actual > 0 ? error / actual : null);
  const override = wape(total((row) => row.overrideError));
  const model = wape(total((row) => row.modelError));
  const naive = wape(total((row) => row.naiveError));
  const added = (other: number | null) => (other === null || override === null ? null : other - override);
  return {
    days: total((row) => row.days),
    wape_override: override,
    wape_model: model,
    wape_naive: naive,
    value_added_vs_model: added(model),
    value_added_vs_naive: added(naive),
  };
}
