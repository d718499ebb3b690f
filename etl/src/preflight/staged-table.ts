import {
  type Column,
  type ContractFile,
  canonicalColumns,
  isNullable,
  type Profile,
} from "../contract/contract-schema.ts";
import { duckdbType, keptText, parsedCell } from "./cell-grammar.ts";
import type { Cell, CheckDatabase } from "./database.ts";
import type { ColumnMapping } from "./file-facts.ts";
import { identifier, literal } from "./sql-text.ts";

/**
 * The rows of the file as a typed table, one Parquet file per piece, so that neither memory nor time per row grows with
 * the file. One row per readable row of the file:
 *
 * - `line`            line in the file
 * - `<canonical>`     the value; null when the cell is empty or breaks the grammar of its type
 * - `<canonical>__raw` the text, kept only where it is not already the plain form of the value
 * - `extra_<position>` columns that the profile does not know, as text, where they are kept
 */
export interface StagedTable {
  db: CheckDatabase;
  contract: ContractFile;
  profile: Profile;
  mapping: ColumnMapping[];
  /** canonical columns in the order of the unified table, present in the file or not */
  columns: StagedColumn[];
  /** columns of the file that the profile does not know and keeps */
  extras: { name: string; header: string }[];
  /** SQL relation of all rows, in the order of the file */
  relation: string;
  parquetFiles: string[];
  pieces: Piece[];
  delimiter: string;
  /** rows that could be read */
  rows: number;
}

/** A part of the file, normalised: line number, then the cells, no header. */
export interface Piece {
  path: string;
  /** line of its first and of its last row */
  firstLine: number;
  lastLine: number;
}

export interface StagedColumn {
  column: Column;
  name: string;
  /** header as written, or `null` when the file has no such column */
  header: string | null;
  isNullable: boolean;
  stats: ColumnStats;
}

/** A column at a glance, from one cheap pass: mostly enough to know that a check has nothing to find. */
export interface ColumnStats {
  /** cells with a value */
  filled: number;
  /** cells whose text was kept, because it is not the plain form of a value */
  kept: number;
  /** smallest and largest value, dates as YYYY-MM-DD; `null` when there is none */
  min: Cell;
  max: Cell;
}

const BUFFER_BYTES = 4 * 1024 * 1024;

/** SQL of the rows of pieces, as text: `line`, `c1` … `cn`. One thread reads a piece, so that rows stay in order; several pieces are read at a time. */
export function pieceRelation(
  pieces: string[],
  delimiter: string,
  columnCount: number,
  contract: ContractFile,
): string {
  // The line number stands before the line of the file.
  const lineBytes = contract.limits.max_line_bytes + 64;
  const columns = Array.from({ length: columnCount }, (_, index) => `'c${index + 1}': 'varchar'`);
  const files = pieces.map(literal).join(", ");
  return `read_csv([${files}], header = false, auto_detect = false, delim = ${literal(delimiter)}, quote = '"', escape = '"', new_line = '\\n', max_line_size = ${lineBytes}, buffer_size = ${Math.max(BUFFER_BYTES, 2 * lineBytes)}, parallel = false, columns = {'line': 'bigint', ${columns.join(", ")}})`;
}

/** Turns pieces into typed rows, some at a time, while the file is still being read. */
export class Stager {
  readonly #db: CheckDatabase;
  readonly #contract: ContractFile;
  readonly #profile: Profile;
  readonly #underWay = new Set<Promise<void>>();
  readonly #parquet: string[] = [];
  #delimiter = ",";
  #mapping: ColumnMapping[] = [];
  #failure: unknown = null;

  constructor(db: CheckDatabase, contract: ContractFile, profile: Profile) {
    this.#db = db;
    this.#contract = contract;
    this.#profile = profile;
  }

