import { appendFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Findings, SAMPLES_PER_CODE } from "../src/findings.ts";
import { readCsv } from "../src/read-csv.ts";
import { FUTURE, STORE, TRAIN } from "../src/source-specs.ts";
import { openWorkbench, type Workbench } from "../src/workbench.ts";
import { csv, TRAIN_HEADER, testFolder } from "./files.ts";

const files = testFolder();
afterAll(files.remove);

async function onBench<T>(work: (bench: Workbench) => Promise<T>): Promise<T> {
  const bench = await openWorkbench();
  try {
    return await work(bench);
  } finally {
    await bench.close();
  }
}

/** Read a train file and give back its good rows and its findings. */
const read = (content: string | Buffer, name = "train.csv") =>
  onBench(async (bench) => {
    const findings = new Findings();
    const table = await readCsv(bench, files.write(name, content), TRAIN, findings);
    const rows = await bench.all<Record<string, unknown>>(
      `select * replace (full_date::varchar as full_date, sales::double as sales) from ${table.table} order by line`,
    );
    return { ...table, good: rows, counts: findings.counts(), samples: findings.samples() };
  });

const GOOD = "1,5,2015-07-31,5263.5,555,1,1,0,1";
const GOOD_ROW = {
  store_id: 1,
  full_date: "2015-07-31",
  sales: 5263.5,
  customers: 555,
  open: 1,
  promo: 1,
  state_holiday: "0",
  school_holiday: 1,
};

