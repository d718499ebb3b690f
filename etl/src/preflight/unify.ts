import { isMissing } from "./cell-grammar.ts";
import type { Rejections } from "./rejections.ts";
import { identifier, literal } from "./sql-text.ts";
import type { StagedTable } from "./staged-table.ts";

/** What happened to the cells of one column on their way into the unified table. */
export interface CoercionStats {
  expected_dtype: string;
  /** cells whose text was none of the type's values */
  invalid_to_null: number;
  null_count_after: number;
  /** cells that were written in another form than the plain one (`5.0`, ` 5`, `01.07.2015`, `NA`) */
  coerced: number;
}

/** What the unified table is made of. */
export interface Unification {
  renamed_columns: Record<string, string>;
  extra_columns_dropped: string[];
  retained_extra_columns: string[];
  final_canonical_columns: string[];
  /** optional canonical columns that the file does not have; the unified table has none of them either */
  absent_columns: string[];
  coercion_stats: Record<string, CoercionStats>;
  output_row_count: number;
  output_column_count: number;
  rejected_row_count: number;
}

/** Count what reading the cells changed. Nothing is changed here that the manifest does not name. */
export async function describeUnification(table: StagedTable, rejections: Rejections): Promise<Unification> {
  const present = table.columns.filter((one) => one.header !== null);
  // Where no text was kept, every cell was plain or empty.
  const fields = present.flatMap((one, index) => {
    if (one.stats.kept === 0) return [];
    const value = identifier(one.name);
    const raw = identifier(`${one.name}__raw`);
    const missing = isMissing(raw, table.contract);
    return [
      `count_if(${value} is null and ${raw} is not null and not ${missing}) as invalid${index}`,
      `count_if(${raw} is not null and (${value} is not null or ${missing})) as coerced${index}`,
    ];
  });
  const counts =
    fields.length === 0 ? {} : await table.db.row(`select ${fields.join(", ")} from ${table.relation}`);
  const { n } = await table.db.row(`select count(*) as n from ${rejections.acceptedRows(table)}`);
  const stats = Object.fromEntries(
    present.map((one, index): [string, CoercionStats] => [
      one.name,
      {
        expected_dtype: one.column.dtype,
        invalid_to_null: Number(counts[`invalid${index}`] ?? 0),
        null_count_after: table.rows - one.stats.filled,
        coerced: Number(counts[`coerced${index}`] ?? 0),
      },
    ]),
  );
  const kept = table.extras.map((extra) => extra.header);
  const extras = table.mapping
    .filter((item) => item.canonical === null)
    .map((item) => item.header)
    .filter((header) => !kept.includes(header));
  return {
    renamed_columns: Object.fromEntries(
      table.mapping
        .filter((item) => item.canonical !== null && item.canonical !== item.header)
        .map((item) => [item.header, item.canonical!]),
    ),
    extra_columns_dropped: extras.toSorted(),
    retained_extra_columns: kept,
    final_canonical_columns: present.map((one) => one.name),
    absent_columns: table.columns.filter((one) => one.header === null).map((one) => one.name),
    coercion_stats: stats,
    output_row_count: Number(n),
    output_column_count: present.length + kept.length,
    rejected_row_count: await rejections.count(),
  };
}

/** Write the accepted rows as CSV: canonical columns first, dates as YYYY-MM-DD, empty cells empty, rows in file order. */
export async function writeUnified(table: StagedTable, rejections: Rejections, path: string): Promise<void> {
  const columns = [
    ...table.columns
      // An absent column stays absent: a column full of empty cells would say that the file knew of it.
      .filter((one) => one.header !== null)
      .map((one) =>
        one.column.dtype === "bool"
          ? `${identifier(one.name)}::int as ${identifier(one.name)}`
          : identifier(one.name),
      ),
    ...table.extras.map((extra) => `${identifier(extra.name)} as ${identifier(extra.header)}`),
  ];
  await table.db.run(
    `copy (select ${columns.join(", ")} from ${rejections.acceptedRows(table)}) to ${literal(path)} (format csv, header true, delimiter ',')`,
  );
}
