import type { Row } from "./database.ts";
import { MASK, SAMPLE_LIMIT, type Sample, shownValue } from "./finding.ts";
import { identifier } from "./sql-text.ts";
import { rawText, type StagedTable } from "./staged-table.ts";

/** Which cell of a broken row is shown. */
export interface SampleColumn {
  /** canonical name; `null` when the whole row is meant */
  name: string | null;
  expected: string;
}

/**
 * The first broken rows of the file, with the text of one cell and the business key of the row.
 *
 * @param lines SQL that gives a column `line`
 * @param table sensitive columns are masked
 */
export async function firstSamples(
  table: StagedTable,
  lines: string,
  shown: SampleColumn,
): Promise<Sample[]> {
  const present = new Set(
    table.columns.filter((column) => column.header !== null).map((column) => column.name),
  );
  const keys = table.profile.key.filter((name) => present.has(name));
  const valueSql =
    shown.name !== null && present.has(shown.name) ? rawText(table, shown.name) : "null::varchar";
  const rows = await table.db.rows(
    `select line, ${valueSql} as value ${keys.map((name, index) => `, ${rawText(table, name)} as key_${index}`).join("")}
     from ${table.relation} where line in (select line from (${lines}) order by line limit ${SAMPLE_LIMIT}) order by line`,
  );
  const sensitive = new Set(table.columns.filter((one) => one.column.sensitive).map((one) => one.name));
  const header = table.columns.find((one) => one.name === shown.name)?.header ?? shown.name;
  const text = (row: Row, field: string, name: string | null) => {
    const value = row[field];
    if (value === null || value === undefined) return null;
    return name !== null && sensitive.has(name) ? MASK : shownValue(String(value));
  };
  return rows.map((row) => ({
    line: Number(row.line),
    column: header,
    key: Object.fromEntries(keys.map((name, index) => [name, text(row, `key_${index}`, name)])),
    value: text(row, "value", shown.name),
    expected: shown.expected,
  }));
}

/** SQL of the lines where a condition holds. */
export function linesWhere(table: StagedTable, condition: string): string {
  return `select line from ${table.relation} where ${condition}`;
}

/** `"abc" on line 7`, of the first sample. */
export function firstPlace(samples: Sample[]): string {
  const first = samples[0];
  if (first === undefined) return "";
  return `${first.value === null ? "nothing" : JSON.stringify(first.value)} on line ${first.line}`;
}

/** Names of columns as a list of identifiers. */
export function identifiers(names: readonly string[]): string {
  return names.map(identifier).join(", ");
}
