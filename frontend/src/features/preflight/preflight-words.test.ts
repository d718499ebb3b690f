import { expect, test } from "vitest";
import { FAULTS, fakePreflight } from "../../../test/fake-preflight.ts";
import { fileSize } from "../../lib/file-size.ts";
import { serverAddress } from "../../lib/server-address.ts";
import { checkName, filterFindings, groupFindings, isRule } from "./findings.ts";
import { readingFacts } from "./reading-facts.ts";
import { trendDays, trendSentence } from "./trend-days.ts";
import { outcomeWords, runAnswer } from "./verdict-words.ts";

test("groupFindings puts what refuses the file first, and the file as a whole before its columns", () => {
  expect(groupFindings(FAULTS).map(({ severity, column }) => `${severity} ${column}`)).toEqual([
    "FAIL sales",
    "FAIL full_date",
    "FAIL store_id",
    "WARN null",
    "WARN customers",
    "WARN promo",
  ]);
  expect(groupFindings([])).toEqual([]);
});

test("filterFindings keeps what every part of the filter names", () => {
  const none = { check: null, column: null, line: null };
  expect(filterFindings(FAULTS, none)).toHaveLength(FAULTS.length);
  expect(filterFindings(FAULTS, { ...none, line: 911 }).map((each) => each.check)).toEqual(["types"]);
  expect(filterFindings(FAULTS, { ...none, check: "ranges", column: "sales" })).toEqual([]);
});

test("built-in checks have names in words; a rule keeps its own", () => {
  expect([checkName("nullability"), isRule("nullability")]).toEqual(["Empty cells", false]);
  expect([checkName("train_pk_unique"), isRule("train_pk_unique")]).toEqual(["train_pk_unique", true]);
});

const trend = (day: string, pass: number, fail = 0, blocked = 0) => ({
  bucket_start: `${day}T00:00:00.000Z`,
  pass_count: pass,
  warn_count: 0,
  fail_count: fail,
  error_count: 0,
  blocked_count: blocked,
});

test("trendDays gives every day of the window, also those without a run, and ends today", () => {
  const days = trendDays([trend("2026-11-20", 2), trend("2026-11-22", 1, 1, 1)], "7", "2026-11-23");
  expect(days.map((each) => each.day.slice(8))).toEqual(["17", "18", "19", "20", "21", "22", "23"]);
  expect(days.map((each) => each.pass)).toEqual([0, 0, 0, 2, 0, 1, 0]);
  expect(trendSentence(days)).toBe("1 file of 4 failed, 1 of them turned away.");
  expect(trendDays([], "7", "2026-11-23")).toEqual([]);
});

test("trendDays over years keeps only the days with a run", () => {
  expect(trendDays([trend("2020-01-01", 2), trend("2026-11-22", 1)], "all", "2026-11-23")).toHaveLength(2);
});

test("outcomeWords and runAnswer say what came of a delivery in each mode", () => {
  const { runs } = fakePreflight(false, Date.parse("2026-11-25T12:00:00Z"));
  const base = runs[0]!;
  const file = (more: Partial<typeof base>) => ({ ...base, ...more });
  expect(outcomeWords(file({ blocked: true }))).toBe("Blocked, nothing changed");
  expect(outcomeWords(file({ mode: "report_only" }))).toBe("Reported only, loaded as it is");
  expect(outcomeWords(file({ rows_rejected: 2 }))).toBe("Accepted with warnings, 2 rows set aside");
  expect(outcomeWords(file({}), true)).toMatch(/Not loaded either/);
  const answer = (more: Partial<typeof base>, verdict: "PASS" | "WARN" | "FAIL", blocked = false) =>
    runAnswer({
      run_id: "r",
      created_at: base.created_at,
      mode: more.mode ?? "enforce",
      final_status: verdict,
      blocked,
      records: [file({ ...more, final_status: verdict, source_name: "train" })],
    });
  expect(answer({ rows_read: 1200 }, "PASS")).toMatch(/kept its contract: 1 file, 1,200 rows, no fault/);
  expect(answer({ warnings_count: 1, rows_rejected: 3 }, "WARN")).toMatch(
    /loaded with warnings: 1 kind of fault in the sales file; 3 rows set aside/,
  );
  expect(answer({ mode: "report_only", errors_count: 2 }, "FAIL")).toMatch(
    /2 kinds of faults in the sales file, and was loaded as it is: this mode only reports/,
  );
  expect(answer({ errors_count: 2 }, "FAIL", true)).toMatch(
    /Nothing changed; what was loaded before still stands/,
  );
});

test("readingFacts leaves out what is not known", () => {
  const { runs } = fakePreflight();
  const facts = readingFacts({ ...runs[1]!, file_size_bytes: null }, { delimiter: ";" }, null);
  expect(facts.map(([name]) => name)).toEqual(["Form", "Rows", "Profile"]);
  expect(facts[0]?.[1]).toBe("cells separated by semicolon");
});

test("fileSize chooses the unit; a missing size is a dash", () => {
  expect([512, 45_010, 38_057_952, 3e9, null].map(fileSize)).toEqual([
    "512 bytes",
    "45 kB",
    "38.1 MB",
    "3 GB",
    "–",
  ]);
});

test("serverAddress puts the API's host in front where the API is elsewhere", () => {
  expect(serverAddress("/api/v1/x", "/api/v1")).toBe("/api/v1/x");
  expect(serverAddress("/api/v1/x", "https://api.example/api/v1")).toBe("https://api.example/api/v1/x");
});
