import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@rossmann/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadedContract, loadContract, parseContract } from "../../src/contract/index.ts";
import { type PreflightOutcome, type PreflightRequest, runPreflight } from "../../src/preflight/index.ts";
import { evilPatterns } from "./evil-patterns.ts";
import { MILLION_COLUMNS, malformedFile } from "./malformed-files.ts";
import { cleanRows, csv, HEADER, STORE_FILE } from "./planted-faults.ts";

const NOW = Date.UTC(2015, 6, 1);
let folder: string;
let shipped: LoadedContract;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-"));
  shipped = await loadContract("rossmann_input_contract");
  await writeFile(join(folder, "store.csv"), STORE_FILE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Case extends Partial<PreflightRequest> {
  text?: string | Buffer;
  name?: string;
}

/** Examine a text in a folder of its own. */
async function examine({ text, name = "train.csv", ...rest }: Case = {}): Promise<PreflightOutcome> {
  const here = await mkdtemp(join(folder, "case-"));
  await writeFile(join(here, name), text ?? csv(HEADER, cleanRows()));
  return runPreflight({
    source: "train",
    file: join(here, name),
    contract: shipped,
    mode: "enforce",
    artifactRoot: join(here, "artifacts"),
    related: { store: join(folder, "store.csv") },
    effects: { now: () => NOW, logger: createLogger("silent") },
    ...rest,
  });
}

/** A contract for small tables, with one profile `train`. */
function contractOf(columns: string, rest = "", top = ""): LoadedContract {
  const text = `contract_version: t1
format: csv
limits: { max_rows: 1000000, max_file_size_mb: 100 }
${top}
profiles:
  train:
    columns: [${columns}]
${rest}
`;
  return {
    id: null,
    version: "t1",
    contract: parseContract(text, "test.yaml"),
    path: "",
    sha256: "",
    isReleased: false,
  };
}

const rule = (text: string, group = "columns") => `    quality_rules: { ${group}: [{ id: asked, ${text} }] }`;
const readJson = async (path: string | undefined) => JSON.parse(await readFile(path!, "utf8"));

describe("modes", () => {
  const broken = csv(HEADER, cleanRows().with(3, ["1", "1", "2015-06-02", "-5", "1", "1", "1", "0", "0"]));

  test("off examines nothing and writes nothing", async () => {
    const outcome = await examine({ mode: "off", text: broken });
    expect(outcome).toMatchObject({
      finalStatus: "SKIPPED",
      blocked: false,
      artifactDir: null,
      artifacts: {},
    });
    expect(outcome.loadPath).toBe(outcome.inputPath);
  });

  test("report_only reports, and the file is loaded as it is", async () => {
    const outcome = await examine({ mode: "report_only", text: broken });
    expect(outcome).toMatchObject({
      finalStatus: "FAIL",
      blocked: false,
      blockReason: null,
      usedUnified: false,
    });
    expect(outcome.loadPath).toBe(outcome.inputPath);
    expect((await readdir(outcome.artifactDir!)).toSorted()).toEqual([
      "manifest.json",
      "preflight_report.html",
      "preflight_report.json",
      "rejected_rows.csv",
      "semantic_report.json",
      "unified.csv",
      "validation_report.json",
    ]);
  });

  test("enforce blocks on FAIL and says which half failed", async () => {
    const outcome = await examine({ text: broken });
    expect(outcome).toMatchObject({
      validationStatus: "PASS",
      semanticStatus: "FAIL",
      blocked: true,
      blockReason: "semantic_fail",
      usedUnified: false,
    });
    const unreadable = await examine({ text: broken.replace("-5", "many") });
    expect(unreadable).toMatchObject({
      validationStatus: "FAIL",
      blocked: true,
      blockReason: "validation_fail",
    });
    expect(unreadable.artifacts.unified_csv).toBeUndefined();
  });

  test("enforce loads the unified rows on PASS", async () => {
    const outcome = await examine();
    expect(outcome).toMatchObject({ finalStatus: "PASS", usedUnified: true, blocked: false });
    expect(outcome.loadPath).toBe(outcome.artifacts.unified_csv);
    const lines = (await readFile(outcome.loadPath, "utf8")).trimEnd().split("\n");
    expect(lines[0]).toBe(
      "store_id,day_of_week,full_date,sales,customers,open,promo,state_holiday,school_holiday",
    );
    expect(lines[1]).toBe("1,1,2015-06-01,4001.0,400,1,1,0,1");
    expect(lines).toHaveLength(cleanRows().length + 1);
  });

  test("enforce on WARN loads what is clean and sets the rest aside, each row with its reasons", async () => {
    const rows = cleanRows();
    rows[2]![4] = "many";
    rows[2]![5] = "7";
    rows[9]![8] = "x";
    const outcome = await examine({ text: csv(HEADER, rows) });
    expect(outcome).toMatchObject({ finalStatus: "WARN", blocked: false, usedUnified: true });
    expect(outcome).toMatchObject({ rowsRead: rows.length, rowsAccepted: rows.length - 2, rowsRejected: 2 });
    const rejected = (await readFile(outcome.artifacts.rejected_rows!, "utf8")).trimEnd().split("\n");
    expect(rejected).toHaveLength(3);
    expect(rejected[0]).toBe(`line_number,checks,reasons,${HEADER.join(",")},unreadable_row`);
    expect(rejected[1]).toMatch(
      /^4,.*allowed_values.*customers: expected a whole number.*,3,1,2015-06-01,4003,many,7,/,
    );
    expect(rejected[2]).toMatch(/^11,types,/);
    const unified = await readFile(outcome.loadPath, "utf8");
    expect(unified).not.toContain("4003");
    const dates = unified
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",")[2]);
    expect(dates).toEqual(dates.toSorted());
  });
});

