import fc from "fast-check";
import { expect, test } from "vitest";
import { toCsv } from "./csv.ts";

const columns = [
  { header: "name", value: (row: { name: string | null; n: number | null }) => row.name },
  { header: "n", value: (row: { name: string | null; n: number | null }) => row.n },
];

test("toCsv writes a header, CRLF, doubled quotes, unrounded numbers and empty cells for what is missing", () => {
  const rows = [
    { name: 'a "b", c', n: 0.1 + 0.2 },
    { name: "two\nlines", n: null },
    { name: null, n: Number.NaN },
  ];
  expect(toCsv(columns, rows)).toBe('name,n\r\n"a ""b"", c",0.30000000000000004\r\n"two\nlines",\r\n,\r\n');
});

test("toCsv of no rows is the header alone", () => {
  expect(toCsv(columns, [])).toBe("name,n\r\n");
});

test("a text that a spreadsheet would run is made harmless; a negative number stays a number", () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r"]) {
    const line = toCsv(columns, [{ name: `${start}cmd()`, n: -5 }]).split("\r\n")[1];
    expect(line?.replace(/^"/, "").startsWith(`'${start === "\r" ? "" : start}`)).toBe(true);
  }
  expect(toCsv(columns, [{ name: "x", n: -5 }])).toContain("x,-5\r\n");
});

test("whatever the texts are, a reader of RFC 4180 gets as many cells and rows as were written", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name: fc.string(), n: fc.integer() })), (rows) => {
      const read = readCsv(toCsv(columns, rows));
      expect(read).toHaveLength(rows.length + 1);
      rows.forEach((row, i) => {
        const cells = read[i + 1] ?? [];
        expect(cells).toHaveLength(2);
        expect([row.name, `'${row.name}`]).toContain(cells[0]);
        expect(cells[1]).toBe(String(row.n));
      });
    }),
  );
});

/** A reader of its own, sign by sign: it shares nothing with the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text.charAt(i);
    if (isQuoted && sign === '"' && text.charAt(i + 1) === '"') {
      cell += '"';
      i++;
    } else if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && sign === ",") {
      row.push(cell);
      cell = "";
    } else if (!isQuoted && sign === "\r" && text.charAt(i + 1) === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
      i++;
    } else cell += sign;
  }
  return rows;
}
