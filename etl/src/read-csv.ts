import { expectation, sqlCode, sqlText, sqlType, sqlValue } from "./cell-grammar.ts";
import { type Findings, quote, SAMPLES_PER_CODE } from "./findings.ts";
import { type Header, readHeader } from "./header.ts";
import { type InspectedFile, inspectFile, refuseChanged } from "./inspect-file.ts";
import type { SourceSpec } from "./source-specs.ts";
import type { Workbench } from "./workbench.ts";

/** A file whose rows are on the workbench. */
export interface ReadTable {
  file: InspectedFile;
  header: Header;
  /**
   * table on the workbench: `line` (in the file, the header being line 1) and every column of the spec by its canonical name,
   * typed, null where missing; good rows only
   */
  table: string;
  /** rows in the file: lines below the header that are not blank */
  rows: number;
  /** rows that the grammar refused; they are findings */
  refused: number;
}

/**
 * Read a CSV file onto the workbench. A row is one line; a cell may be quoted, but not reach over a line end. Every cell that its
 * grammar refuses and every row of another shape becomes a finding, and the row is left out.
 *
 * @throws {InputFileError} when the file cannot be read as a table, or changes meanwhile
 */
export async function readCsv(
  bench: Workbench,
  path: string,
  spec: SourceSpec,
  findings: Findings,
): Promise<ReadTable> {
  const file = await inspectFile(path);
  const header = readHeader(file.header, file.name, spec);
  noteHeader(header, spec, findings);

  const { source } = spec;
  const lines = `${source}_lines`;
  await bench.run(`
    create table ${lines} as
    select row_number() over () as line, text
    from read_csv(${sqlText(globless(path))}, header = false, auto_detect = false, compression = 'none', delim = '\\x1F',
      quote = '', escape = '', columns = {'text': 'varchar'}, null_padding = true, strict_mode = false,
      max_line_size = 1100000, buffer_size = 4400000, parallel = false)`);
  await refuseChanged(file);

  await bench.run(`create table ${source}_parsed as ${typedRows(lines, header, spec)}`);
  const rows = await count(bench, `select count(*) as n from ${source}_parsed`);
  const refused = await count(bench, `select count(*) as n from ${source}_parsed where refused`);
  const blank = file.lines - 1 - rows;
  if (blank > 0) await noteBlankLines(bench, lines, source, blank, findings);
  if (refused > 0) {
    await noteRefusedRows(bench, lines, header, spec, findings);
    await noteRefusedCells(bench, lines, header, spec, findings);
  }
  const columns = spec.columns.map((column) => column.name).join(", ");
  await bench.run(
    `create view ${source}_rows as select line, ${columns} from ${source}_parsed where not refused`,
  );
  if (refused === 0) await bench.run(`drop table ${lines}`);
  return { file, header, table: `${source}_rows`, rows, refused };
}

/**
 * Lines cut into cells: `line`, `text`, `misquoted`, `cells` (texts without their quotes).
 * Most lines hold no quote and are simply split; the others are cut by a pattern, and what the pattern skips (a quote inside a
 * bare cell, text after a closing quote, a quote never closed) shows in the lengths not adding up.
 */
function cutLines(lines: string, { delimiter }: Header, where = "true"): string {
  const mark = delimiter === "\t" ? "\\t" : delimiter;
  const pattern = `(?:^|${mark})("(?:[^"]|"")*"|[^"${mark}]*)`;
  return `
    select line, text, false as misquoted, str_split(text, ${sqlText(delimiter)}) as cells
    from ${lines} where line > 1 and text is not null and not contains(text, '"') and ${where}
    union all
    select
      line, text,
      coalesce(list_sum(list_transform(parts, lambda part: length(part))) + len(parts) - 1 <> length(text), true) as misquoted,
      list_transform(parts, lambda part: case when part[1] = '"' then replace(part[2:-2], '""', '"') else part end) as cells
    from (
      select line, text, regexp_extract_all(text, ${sqlText(pattern)}, 1) as parts
      from ${lines} where line > 1 and text is not null and contains(text, '"') and ${where}
    )`;
}

/**
 * Every line as typed values, with the code of each refused cell in `fault_<column>` (null where the cell is good). A line of
 * another shape has no cells to speak of: it is `misquoted`, or has `width_found` cells.
 */
