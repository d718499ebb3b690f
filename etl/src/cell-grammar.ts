/**
 * What a cell must look like. A cell is a text without anything around it: blanks, signs, exponents, hexadecimal digits,
 * thousands separators and decimal commas are refused, never guessed at.
 *
 * - `integer` digits alone, 1 to 9 of them, within the bounds
 * - `amount`  1 to 12 digits, then at most a point and one or two digits; 0 to the bound
 * - `flag`    `0` or `1`
 * - `word`    one of the words, as written
 * - `date`    a day that exists, `YYYY-MM-DD`, years 1900 to 2199
 * - `text`    anything up to a length
 */
export type CellKind =
  | { type: "integer"; min: number; max: number }
  | { type: "amount"; max: number }
  | { type: "flag" }
  | { type: "word"; words: readonly string[] }
  | { type: "date" }
  | { type: "text"; maxLength: number };

/** Why a cell was refused. */
export type CellCode =
  | "missing_value"
  | "invalid_integer"
  | "invalid_number"
  | "negative_value"
  | "out_of_range"
  | "invalid_flag"
  | "invalid_word"
  | "invalid_date"
  | "text_too_long";

/** SQL type of a kind's values. */
export function sqlType(kind: CellKind): string {
  const types = {
    integer: "integer",
    amount: "decimal(14, 2)",
    flag: "tinyint",
    word: "varchar",
    date: "date",
    text: "varchar",
  };
  return types[kind.type];
}

/**
 * SQL that gives the value of a cell, or null when the grammar refuses it.
 *
 * @param cell SQL of the cell's text, never empty where this is evaluated
 */
export function sqlValue(kind: CellKind, cell: string): string {
  switch (kind.type) {
    case "integer":
      return `case when regexp_full_match(${cell}, '[0-9]{1,9}') and try_cast(${cell} as integer) between ${kind.min} and ${kind.max} then try_cast(${cell} as integer) end`;
    case "amount":
      return `case when regexp_full_match(${cell}, '[0-9]{1,12}([.][0-9]{1,2})?') and try_cast(${cell} as decimal(14, 2)) <= ${kind.max} then try_cast(${cell} as decimal(14, 2)) end`;
    case "flag":
      return `case ${cell} when '0' then 0::tinyint when '1' then 1::tinyint end`;
    case "word":
      return `case when ${cell} in (${kind.words.map(sqlText).join(", ")}) then ${cell} end`;
    case "date":
      return `case when regexp_full_match(${cell}, '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}') then try_cast(${cell} as date) end`;
    case "text":
      return `case when length(${cell}) <= ${kind.maxLength} then ${cell} end`;
  }
}

/** SQL that gives the {@link CellCode} of a refused cell. */
export function sqlCode(kind: CellKind, cell: string): string {
  const negative = `regexp_full_match(${cell}, '-[0-9]+([.][0-9]+)?')`;
  switch (kind.type) {
    case "integer":
      return `case when ${cell} = '' then 'missing_value' when ${negative} then 'negative_value'
        when regexp_full_match(${cell}, '[0-9]+') then 'out_of_range' else 'invalid_integer' end`;
    case "amount":
      return `case when ${cell} = '' then 'missing_value' when ${negative} then 'negative_value'
        when regexp_full_match(${cell}, '[0-9]+([.][0-9]{1,2})?') then 'out_of_range' else 'invalid_number' end`;
    case "flag":
      return `case when ${cell} = '' then 'missing_value' else 'invalid_flag' end`;
    case "word":
      return `case when ${cell} = '' then 'missing_value' else 'invalid_word' end`;
    case "date":
      return `case when ${cell} = '' then 'missing_value' else 'invalid_date' end`;
    case "text":
      return `case when ${cell} = '' then 'missing_value' else 'text_too_long' end`;
  }
}

/** What a cell of the kind must be, for people. */
export function expectation(kind: CellKind): string {
  switch (kind.type) {
    case "integer":
      return `a whole number from ${kind.min} to ${kind.max}`;
    case "amount":
      return `a number of 0 or more with at most two decimals after a point`;
    case "flag":
      return "0 or 1";
    case "word":
      return kind.words.join(", ").replace(/, ([^,]*)$/, " or $1");
    case "date":
      return "a day that exists, written YYYY-MM-DD";
    case "text":
      return `at most ${kind.maxLength} characters`;
  }
}

/** A text as an SQL literal. */
export const sqlText = (text: string) => `'${text.replaceAll("'", "''")}'`;
