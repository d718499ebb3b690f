import { isoDate, parseIsoDate, weekday } from "@rossmann/core";

/** A clean delivery: every rule of the shipped contract holds. Line 1 is the header. */
export const HEADER = [
  "Store",
  "DayOfWeek",
  "Date",
  "Sales",
  "Customers",
  "Open",
  "Promo",
  "StateHoliday",
  "SchoolHoliday",
];
const STORES = 3;
const DAYS = 14;
const FIRST_DAY = parseIsoDate("2015-06-01")!;

/** Cells of the clean rows, in file order. */
export function cleanRows(): string[][] {
  const rows: string[][] = [];
  for (let day = 0; day < DAYS; day++) {
    for (let store = 1; store <= STORES; store++) {
      const date = FIRST_DAY + day;
      const isOpen = weekday(date) !== 7;
      rows.push([
        String(store),
        String(weekday(date)),
        isoDate(date),
        isOpen ? String(4000 + 13 * day + store) : "0",
        isOpen ? String(400 + day) : "0",
        isOpen ? "1" : "0",
        day % 14 < 5 ? "1" : "0",
        "0",
        day % 3 === 0 ? "1" : "0",
      ]);
    }
  }
  return rows;
}

export function csv(header: string[], rows: string[][], delimiter = ",", end = "\n"): string {
  return `${[header, ...rows].map((row) => row.join(delimiter)).join(end)}${end}`;
}

export const STORE_FILE = csv(
  ["Store", "StoreType", "Assortment"],
  Array.from({ length: STORES }, (_, index) => [String(index + 1), "a", "c"]),
);

/** One file with one fault, and where it must be found. */
export interface Planted {
  title: string;
  fileName: string;
  bytes: Buffer;
  check: string;
  /** `null`: the fault is not on a line */
  line: number | null;
  /** header of the column as written; `null`: the whole row or file */
  column: string | null;
  count: number;
}

/** Texts that each column must refuse, and by which check or rule. */
const BAD_CELLS: [column: string, text: string, check: string][] = [
  ["Store", "", "nullability"],
  ["Store", "NA", "nullability"],
  ["Store", "abc", "types"],
  ["Store", "1.5", "types"],
  ["Store", "0x1F", "types"],
  ["Store", "1_0", "types"],
  ["Store", "1e1", "types"],
  ["Store", "99999999999999999999", "types"],
  ["Store", "-3", "ranges"],
  ["Store", "0", "ranges"],
  ["Store", "4", "train_store_known"],
  ["DayOfWeek", "", "nullability"],
  ["DayOfWeek", "9", "day_of_week_allowed"],
  ["DayOfWeek", "0", "day_of_week_allowed"],
  ["DayOfWeek", "Mo", "types"],
  ["DayOfWeek", "3.5", "types"],
  ["Date", "", "nullability"],
  ["Date", "2015-02-30", "types"],
  ["Date", "2015-6-1", "types"],
  ["Date", "20150601", "types"],
  ["Date", "06/30/2015", "types"],
  ["Date", "30/06/2015", "types"],
  ["Date", "31.02.2015", "types"],
  ["Date", "1.6.2015", "types"],
  ["Date", "2015-06-01 12:00:00", "types"],
  ["Date", "2015-06-01T00:00:00Z", "types"],
  ["Date", "infinity", "types"],
  ["Date", "1999-12-31", "ranges"],
  ["Date", "2101-01-01", "ranges"],
  ["Sales", "", "nullability"],
  ["Sales", "abc", "types"],
  ["Sales", '"1,234"', "types"],
  ["Sales", "1.234.5", "types"],
  ["Sales", "inf", "types"],
  ["Sales", "nan", "types"],
  ["Sales", "1e400", "types"],
  ["Sales", "0x10", "types"],
  ["Sales", "1_000", "types"],
  ["Sales", "5 263", "types"],
  ["Sales", "+-5", "types"],
  ["Sales", ".", "types"],
  ["Sales", "-50", "sales_non_negative"],
  ["Customers", "many", "types"],
  ["Customers", "12.5", "types"],
  ["Customers", "-1", "ranges"],
  ["Customers", "9999999999", "ranges"],
  ["Open", "2", "allowed_values"],
  ["Open", "yes", "types"],
  ["Promo", "7", "allowed_values"],
  ["Promo", "true", "types"],
  ["StateHoliday", "d", "allowed_values"],
  ["StateHoliday", "A", "allowed_values"],
  ["StateHoliday", "00", "allowed_values"],
  ["SchoolHoliday", "3", "allowed_values"],
  ["SchoolHoliday", "y", "types"],
];

