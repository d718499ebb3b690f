import type { PreflightFinding, PreflightRun, PreflightRunDetail, PreflightRuns } from "@rossmann/backend";

const CONTRACT = "rossmann_input_contract";
const BASE = "/diagnostics/preflight";

/** Places of one fault: line, store, day, what stands there. */
const places = (column: string, expected: string, rows: [number, string, string, string | null][]) =>
  rows.map(([line, store_id, full_date, value]) => ({
    line,
    column,
    key: { store_id, full_date },
    value,
    expected,
  }));

const finding = (
  check: string,
  severity: "FAIL" | "WARN",
  column: string | null,
  message: string,
  expected: string,
  samples: PreflightFinding["samples"],
  count = samples.length,
): PreflightFinding => ({
  check,
  level: "cell",
  severity,
  column,
  count,
  message,
  expected,
  samples,
  quarantined: severity === "WARN",
});

/** Ten faults, as a file can have them. */
export const FAULTS: PreflightFinding[] = [
  finding(
    "types",
    "FAIL",
    "sales",
    '3 cells of sales are no numbers, the first "5,263.00" on line 4; write 5263 or 5263.50',
    "a number",
    places("Sales", "a number", [
      [4, "1", "2015-07-29", "5,263.00"],
      [911, "3", "2015-07-12", "n/v"],
      [12040, "17", "2015-05-02", "12 034"],
    ]),
  ),
  finding(
    "nullability",
    "FAIL",
    "full_date",
    "1 cell of full_date is empty, on line 77; every row needs its day",
    "not empty",
    places("Date", "not empty", [[77, "2", "–", null]]),
  ),
  finding(
    "ranges",
    "WARN",
    "customers",
    '41 cells of customers are out of range, the first "-1" on line 15',
    "0 or more",
    places("Customers", "0 or more", [
      [15, "1", "2015-07-17", "-1"],
      [16, "1", "2015-07-16", "-20"],
    ]),
    41,
  ),
  finding(
    "allowed_values",
    "WARN",
    "promo",
    '1 cell of promo is not in the list: "yes" on line 210',
    "0 or 1",
    places("Promo", "0 or 1", [[210, "1", "2015-01-03", "yes"]]),
  ),
  finding(
    "extra_columns",
    "WARN",
    null,
    "the file has 1 column that the contract does not know: Weather",
    "no other columns",
    [],
    1,
  ),
  {
    ...finding(
      "train_pk_unique",
      "FAIL",
      "store_id",
      "store_id, full_date together are unique: 2 rows share a key with another one",
      "store_id, full_date together are unique",
      places("Store", "store_id, full_date together are unique", [
        [1400, "2", "2015-04-01", "2"],
        [1401, "2", "2015-04-01", "2"],
      ]),
    ),
    level: "semantic",
  },
];

const HOUR = 3_600_000;

function record(
  at: number,
  source_name: "train" | "store",
  verdict: "PASS" | "WARN" | "FAIL",
  mode: PreflightRun["mode"],
): PreflightRun {
  const isTrain = source_name === "train";
  const created_at = new Date(at).toISOString();
  const run_id = `${created_at.replace(/[-:]/g, "").replace("T", "_").slice(0, 15)}_0f1e2d3c`;
  const faults = isTrain && verdict !== "PASS";
  const blocked = verdict === "FAIL" && mode === "enforce";
  return {
    run_id,
    created_at,
    mode,
    source_name,
    validation_status: verdict,
    semantic_status: verdict,
    final_status: verdict,
    blocked,
    block_reason: blocked ? "validation_fail" : null,
    used_unified: mode === "enforce" && !blocked,
    used_input_path: `${source_name}.csv`,
    artifact_dir: `${run_id}/${source_name}`,
    validation_report_path: null,
    manifest_path: null,
    data_source_id: 1,
    contract_id: CONTRACT,
    contract_version: "v1",
    profile: source_name,
    file_name: `${source_name}.csv`,
    file_size_bytes: isTrain ? 38_057_952 : 45_010,
    file_sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    rows_read: isTrain ? 1_017_209 : 1_115,
    rows_accepted: isTrain ? 1_017_209 - (faults ? 42 : 0) : 1_115,
    rows_rejected: faults ? 42 : 0,
    errors_count: verdict === "FAIL" && isTrain ? 2 : 0,
    warnings_count: faults ? 3 : 0,
    rules_total: 8,
    rules_failed: verdict === "FAIL" && isTrain ? 1 : 0,
    rules_warned: 0,
    elapsed_ms: 2400,
  };
}