test("all findings are told, never only the first", async () => {
  const rows = cleanRows();
  rows[0]![3] = "abc";
  rows[1]![0] = "";
  rows[2]![2] = "31/02/2015";
  rows[3]![1] = "9";
  rows[4]![3] = "-1";
  rows[5]![5] = "2";
  rows[6]!.push("surplus");
  rows[7]![7] = '"';
  rows[8]![0] = "77";
  rows.push(rows[9]!);
  const outcome = await examine({ text: csv(HEADER, rows) });
  const found = outcome.findings.map(
    (finding) => `${finding.check} ${finding.column} ${finding.samples[0]?.line}`,
  );
  expect(found).toEqual(
    expect.arrayContaining([
      "ragged_rows null 8",
      "quoting null 9",
      "types sales 2",
      "nullability store_id 3",
      "types full_date 4",
      "day_of_week_allowed day_of_week 5",
      "sales_non_negative sales 2",
      "allowed_values open 7",
      "train_store_known store_id 10",
      "train_pk_unique full_date 11",
    ]),
  );
  expect(outcome.rowsRejected).toBe(11);
  const report = await readJson(outcome.artifacts.validation);
  expect(report.checks).toMatchObject({
    types: "FAIL",
    ragged_rows: "FAIL",
    format: "PASS",
    blank_lines: "PASS",
  });
  expect(report.metadata.type_mismatches).toMatchObject({ sales: 1, full_date: 1, store_id: 0 });
});

test("counts are exact where samples are capped, and each sample has line, column, key, value and expectation", async () => {
  const rows = cleanRows().map((cells) => cells.with(3, "-2"));
  const outcome = await examine({ text: csv(HEADER, rows) });
  const finding = outcome.findings.find((one) => one.check === "sales_non_negative")!;
  expect(finding.count).toBe(rows.length);
  expect(finding.samples).toHaveLength(20);
  expect(finding.samples[0]).toEqual({
    line: 2,
    column: "Sales",
    key: { store_id: "1", full_date: "2015-06-01" },
    value: "-2",
    expected: "sales is 0 or more",
  });
});

test("a sample shows the text of the file, however a number is written", async () => {
  const texts = [
    "-5",
    "-5.0",
    "-5.50",
    "-0.5",
    "-0.00001",
    "-12345678.9",
    "-9007199254740993",
    "-1e3",
    " -7",
  ];
  const contract = contractOf(
    "{ canonical_name: n, dtype: float }",
    rule("type: between, column: n, min_value: 0, severity: WARN"),
  );
  const outcome = await examine({ contract, text: `n\n${texts.join("\n")}\n` });
  expect(outcome.findings[0]?.samples.map((sample) => sample.value)).toEqual(texts);
  const pattern = contractOf(
    "{ canonical_name: n, dtype: float }",
    rule("type: pattern, column: n, pattern: '-?[0-9]+'"),
  );
  const plain = await examine({ contract: pattern, text: "n\n-5\n12\n5.5\n" });
  expect(plain.findings[0]).toMatchObject({ count: 1, samples: [{ value: "5.5" }] });
});