/** Rows (from 0) in which cells are spoilt: the first, one in the middle, the last. */
const ROWS = [0, 19, STORES * DAYS - 1];

/** Every planted file. */
export function plantedFaults(): Planted[] {
  return [...cellFaults(), ...rowFaults(), ...tableFaults(), ...headerFaults(), ...fileFaults()];
}

function file(title: string, text: string | Buffer, found: Partial<Planted> & { check: string }): Planted {
  return {
    title,
    fileName: "train.csv",
    bytes: typeof text === "string" ? Buffer.from(text) : text,
    line: null,
    column: null,
    count: 1,
    ...found,
  };
}

function cellFaults(): Planted[] {
  return BAD_CELLS.flatMap(([column, text, check]) =>
    ROWS.map((row) => {
      const rows = cleanRows();
      rows[row]![HEADER.indexOf(column)] = text;
      return file(`${column} = ${JSON.stringify(text)} on line ${row + 2}`, csv(HEADER, rows), {
        check,
        line: row + 2,
        column,
      });
    }),
  );
}

/** Rows that cannot be taken apart. */
function rowFaults(): Planted[] {
  const spoil: [string, string, string, (cells: string[]) => string | Buffer][] = [
    ["one cell more", "ragged_rows", "(cell 10)", (cells) => `${cells.join(",")},1`],
    ["four cells more", "ragged_rows", "(cell 10)", (cells) => `${cells.join(",")},1,2,3,4`],
    ["one cell less", "ragged_rows", "SchoolHoliday", (cells) => cells.slice(0, -1).join(",")],
    ["one cell alone", "ragged_rows", "DayOfWeek", (cells) => cells[0]!],
    ["a quote never closed", "quoting", "Date", (cells) => cells.with(2, `"${cells[2]}`).join(",")],
    ["text behind a quote", "quoting", "Sales", (cells) => cells.with(3, '"4"2').join(",")],
    ["a quote inside a cell", "quoting", "Sales", (cells) => cells.with(3, '4"2').join(",")],
    ["a NUL", "control_characters", "Sales", (cells) => cells.with(3, "4\u00002").join(",")],
    ["a control character", "control_characters", "Promo", (cells) => cells.with(6, "\u0001").join(",")],
    ["a lone CR", "control_characters", "Sales", (cells) => cells.with(3, "4\r2").join(",")],
    ["a quoted NUL", "control_characters", "Sales", (cells) => cells.with(3, '"4\u00002"').join(",")],
    [
      "a line that is too long",
      "line_length",
      "StateHoliday",
      (cells) => cells.with(7, "x".repeat(70_000)).join(","),
    ],
    [
      "bytes that are not UTF-8",
      "encoding",
      "StateHoliday",
      (cells) => Buffer.from(cells.with(7, "\u00e4").join(","), "latin1"),
    ],
  ];
  return spoil.flatMap(([title, check, column, change]) =>
    [0, 19, STORES * DAYS - 1].map((row) => {
      const lines: Buffer[] = [HEADER, ...cleanRows()].map((cells, index) =>
        Buffer.concat([Buffer.from(index === row + 1 ? change(cells) : cells.join(",")), Buffer.from("\n")]),
      );
      return file(`${title} on line ${row + 2}`, Buffer.concat(lines), { check, line: row + 2, column });
    }),
  );
}