export interface FakePreflight {
  runs: PreflightRun[];
  /** null = no such route; a string as body is the detail of a refusal */
  answer: (path: string, query: URLSearchParams) => { status: number; body: unknown } | null;
}

/**
 * A registry of examined files in memory.
 *
 * @param isEmpty nothing has been examined yet
 * @param now     the newest run is an hour old
 */
export function fakePreflight(isEmpty = false, now = Date.now()): FakePreflight {
  const runs: PreflightRun[] = isEmpty
    ? []
    : Array.from({ length: 26 }, (_, i) => {
        const at = now - HOUR - i * 29 * HOUR;
        const verdict = i === 0 || i % 9 === 4 ? "FAIL" : i % 3 === 1 ? "WARN" : "PASS";
        const mode = i % 5 === 3 ? "report_only" : "enforce";
        return [record(at, "store", "PASS", mode), record(at, "train", verdict, mode)];
      }).flat();

  const detail = (records: PreflightRun[]): PreflightRunDetail => {
    const worst = (["FAIL", "WARN", "PASS"] as const).find((each) =>
      records.some((one) => one.final_status === each),
    );
    const [first] = records as [PreflightRun];
    return {
      run_id: first.run_id,
      created_at: first.created_at,
      mode: first.mode,
      final_status: worst ?? "PASS",
      blocked: records.some((one) => one.blocked),
      records,
    };
  };
  const refused = (body: string) => ({ status: 404, body });

  return {
    runs,
    answer(path, query) {
      if (!path.startsWith(`${BASE}/`)) return null;
      const rest = path.slice(BASE.length + 1).split("/");
      if (rest[0] === "latest")
        return runs.length === 0
          ? refused("no file has been examined here yet")
          : { status: 200, body: detail(runs.slice(0, 2)) };
      if (rest[0] === "stats" || rest[0] === "trends" || rest[0] === "rules") return statistics(rest, query);
      if (rest[0] !== "runs") return null;
      if (rest.length === 1) return { status: 200, body: list(query) };
      const records = runs.filter((each) => each.run_id === rest[1]);
      if (records.length === 0) return refused(`there is no preflight run ${rest[1]}`);
      if (rest.length === 2) return { status: 200, body: detail(records) };
      const run = records.find((each) => each.source_name === rest[3]);
      return run === undefined ? refused("no such file") : report(run, rest[4] ?? "");
    },
  };

  function list(query: URLSearchParams): PreflightRuns {
    const [limit, from] = [Number(query.get("limit") ?? 20), Number(query.get("cursor") ?? 0)];
    const found = runs.filter(
      (each) =>
        (query.get("source_name") ?? each.source_name) === each.source_name &&
        (query.get("mode") ?? each.mode) === each.mode &&
        (query.get("final_status") ?? each.final_status) === each.final_status,
    );
    return {
      items: found.slice(from, from + limit),
      limit,
      source_name: null,
      data_source_id: null,
      mode: null,
      final_status: null,
      next_cursor: found.length > from + limit ? String(from + limit) : null,
    };
  }

  function statistics([what]: string[], query: URLSearchParams) {
    const days = query.get("days");
    const seen = runs.filter(
      (each) => days === null || now - Date.parse(each.created_at) < Number(days) * 24 * HOUR,
    );
    const amount = (verdict: string, among = seen) =>
      among.filter((one) => one.final_status === verdict).length;
    if (what === "stats")
      return {
        status: 200,
        body: {
          total_runs: seen.length,
          pass_count: amount("PASS"),
          warn_count: amount("WARN"),
          fail_count: amount("FAIL"),
          error_count: 0,
          skipped_count: 0,
          blocked_count: seen.filter((one) => one.blocked).length,
          used_unified_count: seen.filter((one) => one.used_unified).length,
          used_unified_rate: seen.filter((one) => one.used_unified).length / Math.max(1, seen.length),
          by_source: {},
          filters: {},
        },
      };
    if (what === "trends") {
      const buckets = [...new Set(seen.map((one) => one.created_at.slice(0, 10)))].sort();
      return {
        status: 200,
        body: {
          bucket: "day",
          items: buckets.map((bucket) => {
            const own = seen.filter((one) => one.created_at.startsWith(bucket));
            return {
              bucket_start: `${bucket}T00:00:00.000Z`,
              pass_count: amount("PASS", own),
              warn_count: amount("WARN", own),
              fail_count: amount("FAIL", own),
              error_count: 0,
              blocked_count: own.filter((one) => one.blocked).length,
            };
          }),
          filters: {},
        },
      };
    }
    const top = (rule_id: string, rule_type: string, severity: string, times: number, message: string) => ({
      rule_id,
      rule_type,
      severity,
      warn_count: severity === "WARN" ? times : 0,
      fail_count: severity === "FAIL" ? times : 0,
      error_count: 0,
      last_seen_at: runs[0]?.created_at ?? "",
      sample_message: message,
    });
    return {
      status: 200,
      body: {
        items:
          seen.length === 0
            ? []
            : [
                top("train_pk_unique", "composite_unique", "FAIL", 4, "2 rows share a key with another one"),
                top("customers_null_ratio", "max_null_ratio", "WARN", 7, "12.4 % of the cells are empty"),
                top("weekday_matches_date", "sql", "WARN", 2, "3 rows"),
              ],
        limit: 10,
        filters: {},
      },
    };
  }

  function report(run: PreflightRun, what: string): { status: number; body: unknown } {
    const { run_id, source_name } = run;
    const isFaulty = run.final_status !== "PASS";
    const own = isFaulty
      ? FAULTS.filter((each) => run.final_status === "FAIL" || each.severity === "WARN")
      : [];
    const place = { run_id, source_name, artifact_path: "" };
    if (what === "validation")
      return {
        status: 200,
        body: {
          ...place,
          status: run.validation_status,
          contract_version: "v1",
          profile: source_name,
          checks: {},
          errors: [],
          warnings: [],
          summary: isFaulty
            ? "The file breaks its contract and must not be loaded."
            : "The file keeps its contract.",
          metadata: { encoding: "utf-8", delimiter: "," },
          findings: own.filter((each) => each.level !== "semantic"),
        },
      };
    const rule = (rule_id: string, status: string, expectation: string, message: string) => ({
      rule_id,
      rule_type: "between",
      severity: "FAIL",
      status,
      message,
      target: [],
      observed: {},
      expectation,
      failed_count: status === "PASS" ? 0 : 2,
    });
    if (what === "semantic")
      return {
        status: 200,
        body: {
          ...place,
          status: run.semantic_status,
          summary: "Every rule is kept.",
          counts: { total: 3, passed: 2, warned: 0, failed: isFaulty ? 1 : 0, skipped: 0, errored: 0 },
          rules: [
            rule("sales_non_negative", "PASS", "sales is 0 or more", "0 values out of range"),
            rule(
              "train_pk_unique",
              isFaulty ? "FAIL" : "PASS",
              "store_id, full_date together are unique",
              "2 rows share a key with another one",
            ),
            rule(
              "train_store_known",
              "SKIPPED",
              "store_id is found in the store file",
              "no store file came along",
            ),
          ],
          findings: own.filter((each) => each.level === "semantic"),
        },
      };
    if (what === "manifest")
      return {
        status: 200,
        body: {
          ...place,
          renamed_columns: { Store: "store_id", Date: "full_date", Sales: "sales", Customers: "customers" },
          extra_columns_dropped: ["Weather"],
          retained_extra_columns: [],
          final_canonical_columns: ["store_id", "full_date", "sales", "customers"],
          absent_columns: ["school_holiday"],
          coercion_stats: Object.fromEntries(
            ["store_id", "full_date", "sales", "customers"].map((column, i) => [
              column,
              {
                expected_dtype: ["int", "date", "float", "int"][i],
                invalid_to_null: i === 2 ? 3 : 0,
                null_count_after: i,
                coerced: i * 12,
              },
            ]),
          ),
          output_row_count: run.rows_accepted,
          output_column_count: 4,
          rejected_row_count: run.rows_rejected,
        },
      };
    if (what === "artifacts")
      return {
        status: 200,
        body: {
          run_id,
          source_name,
          artifacts: [
            "validation",
            "semantic",
            "manifest",
            "preflight",
            "unified_csv",
            "rejected_rows",
            "html",
          ].map((artifact_type, i) => ({
            artifact_type,
            available: artifact_type !== "rejected_rows" || run.rows_rejected > 0,
            file_name: `${artifact_type}.${artifact_type.endsWith("s") || artifact_type.endsWith("csv") ? "csv" : artifact_type === "html" ? "html" : "json"}`,
            size_bytes: 1200 * (i + 1) ** 3,
            content_type: "application/json",
            download_url: `/api/v1${BASE}/download/${artifact_type}?signature=fake`,
          })),
        },
      };
    return refused("there is nothing like that");
  }
}