describe("unification", () => {
  test("renames and coercions are counted in the manifest", async () => {
    const rows = cleanRows();
    rows[0] = [" 1", "1.0", "01.06.2015", "+4001", "0400", "1", "1", " 0", "NA"];
    const header = HEADER.with(0, "storeid").with(3, " SALES ");
    const outcome = await examine({
      text: csv(
        [...header, "Weather"],
        rows.map((row) => [...row, "sun"]),
      ),
    });
    const manifest = await readJson(outcome.artifacts.manifest);
    expect(manifest.renamed_columns).toMatchObject({
      storeid: "store_id",
      " SALES ": "sales",
      Date: "full_date",
    });
    expect(manifest.extra_columns_dropped).toEqual(["Weather"]);
    for (const name of ["store_id", "day_of_week", "full_date", "sales", "customers", "state_holiday"])
      expect(manifest.coercion_stats[name], name).toMatchObject({ coerced: 1, invalid_to_null: 0 });
    expect(manifest.coercion_stats.school_holiday).toMatchObject({ coerced: 1, null_count_after: 1 });
    expect((await readFile(outcome.loadPath, "utf8")).split("\n")[1]).toBe(
      "1,1,2015-06-01,4001.0,400,1,1,0,",
    );
  });

  test("absent optional columns stay absent, kept unknown columns stand behind", async () => {
    const contract = contractOf(
      "{ canonical_name: a, dtype: int }, { canonical_name: b, dtype: bool }, { canonical_name: c, dtype: float }",
      "    unknown_columns: { policy: ignore, keep: true }",
      'csv: { decimal_separator: "," }',
    );
    const outcome = await examine({ contract, text: "more;a;c\nx;1;1,5\ny;2;1e3\n" });
    expect(outcome.finalStatus).toBe("PASS");
    expect(await readFile(outcome.loadPath, "utf8")).toBe("a,c,more\n1,1.5,x\n2,1000.0,y\n");
  });

  test("a file of another encoding is translated where the contract lists it", async () => {
    const column = "{ canonical_name: town, dtype: string }, { canonical_name: a, dtype: int }";
    const contract = contractOf(column, "", "csv: { encodings: [utf-8, windows-1252, utf-16le] }");
    const text = "town,a\nKöln,1\nMünchen,2\n";
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(text, "latin1"),
      Buffer.from(`\uFEFF${text}`, "utf16le"),
    ]) {
      const outcome = await examine({ contract, text: bytes });
      expect(outcome.finalStatus).toBe("PASS");
      expect(await readFile(outcome.loadPath, "utf8")).toBe("town,a\nKöln,1\nMünchen,2\n");
    }
  });

  test("two runs over the same bytes give the same unified file", async () => {
    const [one, two] = [await examine(), await examine()];
    expect(await readFile(one.loadPath)).toEqual(await readFile(two.loadPath));
    expect(one.runId).not.toBe(two.runId);
  });
});