/** Faults that show only when rows are compared. */
function tableFaults(): Planted[] {
  const twice = cleanRows();
  twice.splice(20, 0, twice[4]!);
  const weekdayWrong = cleanRows();
  weekdayWrong[7]![1] = weekdayWrong[7]![1] === "1" ? "2" : "1";
  const closed = cleanRows();
  closed[3]![5] = "0";
  const blank = csv(HEADER, cleanRows()).split("\n");
  blank.splice(9, 0, "");
  return [
    file("the same row twice", csv(HEADER, twice), {
      check: "train_pk_unique",
      line: 6,
      column: "Date",
      count: 2,
    }),
    file("a weekday that is not the date's", csv(HEADER, weekdayWrong), {
      check: "weekday_matches_date",
      line: 9,
      column: "DayOfWeek",
    }),
    file("a closed store that sells", csv(HEADER, closed), {
      check: "closed_without_sales",
      line: 5,
      column: "Sales",
    }),
    file("an empty line", blank.join("\n"), { check: "blank_lines", line: 10 }),
    file(
      "customers empty in every row",
      csv(
        HEADER,
        cleanRows().map((cells) => cells.with(4, "")),
      ),
      {
        check: "customers_null_ratio",
        line: 2,
        column: "Customers",
        count: STORES * DAYS,
      },
    ),
  ];
}

function headerFaults(): Planted[] {
  const rows = cleanRows();
  const without = (name: string) => {
    const at = HEADER.indexOf(name);
    return csv(
      HEADER.toSpliced(at, 1),
      rows.map((cells) => cells.toSpliced(at, 1)),
    );
  };
  const widened = (name: string, value: string) =>
    csv(
      [...HEADER, name],
      rows.map((cells) => [...cells, value]),
    );
  return [
    ...(
      [
        ["Store", "store_id"],
        ["DayOfWeek", "day_of_week"],
        ["Date", "full_date"],
        ["Sales", "sales"],
      ] as const
    ).map(([header, canonical]) =>
      file(`no column ${header}`, without(header), { check: "required_columns", line: 1, column: canonical }),
    ),
    file("a column twice", widened("Sales", "1"), { check: "duplicate_columns", line: 1, column: "Sales" }),
    file("a column twice under two names", widened("Umsatz", "1"), {
      check: "duplicate_columns",
      line: 1,
      column: "Umsatz",
    }),
    file("an unknown column twice", csv([...HEADER.slice(0, 8), "Promo"], rows), {
      check: "duplicate_columns",
      line: 1,
      column: "Promo",
    }),
    file("an unknown column", widened("Weather", "sunny"), {
      check: "extra_columns",
      line: 1,
      column: "Weather",
    }),
    file("a column without a name", widened("", "1"), { check: "header", line: 1, column: "(column 10)" }),
    file("pipes between the cells", csv(HEADER, rows, "|"), { check: "delimiter", line: 1 }),
    file("a quote never closed in the header", `"${csv(HEADER, rows)}`, {
      check: "header",
      line: 1,
      column: "(cell 1)",
    }),
    file(
      "three hundred columns",
      csv(
        Array.from({ length: 300 }, (_, index) => `c${index}`),
        [],
      ),
      {
        check: "column_limit",
        line: 1,
        column: "c200",
      },
    ),
  ];
}

function fileFaults(): Planted[] {
  const text = csv(HEADER, cleanRows());
  return [
    file("an empty file", "", { check: "file_size" }),
    file("only empty lines", "\n\n\n", { check: "header" }),
    file("only a header", csv(HEADER, []), { check: "row_limit", line: 1 }),
    file("a ZIP archive", Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(2000, 7)]), {
      check: "format",
    }),
    file("a gzip file", Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(2000, 7)]), {
      check: "format",
    }),
    file("a Parquet file", Buffer.from("PAR1 and so on"), { check: "format" }),
    file("another ending", text, { check: "format", fileName: "train.txt" }),
    file("UTF-16 with its mark", Buffer.from(`\uFEFF${text}`, "utf16le"), { check: "encoding" }),
    file("UTF-16 without its mark", Buffer.from(text, "utf16le"), { check: "encoding" }),
  ];
}
