import type { Column, ContractFile, DateFormat, Dtype } from "../contract/contract-schema.ts";
import { literal } from "./sql-text.ts";

/**
 * How the text of a cell becomes a value, in SQL. The grammar is strict: what it does not name is not a value, and the
 * cell is a finding. Nothing is guessed (`1,234`, `0x10`, `1_000`, `inf`, `nan`, `2015-2-3`, `3/4/15` are no values).
 *
 * | dtype | accepts |
 * |---|---|
 * | string | any text; blanks around it are taken off |
 * | int | `[+-]digits`, also with `.0…` behind; 64 bits |
 * | float | `[+-]digits[.digits][e[+-]digits]` with the contract's decimal separator; finite |
 * | date | one of the column's formats, every digit written, a day of the calendar |
 * | bool | 1 0 true false t f yes no y n, any case |
 *
 * Blanks around a value are taken off. A value that is not already in its plain form (`+5`, ` 5 `, `5.0`, `007`) counts
 * as a coercion in the manifest.
 */

const DUCKDB_TYPES: Record<Dtype, string> = {
  string: "varchar",
  int: "bigint",
  float: "double",
  date: "date",
  bool: "boolean",
};

/** Type of a canonical column in the unified table. */
export function duckdbType(dtype: Dtype): string {
  return DUCKDB_TYPES[dtype];
}

/** SQL: whether the raw text stands for an empty cell. */
export function isMissing(raw: string, contract: ContractFile): string {
  const words = contract.csv.null_values
    .filter((word) => word.trim() !== "")
    .map((word) => literal(word.trim()));
  const blank = `trim(${raw}, ' \t') = ''`;
  return words.length === 0 ? `(${blank})` : `(${blank} or trim(${raw}, ' \t') in (${words.join(", ")}))`;
}

/** SQL of the value of a cell, null when it is empty or breaks the grammar. `raw` is a column of text. */
export function parsedCell(raw: string, column: Column, contract: ContractFile): string {
  const text = `trim(${raw}, ' \t')`;
  switch (column.dtype) {
    case "string":
      return `case when ${isMissing(raw, contract)} then null else ${text} end`;
    case "int":
      return `case when ${isPlain(raw, column)} then try_cast(${raw} as bigint)
        when regexp_full_match(${text}, '[+-]?[0-9]{1,40}(\\.0{1,20})?') then try_cast(regexp_extract(${text}, '^[+]?(-?[0-9]+)', 1) as bigint) end`;
    case "float":
      return `case when ${isPlain(raw, column)} then try_cast(try_cast(${raw} as bigint) as double)
        when regexp_full_match(${text}, ${literal(floatPattern(contract))}) then ${finite(decimalPoint(text, contract))} end`;
    case "date":
      return `case when ${isPlain(raw, column)} then try_cast(${raw} as date) ${formatsOf(column)
        .map((format) => otherFormat(text, format))
        .join(" ")} end`;
    case "bool":
      return `case when lower(${text}) in ('1', 'true', 't', 'yes', 'y') then true
        when lower(${text}) in ('0', 'false', 'f', 'no', 'n') then false end`;
  }
}

/**
 * SQL: whether the text is already in the plain form of its type, so that reading it changed nothing. The round trip
 * through the type is several times faster than a pattern, and exact.
 */
export function isPlain(raw: string, column: Column): string {
  switch (column.dtype) {
    case "string":
      return `trim(${raw}, ' \t') = ${raw}`;
    case "int":
      return `try_cast(try_cast(${raw} as bigint) as varchar) = ${raw}`;
    case "float":
      return `strlen(${raw}) < 16 and try_cast(try_cast(${raw} as bigint) as varchar) = ${raw}`;
    case "date":
      return formatsOf(column).includes("YYYY-MM-DD")
        ? `strlen(${raw}) = 10 and try_cast(try_cast(${raw} as date) as varchar) = ${raw}`
        : "false";
    case "bool":
      return `${raw} in ('0', '1', 'true', 'false')`;
  }
}

/**
 * SQL of the text that is kept beside the value: null when the cell is empty or plain, so that it costs nothing. A
 * decimal number is as plain as a whole one, if its text can be told from its value.
 */
export function keptText(raw: string, column: Column, contract: ContractFile): string {
  if (column.dtype === "string")
    return `case when ${isPlain(raw, column)} and not ${isMissing(raw, contract)} then null else ${raw} end`;
  if (column.dtype === "float" && contract.csv.decimal_separator === ".")
    return `case when ${isPlain(raw, column)} or regexp_full_match(${raw}, ${literal(PLAIN_DECIMAL)}) then null else ${raw} end`;
  return `case when ${isPlain(raw, column)} then null else ${raw} end`;
}

/** What a cell of the column must look like, for a person. */
export function grammarSentence(column: Column, contract: ContractFile): string {
  switch (column.dtype) {
    case "string":
      return "text";
    case "int":
      return "a whole number such as 5263";
    case "float":
      return `a number such as 5263${contract.csv.decimal_separator}5`;
    case "date":
      return `a day written as ${formatsOf(column).join(" or ")}`;
    case "bool":
      return "0 or 1, true or false, yes or no";
  }
}

function formatsOf(column: Column): DateFormat[] {
  return column.formats ?? ["YYYY-MM-DD"];
}

function floatPattern(contract: ContractFile): string {
  const point = contract.csv.decimal_separator === "." ? "\\." : ",";
  return `[+-]?([0-9]{1,40}(${point}[0-9]{0,40})?|${point}[0-9]{1,40})([eE][+-]?[0-9]{1,3})?`;
}

/** Decimal numbers that DuckDB writes just as they were read: no needless zeros, few enough digits. */
const PLAIN_DECIMAL = "-?(0|[1-9][0-9]{0,9})\\.[0-9]{0,3}[1-9]";

const decimalPoint = (text: string, contract: ContractFile) =>
  contract.csv.decimal_separator === "." ? text : `replace(${text}, ',', '.')`;

/** 1e400 is written as a number and is none. */
const finite = (text: string) =>
  `(case when isfinite(try_cast(${text} as double)) then try_cast(${text} as double) end)`;

/** Pattern and `strptime` form of each date format; plain ISO dates are read by the round trip. */
const DATE_FORMS: Record<DateFormat, [pattern: string, form: string]> = {
  "YYYY-MM-DD": ["[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d"],
  "YYYY/MM/DD": ["[0-9]{4}/[0-9]{2}/[0-9]{2}", "%Y/%m/%d"],
  YYYYMMDD: ["[0-9]{8}", "%Y%m%d"],
  "DD.MM.YYYY": ["[0-9]{2}\\.[0-9]{2}\\.[0-9]{4}", "%d.%m.%Y"],
  "DD/MM/YYYY": ["[0-9]{2}/[0-9]{2}/[0-9]{4}", "%d/%m/%Y"],
  "MM/DD/YYYY": ["[0-9]{2}/[0-9]{2}/[0-9]{4}", "%m/%d/%Y"],
  "DD-MM-YYYY": ["[0-9]{2}-[0-9]{2}-[0-9]{4}", "%d-%m-%Y"],
};

function otherFormat(text: string, format: DateFormat): string {
  const [pattern, form] = DATE_FORMS[format];
  return `when regexp_full_match(${text}, ${literal(pattern)}) then try_cast(try_strptime(${text}, ${literal(form)}) as date)`;
}