describe("rules", () => {
  const numbers =
    "{ canonical_name: a, dtype: int }, { canonical_name: day, dtype: date }, { canonical_name: t, dtype: string }";
  const ask = async (text: string, data: string, group?: string) => {
    const outcome = await examine({
      contract: contractOf(numbers, rule(text, group)),
      text: `a,day,t\n${data}`,
    });
    const [result] = outcome.rules;
    const finding = outcome.findings.find((one) => one.check === "asked");
    return { outcome, result: result!, lines: finding?.samples.map((sample) => sample.line) ?? [], finding };
  };

  test.each([
    ["not_null, column: a", "1,,\n,,x\n", "FAIL", [3]],
    ["between, column: a, min_value: 2, max_value: 3", "1,,\n2,,\n3,,\n4,,\n", "FAIL", [2, 5]],
    ["between, column: a, min_value: 2", "2,,\n,,x\n", "FAIL", [3]],
    ["between, column: a, min_value: 2, ignore_nulls: true", "2,,\n,,x\n", "PASS", []],
    ["between, column: day, min_value: '2015-01-02'", "1,2015-01-01,\n1,2015-01-02,\n", "FAIL", [2]],
    ["accepted_values, column: t, values: ['x', 'y']", "1,,x\n1,,z\n1,,y\n", "FAIL", [3]],
    ["accepted_values, column: a, values: [3]", "3.0,,\n3,,\n", "PASS", []],
    ["max_null_ratio, column: t, value: 0.5", "1,,x\n1,,\n", "PASS", []],
    ["max_null_ratio, column: t, value: 0.4", "1,,x\n1,,\n", "FAIL", [3]],
    ["pattern, column: t, pattern: '[a-c]+'", "1,,abc\n1,,abd\n1,,\n", "FAIL", [3]],
    ["monotone, column: a", "1,,\n1,,\n3,,\n2,,\n", "FAIL", [5]],
    ["monotone, column: a, strict: true", "1,,\n1,,\n3,,\n", "FAIL", [3]],
    ["monotone, column: a, direction: decreasing", "3,,\n2,,\n5,,\n", "FAIL", [4]],
    ["monotone, column: a, group_by: [t]", "1,,x\n9,,y\n2,,x\n8,,y\n", "FAIL", [5]],
    ["freshness, column: day, max_age_days: 30", "1,2015-06-01,\n", "PASS", []],
    ["freshness, column: day, max_age_days: 29", "1,2015-06-01,\n1,2015-05-01,\n", "FAIL", [2]],
  ] as const)("%s", async (text, data, status, where) => {
    const { result, lines } = await ask(`type: ${text}`, data);
    expect([result.status, lines]).toEqual([status, [...where]]);
  });

  test("composite_unique counts every member of a group, empty cells are equal", async () => {
    const { result, lines } = await ask(
      "type: composite_unique, columns: [a, t]",
      "1,,x\n1,,x\n1,,x\n2,,\n2,,\n3,,x\n",
      "table",
    );
    expect(result).toMatchObject({ status: "FAIL", failed_count: 5, observed: { duplicate_row_count: 5 } });
    expect(lines).toEqual([2, 3, 4, 5, 6]);
  });

  test("row_count_between", async () => {
    expect((await ask("type: row_count_between, min_value: 3", "1,,\n2,,\n", "table")).result).toMatchObject({
      status: "FAIL",
      observed: { row_count: 2, min_allowed: 3, max_allowed: null },
    });
  });

  test("a rule over a column that the file does not have is broken", async () => {
    const contract = contractOf(numbers, rule("type: max_null_ratio, column: t, value: 1, severity: WARN"));
    const outcome = await examine({ contract, text: "a,day\n1,2015-01-01\n" });
    expect(outcome.rules[0]).toMatchObject({ status: "WARN", observed: { missing_column: true } });
  });

  test("a rule about filled cells has nothing to judge where an optional column is absent", async () => {
    const contract = contractOf(numbers, rule("type: pattern, column: t, pattern: x"));
    const outcome = await examine({ contract, text: "a,day\n1,2015-01-01\n" });
    expect(outcome).toMatchObject({ finalStatus: "PASS", rules: [{ status: "SKIPPED" }] });
  });

  test("a foreign key is SKIPPED without the other file, and asked with it", async () => {
    const alone = await examine({ related: {} });
    expect(alone.rules.find((one) => one.rule_id === "train_store_known")).toMatchObject({
      status: "SKIPPED",
    });
    expect(alone.finalStatus).toBe("PASS");
    const unreadable = await examine({ related: { rossmann_store: join(folder, "nothing.csv") } });
    expect(unreadable.rules.find((one) => one.rule_id === "train_store_known")).toMatchObject({
      status: "ERROR",
    });
    expect(unreadable).toMatchObject({ finalStatus: "ERROR", blocked: true, blockReason: "semantic_error" });
  });

  describe("statements of a contract", () => {
    const sql = (statement: string, more = "") =>
      ask(`type: sql, statement: ${JSON.stringify(statement)}${more}`, "1,,x\n2,,y\n", "table");

    test("name the lines that break the rule", async () => {
      const { result, lines } = await sql("select line_number from unified where a = 2; -- the second");
      expect([result.status, result.failed_count, lines]).toEqual(["FAIL", 1, [3]]);
    });

    test.each([
      ["two statements", "select 1 as line_number; select 2 as line_number", /one statement, got 2/],
      ["a change", "drop view unified", /only a select/],
      ["writing a file", "copy (select 1) to 'stolen.csv'", /disabled/],
      [
        "reading a file",
        "select 1 as line_number from read_text('/etc/passwd')",
        /disabled|not allowed|permission/i,
      ],
      ["another database", "attach 'x.db'", /only a select/],
      ["a setting", "set enable_external_access = true", /only a select/],
      ["an extension", "install httpfs", /only a select/],
      ["a mistake", "select line_number from nowhere", /nowhere/],
      ["no line_number", "select a from unified", /line_number/],
      [
        "endless work",
        "select count(*) as line_number from range(1000000000000) a, range(1000000) b",
        /longer than 0.3/,
      ],
    ])("%s is ERROR, which never passes and blocks", async (_title, statement, message) => {
      const { result, outcome } = await sql(statement, ", timeout_seconds: 0.3");
      expect(result.status).toBe("ERROR");
      expect(result.message).toMatch(message);
      expect(result.message).not.toContain(folder);
      expect(outcome).toMatchObject({ semanticStatus: "ERROR", finalStatus: "ERROR", blocked: true });
    });
  });

  test("patterns that ruin other engines are done in linear time", async () => {
    for (const { pattern, text } of evilPatterns(5000).filter((_, index) => index % 10 === 0)) {
      const { result } = await ask(
        `type: pattern, column: t, pattern: ${JSON.stringify(pattern)}`,
        `1,,${text}\n`,
      );
      expect(result.status).toBe("FAIL");
    }
  });
});