describe("readCsv", () => {
  it.each([
    ["LF", csv(TRAIN_HEADER, GOOD)],
    ["CRLF", csv(TRAIN_HEADER, GOOD).replaceAll("\n", "\r\n")],
    ["no end of the last line", csv(TRAIN_HEADER, GOOD).trimEnd()],
    ["a byte-order mark", `\uFEFF${csv(TRAIN_HEADER, GOOD)}`],
    [
      "a byte-order mark, quotes and CRLF",
      `\uFEFF"${TRAIN_HEADER.replaceAll(",", '","')}"\r\n"${GOOD.replaceAll(",", '","')}"\r\n`,
    ],
    ["semicolons", csv(TRAIN_HEADER, GOOD).replaceAll(",", ";")],
    ["tabs", csv(TRAIN_HEADER, GOOD).replaceAll(",", "\t")],
    ["some quotes", csv(TRAIN_HEADER, '1,5,"2015-07-31",5263.5,555,1,1,"0","1"')],
  ])("understands %s", async (_, content) => {
    const { good, rows, refused, counts } = await read(content);
    expect(good).toEqual([{ line: 2, ...GOOD_ROW }]);
    expect({ rows, refused, counts }).toEqual({ rows: 1, refused: 0, counts: [] });
  });

  it("keeps optional cells that are empty as missing", async () => {
    const { good, counts } = await read(csv(TRAIN_HEADER, "1,,2015-07-31,0,,,,,"));
    expect(good).toEqual([
      {
        line: 2,
        store_id: 1,
        full_date: "2015-07-31",
        sales: 0,
        customers: null,
        open: null,
        promo: null,
        state_holiday: null,
        school_holiday: null,
      },
    ]);
    expect(counts).toEqual([]);
  });

  it("finds every refused cell with its line, column and value, and leaves the row out", async () => {
    const { good, refused, samples, rows } = await read(
      csv(
        TRAIN_HEADER,
        GOOD,
        "1,5,31/02/2015,5263,555,1,1,0,1",
        "1,5,2015-07-29,-5,555,1,1,0,1",
        "1,5,2015-07-28,many,0x10,2,1,z,1",
        "",
        ",5,2015-07-27,,555,1,1,0,1",
      ),
    );
    expect({ rows, refused, good: good.length }).toEqual({ rows: 5, refused: 4, good: 1 });
    expect(samples.map(({ line, columnName, code, value }) => [line, columnName, code, value])).toEqual([
      [3, "full_date", "invalid_date", "31/02/2015"],
      [4, "sales", "negative_value", "-5"],
      [5, "sales", "invalid_number", "many"],
      [5, "customers", "invalid_integer", "0x10"],
      [5, "state_holiday", "invalid_word", "z"],
      [5, "open", "invalid_flag", "2"],
      [6, null, "blank_line", null],
      [7, "store_id", "missing_value", ""],
      [7, "sales", "missing_value", ""],
    ]);
    expect(samples[0]?.message).toBe(
      'full_date is "31/02/2015", expected a day that exists, written YYYY-MM-DD',
    );
  });

  it("counts 1,000 ragged lines exactly and keeps the first hundred", async () => {
    const ragged = Array.from({ length: 1000 }, (_, i) =>
      i % 2 === 0 ? "1,5,2015-07-31" : `${GOOD},surplus`,
    );
    const { good, refused, counts, samples } = await read(csv(TRAIN_HEADER, GOOD, ...ragged));
    expect(good).toHaveLength(1);
    expect(refused).toBe(1000);
    expect(counts).toEqual([
      { source: "train", code: "ragged_row", severity: "error", column: null, count: 1000 },
    ]);
    expect(samples).toHaveLength(SAMPLES_PER_CODE);
    expect(samples[0]).toMatchObject({ line: 3, message: "the line has 3 cells, the header has 9" });
    expect(samples[1]).toMatchObject({ line: 4, message: "the line has 10 cells, the header has 9" });
  });

  it.each([
    ["a quote inside a bare cell", '1,5,2015-07-31,52"63,555,1,1,0,1'],
    ["text after a closing quote", '1,5,"2015-07-31"x,5263,555,1,1,0,1'],
    ["a quote that is never closed", '1,5,"2015-07-31,5263,555,1,1,0,1'],
    ["a lone quote", '"'],
  ])("refuses %s", async (_, line) => {
    const { good, samples } = await read(csv(TRAIN_HEADER, line, GOOD));
    expect(good.map((row) => row.line)).toEqual([3]);
    expect(samples).toMatchObject([{ line: 2, code: "misquoted_row" }]);
  });

  it("knows delimiters and doubled quotes inside quoted cells", async () => {
    await onBench(async (bench) => {
      const path = files.write(
        "store.csv",
        csv("Store,PromoInterval,StoreType", '1,"Jan,Apr","say ""hi"""', '2,"",c'),
      );
      const { table } = await readCsv(bench, path, STORE, new Findings());
      expect(
        await bench.all(`select store_id, promo_interval, store_type from ${table} order by line`),
      ).toEqual([
        { store_id: 1, promo_interval: "Jan,Apr", store_type: 'say "hi"' },
        { store_id: 2, promo_interval: null, store_type: "c" },
      ]);
    });
  });

  it("warns of columns that are unknown or absent", async () => {
    const { counts, good } = await read(csv("Store,Date,Sales,Weather", "1,2015-07-31,5,sun"));
    expect(good).toHaveLength(1);
    expect(counts.map(({ code, column, severity }) => `${severity} ${code} ${column}`).sort()).toEqual([
      "warning column_absent customers",
      "warning column_absent open",
      "warning column_absent promo",
      "warning column_absent school_holiday",
      "warning column_absent state_holiday",
      "warning column_unknown null",
    ]);
  });

  it.each(["plain.csv", "with space.csv", "it's.csv", "[a]*?.csv", "ünïcode €.csv", "archive.gz"])(
    "reads a file called %s",
    async (name) => {
      expect((await read(csv(TRAIN_HEADER, GOOD), name)).rows).toBe(1);
    },
  );

  it("gives every row the line it stands on, whatever stands between: like a naive reader", async () => {
    const line = fc.oneof(
      { weight: 4, arbitrary: fc.constant("good") },
      { weight: 1, arbitrary: fc.constantFrom("", "1,2", '"', `${GOOD},x`, GOOD.replace("5263.5", "-1")) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 60 }),
        fc.boolean(),
        fc.boolean(),
        async (lines, crlf, end) => {
          const text = [
            TRAIN_HEADER,
            ...lines.map((each, i) => (each === "good" ? GOOD.replace("1,", `${i + 1},`) : each)),
          ];
          const { good, rows, refused } = await read(
            text.join(crlf ? "\r\n" : "\n") + (end ? (crlf ? "\r\n" : "\n") : ""),
          );
          const expected = lines.flatMap((each, i) =>
            each === "good" ? [{ line: i + 2, store: i + 1 }] : [],
          );
          expect(good.map((row) => ({ line: row.line, store: row.store_id }))).toEqual(expected);
          expect(rows).toBe(lines.filter((each) => each !== "").length);
          expect(refused).toBe(rows - expected.length);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("a long file", () => {
  it("has the right line on each of its 400,000 rows", async () => {
    const lines = Array.from({ length: 400_000 }, (_, i) => `${i + 2},5,2015-07-31,1,1,1,1,0,1`);
    await onBench(async (bench) => {
      const path = files.write("long.csv", [TRAIN_HEADER, ...lines].join("\n"));
      const { table, rows } = await readCsv(bench, path, TRAIN, new Findings());
      expect(rows).toBe(400_000);
      expect(await bench.all(`select count(*) as n from ${table} where line <> store_id`)).toEqual([
        { n: 0 },
      ]);
    });
  });
});

describe("readCsv refuses a file that is no table", () => {
  it.each([
    ["nothing", "", "file_empty", "train.csv is empty: it needs a header line and rows"],
    ["a NUL byte", Buffer.from("Store,Date,Sales\n1,\0,3\n"), "file_binary", "line 2 holds a NUL byte"],
    [
      "Latin-1",
      Buffer.from("Store,Date,Sales\n1,2,3\nM\xfcnchen,2,3\n", "latin1"),
      "file_not_utf8",
      "line 3 holds other bytes",
    ],
    [
      "UTF-16",
      Buffer.from("\uFEFFStore,Date,Sales\n", "utf16le"),
      "file_not_utf8",
      "is UTF-16: save it as UTF-8",
    ],
    [
      "carriage returns alone",
      "Store,Date,Sales\r1,2,3\r",
      "file_line_ends",
      "line 1 holds a carriage return",
    ],
    [
      "a picture",
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
      "file_binary",
      "NUL byte",
    ],
    [
      "another delimiter",
      "Store|Date|Sales\n1|2015-01-01|3\n",
      "header_unreadable",
      "separated by comma, semicolon or tab",
    ],
    [
      "a missing column",
      "Store,Date\n1,2015-01-01\n",
      "column_missing",
      "train.csv has no column Sales (or sales)",
    ],
    ["one endless line", "x".repeat(3_000_000), "file_line_too_long", "line 1 is longer than 1 MB"],
  ])("with %s", async (_, content, code, words) => {
    await expect(read(content)).rejects.toMatchObject({
      code,
      kind: "invalid",
      message: expect.stringContaining(words),
    });
  });

  it("that changes while it is read", async () => {
    await onBench(async (bench) => {
      const path = files.write("growing.csv", csv(TRAIN_HEADER, GOOD));
      const meanwhile: Workbench = {
        ...bench,
        async run(sql) {
          await bench.run(sql);
          appendFileSync(path, `${GOOD}\n`);
        },
      };
      await expect(readCsv(meanwhile, path, TRAIN, new Findings())).rejects.toMatchObject({
        code: "file_changed",
        message: expect.stringContaining("growing.csv changed while it was read"),
      });
    });
  });

  it("that does not exist, or is a folder", async () => {
    await onBench(async (bench) => {
      await expect(readCsv(bench, files.path("absent.csv"), FUTURE, new Findings())).rejects.toMatchObject({
        code: "file_not_found",
        kind: "not_found",
        message: expect.stringContaining("put absent.csv there or name another file"),
      });
      await expect(readCsv(bench, files.path("."), FUTURE, new Findings())).rejects.toMatchObject({
        code: "file_unreadable",
      });
    });
  });
});
