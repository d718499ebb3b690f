import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CellCode, type CellKind, sqlCode, sqlText, sqlValue } from "./cell-grammar.ts";

const connection = await (await DuckDBInstance.create(":memory:")).connect();

/** What the SQL makes of cells: the value as a text, or the code of the refusal. */
async function judge(
  kind: CellKind,
  cells: readonly string[],
): Promise<{ value: string | null; code: string | null }[]> {
  const list = cells.map((cell, i) => `(${i}, ${sqlText(cell)})`).join(", ");
  const reader = await connection.runAndReadAll(`
    with cells(i, cell) as (values ${list}),
    typed as (select i, cell, case when cell <> '' then ${sqlValue(kind, "cell")} end as value from cells)
    select value::varchar as value, case when value is null then ${sqlCode(kind, "cell")} end as code from typed order by i`);
  return reader.getRowObjectsJson() as { value: string | null; code: string | null }[];
}

/** The same judgement, written down naively. */
function twin(kind: CellKind, cell: string): { value: string | null; code: CellCode | null } {
  const good = (value: string) => ({ value, code: null });
  const bad = (code: CellCode) => ({ value: null, code });
  if (cell === "") return bad("missing_value");
  const onlyDigits = (text: string) => text !== "" && [...text].every((c) => c >= "0" && c <= "9");
  const [whole = "", fraction, ...more] = cell.split(".");
  const isDecimal =
    onlyDigits(whole) && more.length === 0 && (fraction === undefined || onlyDigits(fraction));
  const [minus, unsigned] = [cell.startsWith("-"), cell.slice(1).split(".")];
  const isNegative = minus && unsigned.length <= 2 && unsigned.every(onlyDigits);
  switch (kind.type) {
    case "integer": {
      if (isNegative) return bad("negative_value");
      if (!onlyDigits(cell)) return bad("invalid_integer");
      const value = Number(cell);
      return cell.length <= 9 && value >= kind.min && value <= kind.max
        ? good(String(value))
        : bad("out_of_range");
    }
    case "amount": {
      if (isNegative) return bad("negative_value");
      if (!isDecimal || (fraction ?? "").length > 2) return bad("invalid_number");
      if (whole.length > 12 || Number(cell) > kind.max) return bad("out_of_range");
      return good(`${BigInt(whole)}.${(fraction ?? "").padEnd(2, "0")}`);
    }
    case "flag":
      return cell === "0" || cell === "1" ? good(cell) : bad("invalid_flag");
    case "word":
      return kind.words.includes(cell) ? good(cell) : bad("invalid_word");
    case "date": {
      const [year, month, day] = cell.split("-");
      const shaped =
        cell.length === 10 && cell.split("-").length === 3 && year?.length === 4 && month?.length === 2;
      if (!shaped || ![year, month, day].every((part) => onlyDigits(part ?? ""))) return bad("invalid_date");
      if (Number(year) < 1900 || Number(year) > 2199) return bad("invalid_date");
      const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
      const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1] ?? 0;
      return Number(day) >= 1 && Number(day) <= length ? good(cell) : bad("invalid_date");
    }
    case "text":
      return [...cell].length <= kind.maxLength ? good(cell) : bad("text_too_long");
  }
}

const KINDS: CellKind[] = [
  { type: "integer", min: 0, max: 999_999_999 },
  { type: "integer", min: 1, max: 12 },
  { type: "amount", max: 999_999_999_999.99 },
  { type: "amount", max: 500 },
  { type: "flag" },
  { type: "word", words: ["0", "a", "b", "c"] },
  { type: "date" },
  { type: "text", maxLength: 5 },
];

/** Cells that look like numbers and dates, and are or are not. */
const cell = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    " 12 ",
    "12 ",
    "\t5",
    "0x10",
    "1e400",
    "1e3",
    "1_000",
    "1,5",
    "1.",
    ".5",
    "+5",
    "-5",
    "-5.25",
    "--5",
    "-",
    "NaN",
    "Infinity",
    "null",
    "NULL",
    "true",
    "00",
    "007",
    "9999999999",
    "999999999999.99",
    "1000000000000",
    "31/02/2015",
    "2015-02-30",
    "2015-02-29",
    "2016-02-29",
    "2015-2-3",
    "2015-02-03 ",
    "02-03-2015",
    "2015-13-01",
    "2015-00-10",
    "0000-01-01",
    "1899-12-31",
    "2199-12-31",
    "2200-01-01",
    "infinity",
    "epoch",
    "١٢",
    "½",
    "a",
    "A",
    "0.0",
    "a ",
    "'",
    "ééééé",
    "😀😀😀😀😀😀",
    "12\n",
  ),
  fc.stringMatching(/^[-+]?[0-9]{0,14}(\.[0-9]{0,4})?$/),
  fc.stringMatching(/^[0-9]{3,4}-[0-9]{1,2}-[0-9]{1,3}$/),
  fc
    .date({ min: new Date("1899-01-01"), max: new Date("2201-01-01"), noInvalidDate: true })
    .map((d) => d.toISOString().slice(0, 10)),
  fc.string({ maxLength: 8 }).filter((text) => !text.includes("\0")),
  fc.stringMatching(/^[01abc ]{0,2}$/),
);

describe("the cell grammar in SQL", () => {
  it.each(KINDS.map((kind) => [JSON.stringify(kind), kind] as const))(
    "agrees with its naive twin: %s",
    async (_, kind) => {
      await fc.assert(
        fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 200 }), async (cells) => {
          expect(await judge(kind, cells)).toEqual(cells.map((each) => twin(kind, each)));
        }),
        { numRuns: 60 },
      );
    },
  );

  it("refuses what Number() and Date() would take", async () => {
    const amount: CellKind = { type: "amount", max: 1e12 };
    const traps = ["", " 12 ", "0x10", "1e400", "1e3", "Infinity", "1,000.50", "12.345"];
    for (const { value } of await judge(amount, traps)) expect(value).toBeNull();
    const dates = await judge({ type: "date" }, [
      "31/02/2015",
      "2015-02-30",
      "2015-2-3",
      "2015-02-28T00:00:00",
    ]);
    for (const { code } of dates) expect(code).toBe("invalid_date");
  });
});