  /** Start on a piece; waits while two others are under way, so that disk and memory stay bounded. */
  async add(piece: string, mapping: ColumnMapping[], delimiter: string): Promise<void> {
    this.#mapping = mapping;
    this.#delimiter = delimiter;
    while (this.#underWay.size >= 2) await Promise.race(this.#underWay);
    if (this.#failure !== null) throw this.#failure;
    const target = piece.replace(/\.csv$/, ".parquet");
    this.#parquet.push(target);
    const work = this.#db
      .run(
        `copy (select ${this.#selection()} from ${pieceRelation([piece], delimiter, mapping.length, this.#contract)}) to ${literal(target)} (format parquet, compression snappy, row_group_size 122880)`,
      )
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Wait for all pieces; `null` when there was not one row. */
  async finish(pieces: Piece[], mapping: ColumnMapping[]): Promise<StagedTable> {
    await Promise.all(this.#underWay);
    if (this.#failure !== null) throw this.#failure;
    this.#mapping = mapping;
    const relation =
      this.#parquet.length > 0
        ? `read_parquet([${this.#parquet.map(literal).join(", ")}])`
        : `(select ${this.#emptySelection()} where false)`;
    const present = this.#present().map(({ column }) => column.canonical_name);
    const glance = await this.#db.row(
      `select count(*) as n ${present
        .map((name, index) => {
          const value = identifier(name);
          return `, count(${value}) as filled${index}, count(${identifier(`${name}__raw`)}) as kept${index}, min(${value}) as min${index}, max(${value}) as max${index}`;
        })
        .join("")} from ${relation}`,
    );
    const columns = canonicalColumns(this.#profile).map((column): StagedColumn => {
      const index = present.indexOf(column.canonical_name);
      return {
        column,
        name: column.canonical_name,
        header: mapping.find((item) => item.canonical === column.canonical_name)?.header ?? null,
        isNullable: isNullable(column),
        stats: {
          filled: Number(glance[`filled${index}`] ?? 0),
          kept: Number(glance[`kept${index}`] ?? 0),
          min: glance[`min${index}`] ?? null,
          max: glance[`max${index}`] ?? null,
        },
      };
    });
    return {
      db: this.#db,
      contract: this.#contract,
      profile: this.#profile,
      mapping,
      columns,
      extras: this.#extras(),
      relation,
      parquetFiles: this.#parquet,
      pieces,
      delimiter: this.#delimiter,
      rows: Number(glance.n),
    };
  }

  #extras(): { name: string; header: string; position: number }[] {
    if (!this.#profile.unknown_columns.keep) return [];
    return this.#mapping
      .filter((item) => item.canonical === null && item.header.trim() !== "")
      .map((item) => ({ name: `extra_${item.position}`, header: item.header, position: item.position }));
  }

  #present(): { column: Column; raw: string }[] {
    return this.#mapping.flatMap((item) => {
      const column = this.#profile.columns.find((one) => one.canonical_name === item.canonical);
      return column === undefined ? [] : [{ column, raw: `c${item.position}` }];
    });
  }

  #selection(): string {
    return [
      "line",
      ...this.#present().flatMap(({ column, raw }) => [
        `${parsedCell(raw, column, this.#contract)} as ${identifier(column.canonical_name)}`,
        `${keptText(raw, column, this.#contract)} as ${identifier(`${column.canonical_name}__raw`)}`,
      ]),
      ...this.#extras().map((extra) => `c${extra.position} as ${identifier(extra.name)}`),
    ].join(",\n");
  }

  #emptySelection(): string {
    return [
      "0::bigint as line",
      ...this.#present().flatMap(({ column }) => [
        `null::${duckdbType(column.dtype)} as ${identifier(column.canonical_name)}`,
        `null::varchar as ${identifier(`${column.canonical_name}__raw`)}`,
      ]),
      ...this.#extras().map((extra) => `null::varchar as ${identifier(extra.name)}`),
    ].join(",\n");
  }
}

/** SQL of the text of a cell as the file has it. A whole number in a column of decimals was written without a point. */
export function rawText(table: StagedTable, name: string): string {
  const value = identifier(name);
  const isFloat = table.columns.some((one) => one.name === name && one.column.dtype === "float");
  const plain = isFloat
    ? `if(${value} = trunc(${value}), try_cast(${value} as bigint)::varchar, ${value}::varchar)`
    : `${value}::varchar`;
  return `coalesce(${identifier(`${name}__raw`)}, ${plain})`;
}