describe("duplicates policy", () => {
  const twins = "k,v\n1,a\n2,b\n1,c\n1,d\n";
  const of = (policy: string) =>
    contractOf(
      "{ canonical_name: k, dtype: int }, { canonical_name: v, dtype: string }",
      `    key: [k]\n    duplicates: ${policy}`,
    );
  test.each([
    ["fail", "FAIL", 1],
    ["warn", "WARN", 1],
    ["keep_first", "WARN", 2],
    ["allow", "PASS", 4],
  ])("%s", async (policy, status, kept) => {
    const outcome = await examine({ contract: of(policy), text: twins });
    expect([outcome.finalStatus, outcome.rowsAccepted]).toEqual([status, kept]);
    if (policy === "keep_first") expect(await readFile(outcome.loadPath, "utf8")).toBe("k,v\n1,a\n2,b\n");
  });
});

test("values of sensitive columns are masked wherever a report shows them", async () => {
  const contract = contractOf(
    "{ canonical_name: card, dtype: int, sensitive: true }, { canonical_name: a, dtype: int }",
    "    key: [card]\n    quality_rules: { columns: [{ id: asked, type: accepted_values, column: card, values: [1] }] }",
  );
  const outcome = await examine({ contract, text: "card,a\nsecret99,x\n778899,2\n" });
  const shown = await Promise.all(
    (["validation", "semantic", "preflight", "html"] as const).map((type) =>
      readFile(outcome.artifacts[type]!, "utf8"),
    ),
  );
  expect(shown.join("")).not.toMatch(/secret99|778899/);
  expect(shown.join("")).toContain("(masked)");
});