function typedRows(lines: string, header: Header, spec: SourceSpec): string {
  const values: string[] = [];
  const faults: string[] = [];
  for (const { name, kind, required } of spec.columns) {
    const position = header.positions.get(name);
    if (position === undefined) {
      values.push(`null::${sqlType(kind)} as ${name}`);
      continue;
    }
    const cell = `cells[${position + 1}]`;
    values.push(`case when ${cell} <> '' then ${sqlValue(kind, cell)} end as ${name}`);
    const isFault = required ? `${name} is null` : `${name} is null and ${cell} <> ''`;
    faults.push(`case when shaped and ${isFault} then ${sqlCode(kind, cell)} end as fault_${name}`);
  }
  const names = spec.columns.map((column) => column.name).join(", ");
  const noFault = [...header.positions.keys()].map((name) => `fault_${name} is null`).join(" and ");
  return `
    with cut as (${cutLines(lines, header)}),
    shaped as (select *, not misquoted and len(cells) = ${header.width} as shaped from cut),
    typed as (select line, misquoted, cells, shaped, ${values.join(", ")} from shaped),
    judged as (
      select line, misquoted, case when not misquoted and not shaped then len(cells) end as width_found, shaped,
        ${faults.join(", ")}, ${names}
      from typed)
    select *, not shaped or not (${noFault}) as refused from judged`;
}

function noteHeader(header: Header, spec: SourceSpec, findings: Findings): void {
  for (const column of header.absent) {
    findings.add(
      { source: spec.source, code: "column_absent", severity: "warning", column: column.name },
      1,
      [
        {
          line: 1,
          value: null,
          message: `the file has no column ${column.synonyms[0]}: its values are unknown`,
        },
      ],
    );
  }
  for (const name of header.unknown) {
    findings.add({ source: spec.source, code: "column_unknown", severity: "warning", column: null }, 1, [
      {
        line: 1,
        value: name,
        message: `the column ${JSON.stringify(quote(name))} is not known and not used`,
      },
    ]);
  }
}

async function noteBlankLines(
  bench: Workbench,
  lines: string,
  source: SourceSpec["source"],
  blank: number,
  findings: Findings,
): Promise<void> {
  const samples = await bench.all<{ line: number }>(
    `select line from ${lines} where text is null and line > 1 order by line limit ${SAMPLES_PER_CODE}`,
  );
  findings.add(
    { source, code: "blank_line", severity: "warning", column: null },
    blank,
    samples.map(({ line }) => ({ line, value: null, message: "the line is blank and skipped" })),
  );
}

async function noteRefusedRows(
  bench: Workbench,
  lines: string,
  header: Header,
  spec: SourceSpec,
  findings: Findings,
): Promise<void> {
  const shapes = [
    {
      code: "misquoted_row",
      test: "misquoted",
      message: () =>
        "a quote is not closed, or stands inside a cell: quote the whole cell and double the quotes in it",
    },
    {
      code: "ragged_row",
      test: "not misquoted and width_found is not null",
      message: (found: number) =>
        `the line has ${found} ${found === 1 ? "cell" : "cells"}, the header has ${header.width}`,
    },
  ];
  for (const { code, test, message } of shapes) {
    const total = await count(bench, `select count(*) as n from ${spec.source}_parsed where ${test}`);
    if (total === 0) continue;
    const found = await bench.all<{ line: number; width_found: number }>(`
      select line, width_found from ${spec.source}_parsed where ${test} order by line limit ${SAMPLES_PER_CODE}`);
    const texts = await bench.all<{ text: string }>(`
      select text from ${lines} where line in (${found.map(({ line }) => line).join(", ")}) order by line`);
    findings.add(
      { source: spec.source, code, severity: "error", column: null },
      total,
      found.map(({ line, width_found }, i) => ({
        line,
        value: texts[i]!.text,
        message: message(width_found),
      })),
    );
  }
}

async function noteRefusedCells(
  bench: Workbench,
  lines: string,
  header: Header,
  spec: SourceSpec,
  findings: Findings,
): Promise<void> {
  for (const { name, kind } of spec.columns) {
    const position = header.positions.get(name);
    if (position === undefined) continue;
    const codes = await bench.all<{ code: string; total: number }>(`
      select fault_${name} as code, count(*) as total from ${spec.source}_parsed
      where fault_${name} is not null group by code order by code`);
    for (const { code, total } of codes) {
      // First the few lines, then their texts: a file that is wrong from end to end must not be held in memory.
      const found = await bench.all<{ line: number }>(`
        select line from ${spec.source}_parsed where fault_${name} = ${sqlText(code)} order by line limit ${SAMPLES_PER_CODE}`);
      const cells = await bench.all<{ line: number; cell: string }>(`
        select line, cells[${position + 1}] as cell
        from (${cutLines(lines, header, `line in (${found.map(({ line }) => line).join(", ")})`)})
        order by line`);
      findings.add(
        { source: spec.source, code, severity: "error", column: name },
        total,
        cells.map(({ line, cell }) => ({
          line,
          value: cell,
          message: `${name} is ${cell === "" ? "empty" : JSON.stringify(quote(cell))}, expected ${expectation(kind)}`,
        })),
      );
    }
  }
}

async function count(bench: Workbench, sql: string): Promise<number> {
  const [row] = await bench.all<{ n: number }>(sql);
  return row!.n;
}

/** DuckDB reads `*`, `?` and `[` in a path as a pattern; inside brackets they mean themselves. */
const globless = (path: string) => path.replace(/[*?[]/g, "[$&]");