test("the readable report holds the findings, escaped, and nothing from elsewhere", async () => {
  const evil = '"<script>alert(1)</script>"';
  const outcome = await examine({
    text: csv(
      [...HEADER, '"<img src=x onerror=alert(1)>"'],
      cleanRows().map((row) => [...row.with(3, evil), evil]),
    ),
  });
  const page = await readFile(outcome.artifacts.html!, "utf8");
  expect(page).toContain("&lt;script&gt;");
  expect(page).not.toMatch(/<script|<img|https?:|url\(|@import/i);
  expect(page).toContain("Blocked, nothing changed.");
  expect(page).toContain("prefers-color-scheme: dark");
});

describe("what goes wrong around the file", () => {
  test("a file that changes while it is read is refused", async () => {
    const here = await mkdtemp(join(folder, "growing-"));
    const file = join(here, "train.csv");
    await writeFile(file, csv(HEADER, cleanRows()));
    let grown: Promise<void> | undefined;
    const outcome = await examine({
      file,
      onProgress: () => {
        grown ??= appendFile(file, "1,1,2015-06-01,1,1,1,1,0,0\n");
      },
    });
    await grown;
    expect(outcome).toMatchObject({ finalStatus: "FAIL", blocked: true });
    expect(outcome.findings[0]).toMatchObject({ check: "file_changed", level: "file" });
  });

  test("three gigabytes are refused by their size, unread", async () => {
    const here = await mkdtemp(join(folder, "large-"));
    const file = join(here, "train.csv");
    await writeFile(file, csv(HEADER, cleanRows()));
    await truncate(file, 3 * 1024 ** 3);
    const outcome = await examine({ file });
    expect(outcome.findings).toMatchObject([{ check: "file_size", severity: "FAIL" }]);
    expect(outcome.file?.sha256).toBeNull();
  });

  test("no file, a folder", async () => {
    const absent = await examine({ file: join(folder, "nothing.csv") });
    expect(absent.findings).toMatchObject([
      { check: "format", message: expect.stringContaining("nothing.csv") },
    ]);
    expect(absent.semanticStatus).toBe("SKIPPED");
    expect(await readdir(absent.artifactDir!)).toEqual([
      "preflight_report.html",
      "preflight_report.json",
      "validation_report.json",
    ]);
    await mkdir(join(folder, "folder.csv"), { recursive: true });
    expect((await examine({ file: join(folder, "folder.csv") })).findings[0]!.message).toContain(
      "is a folder",
    );
  });

  test("a million columns", async () => {
    const outcome = await examine({ text: MILLION_COLUMNS });
    expect(outcome.findings).toMatchObject([
      { check: "header", message: expect.stringContaining("longer than") },
    ]);
  });

  test("what a killed examination left goes with a later one; what may still be at work stays", async () => {
    const artifactRoot = await mkdtemp(join(folder, "root-"));
    const [old, young] = [join(artifactRoot, ".work/old-train-1"), join(artifactRoot, ".work/new-train-2")];
    for (const left of [old, young]) {
      await mkdir(left, { recursive: true });
      await writeFile(join(left, "piece-00000.csv"), "1,2\n");
    }
    await utimes(old, new Date(0), new Date(Date.now() - 7 * 3_600_000));
    await examine({ artifactRoot, runId: "one" });
    expect((await readdir(artifactRoot)).toSorted()).toEqual([".work", "one"]);
    expect(await readdir(join(artifactRoot, ".work"))).toEqual(["new-train-2"]);
  });

  test("a run id that is used again is refused, and one that is a path too", async () => {
    const artifactRoot = await mkdtemp(join(folder, "root-"));
    await examine({ artifactRoot, runId: "one" });
    await expect(examine({ artifactRoot, runId: "one" })).rejects.toMatchObject({
      code: "preflight_run_exists",
    });
    await expect(examine({ artifactRoot, runId: "../one" })).rejects.toMatchObject({
      code: "preflight_run_id_invalid",
    });
    expect(await readdir(join(artifactRoot, "one"))).toEqual(["train"]);
  });

  test("an artifact folder that cannot be written is refused with the setting that mends it", async () => {
    await expect(examine({ artifactRoot: join(folder, "store.csv") })).rejects.toMatchObject({
      code: "preflight_artifacts_failed",
      message: expect.stringContaining("PREFLIGHT_ARTIFACT_DIR"),
    });
  });

  test("a full disk leaves no half-written artifact", async ({ skip }) => {
    const disk = smallDisk();
    if (disk === null) return skip("this machine does not let us make a small disk (mount needs root)");
    try {
      const rows = Array.from({ length: 400 }, () => cleanRows()).flat();
      await expect(examine({ artifactRoot: disk, text: csv(HEADER, rows) })).rejects.toMatchObject({
        code: "preflight_disk_full",
        message: expect.stringContaining("is full"),
      });
      const left = await readdir(disk, { recursive: true });
      expect(left.filter((name) => /json|csv|html/.test(name))).toEqual([]);
    } finally {
      execFileSync("umount", [disk]);
      await rm(disk, { recursive: true });
    }
  });
});

test("malformed files never crash it and always give a report", async () => {
  await fc.assert(
    fc.asyncProperty(malformedFile(), async (bytes) => {
      const outcome = await examine({ text: bytes });
      expect(["PASS", "WARN", "FAIL"]).toContain(outcome.finalStatus);
      expect(existsSync(outcome.artifacts.preflight!)).toBe(true);
      expect(outcome.rowsAccepted + outcome.rowsRejected).toBe(
        outcome.unification === null ? 0 : outcome.rowsRead,
      );
      await rm(join(outcome.inputPath, ".."), { recursive: true });
    }),
    { seed: 970_379, numRuns: 120 },
  );
});

/** A disk of 600 kB in memory, where the machine lets us make one. */
function smallDisk(): string | null {
  const path = join(tmpdir(), `small-disk-${process.pid}`);
  try {
    execFileSync("mkdir", ["-p", path]);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=600k", "tmpfs", path], { stdio: "ignore" });
    return path;
  } catch {
    return null;
  }
}
