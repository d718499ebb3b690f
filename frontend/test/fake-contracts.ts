import type {
  ContractColumn,
  ContractDetail,
  ContractDiff,
  ContractDryRun,
  ContractProfile,
  ContractRule,
  ContractSummary,
  ContractVersionDetail,
  ContractVersionSummary,
} from "@rossmann/backend";

const ID = "rossmann_input_contract";

const column = (
  canonical_name: string,
  dtype: ContractColumn["dtype"],
  description: string,
  more: Partial<ContractColumn> = {},
): ContractColumn => ({
  canonical_name,
  dtype,
  description,
  required: false,
  nullable: !more.required,
  aliases: [],
  formats: dtype === "date" ? ["YYYY-MM-DD", "DD.MM.YYYY"] : [],
  min: null,
  max: null,
  allowed_values: null,
  max_length: null,
  sensitive: false,
  severity: more.required ? "FAIL" : "WARN",
  ...more,
});

const rule = (
  id: string,
  type: string,
  severity: "WARN" | "FAIL",
  sentence: string,
  target: string[],
  description: string | null = null,
): ContractRule => ({ id, type, severity, sentence, target, description, quarantine: true });

const profile = (
  description: string,
  key: string[],
  columns: ContractColumn[],
  rules: ContractRule[],
): ContractProfile => ({
  required_columns: columns.filter((each) => each.required).map((each) => each.canonical_name),
  aliases: Object.fromEntries(columns.map((each) => [each.canonical_name, each.aliases])),
  dtypes: Object.fromEntries(columns.map((each) => [each.canonical_name, each.dtype])),
  description,
  key,
  duplicates: "allow",
  unknown_columns: { policy: "warn", keep: false },
  ragged_rows: "FAIL",
  columns,
  rules,
});

const store = () =>
  column("store_id", "int", "Number of the store", {
    required: true,
    aliases: ["Store", "storeid", "Filiale"],
    min: 1,
    max: 2_147_483_647,
  });

function profiles(): Record<string, ContractProfile> {
  const flag = { allowed_values: [0, 1] };
  return {
    train: profile(
      "Daily sales, one row per store and day",
      ["store_id", "full_date"],
      [
        store(),
        column("day_of_week", "int", "1 = Monday to 7 = Sunday", {
          required: true,
          aliases: ["DayOfWeek", "Wochentag"],
        }),
        column("full_date", "date", "Business day", {
          required: true,
          aliases: ["Date", "Datum"],
          min: "2000-01-01",
          max: "2100-12-31",
        }),
        column("sales", "float", "Turnover of the day in currency units", {
          required: true,
          aliases: ["Sales", "sale", "Umsatz"],
        }),
        column("customers", "int", "Customers of the day", {
          aliases: ["Customers", "customer_count", "Kunden"],
          min: 0,
        }),
        column("open", "int", "1 open, 0 closed", { aliases: ["Open", "is_open", "Offen"], ...flag }),
        column("promo", "int", "1 when the store ran a promotion", {
          aliases: ["Promo", "promotion", "Aktion"],
          ...flag,
        }),
        column("state_holiday", "string", "0 none, a public holiday, b Easter, c Christmas", {
          aliases: ["StateHoliday", "Feiertag"],
          allowed_values: ["0", "a", "b", "c"],
        }),
      ],
      [
        rule("sales_non_negative", "between", "FAIL", "sales is 0 or more", ["sales"]),
        rule("day_of_week_allowed", "accepted_values", "FAIL", "day_of_week is one of 1, 2, 3, 4, 5, 6, 7", [
          "day_of_week",
        ]),
        rule("customers_null_ratio", "max_null_ratio", "WARN", "at most 10 % of customers is empty", [
          "customers",
        ]),
        rule("train_pk_unique", "composite_unique", "FAIL", "store_id, full_date together are unique", [
          "store_id",
          "full_date",
        ]),
        rule(
          "weekday_matches_date",
          "sql",
          "WARN",
          "The weekday is the one of the date",
          ["day_of_week"],
          "The weekday is the one of the date",
        ),
      ],
    ),
    store: profile(
      "Master data, one row per store",
      ["store_id"],
      [
        store(),
        column("store_type", "string", "One of the chain's store models", {
          aliases: ["StoreType"],
          max_length: 16,
        }),
        column("competition_distance", "float", "Metres to the nearest competitor; empty when unknown", {
          aliases: ["CompetitionDistance"],
          min: 0,
        }),
      ],
      [rule("store_pk_unique", "composite_unique", "FAIL", "store_id is unique", ["store_id"])],
    ),
    known_future: profile(
      "What is known of the days to come, one row per store and day",
      ["store_id", "full_date"],
      [
        store(),
        column("full_date", "date", "Business day", { required: true, aliases: ["Date", "Datum"] }),
        column("open", "int", "1 open, 0 closed; empty when not known", { aliases: ["Open"], ...flag }),
      ],
      [],
    ),
  };
}

const versions: ContractVersionSummary[] = [
  {
    version: "v1",
    created_at: "2026-02-22T00:00:00Z",
    changed_by: "platform-team",
    changelog: "First version with profiles for daily sales, stores and known future days.",
    schema_path: "rossmann_input_contract.v1.yaml",
    is_released: true,
    sha256: "50bdef83a9d13af9f6c8128ee57e6414502a01acda1fa56fb48d326c3764f137",
  },
  {
    version: "v2",
    created_at: "2026-11-02T00:00:00Z",
    changed_by: "platform-team",
    changelog: "Customers are required; the weekday has to be the one of the date.",
    schema_path: "rossmann_input_contract.v2.yaml",
    is_released: false,
    sha256: null,
  },
];

/** What the contract routes say; null = no such route. A string as body is the detail of a refusal. */
export function answerContracts(
  method: string,
  path: string,
  query: URLSearchParams,
): { status: number; body: unknown } | null {
  if (method === "POST" && path.endsWith("/dry-run"))
    return { status: 200, body: dryRun(path.split("/")[4] ?? "") };
  if (method !== "GET" || !path.startsWith("/contracts")) return null;
  const [, , id, kind, version] = path.split("/").map(decodeURIComponent);
  const head = {
    id: ID,
    name: "Rossmann Input Contract",
    description: "Daily sales, store master data and known future days of the chain.",
    is_active: true,
  };
  if (id === undefined) {
    const list: ContractSummary[] = [{ ...head, latest_version: "v2", versions_count: 2 }];
    return { status: 200, body: list };
  }
  if (id !== ID) return { status: 404, body: `There is no contract ${id}.` };
  if (kind === undefined) return { status: 200, body: { ...head, versions } satisfies ContractDetail };
  if (kind === "diff") return { status: 200, body: diff(query.get("from") ?? "v1", query.get("to") ?? "v2") };
  const found = versions.find((each) => each.version === version);
  if (found === undefined) return { status: 404, body: `The contract has no version ${version}.` };
  const detail: ContractVersionDetail = {
    ...found,
    contract_version: found.version,
    limits: { max_rows: 50_000_000, max_file_size_mb: 2048, max_columns: 200, max_line_bytes: 65536 },
    csv: {
      extensions: [".csv"],
      encodings: ["utf-8"],
      delimiters: [",", ";", "\t"],
      decimal_separator: ".",
      null_values: ["NA", "N/A", "NULL", "null"],
      multiline_cells: false,
    },
    strict_types: false,
    profiles: profiles(),
  };
  return { status: 200, body: detail };
}

function diff(from: string, to: string): ContractDiff {
  return {
    contract_id: ID,
    from,
    to,
    is_breaking: true,
    changes: [
      {
        path: "profiles.train.columns.customers.required",
        kind: "changed",
        breaking: true,
        message: "customers becomes required",
      },
      {
        path: "profiles.train.quality_rules.weekday_matches_date",
        kind: "added",
        breaking: true,
        message: "the rule weekday_matches_date (WARN) is new: the weekday is the one of the date",
      },
      {
        path: "profiles.train.columns.customers.aliases",
        kind: "added",
        breaking: false,
        message: 'profiles.train.columns.customers.aliases now also has "kunden"',
      },
    ],
  };
}

/** What a version says of a file that an earlier one let in. */
function dryRun(version: string): ContractDryRun {
  return {
    contract_id: ID,
    version,
    run_id: "20261124_073709_0f1e2d3c",
    source_name: "train",
    profile: "train",
    examined: "delivered",
    file_name: "train.csv",
    file_sha256: "9f86d081",
    before: { contract_id: ID, contract_version: "v1", final_status: "PASS", blocked: false },
    validation_status: "FAIL",
    semantic_status: "PASS",
    final_status: "FAIL",
    would_block: true,
    rows_read: 1_017_209,
    rows_accepted: 0,
    rows_rejected: 0,
    checks: {},
    findings: [
      {
        check: "nullability",
        level: "cell",
        severity: "FAIL",
        column: "customers",
        count: 12,
        message: "12 cells of customers are empty, the first on line 77",
        expected: "not empty",
        samples: [],
        quarantined: false,
      },
    ],
    rules: [],
    elapsed_ms: 2400,
  };
}
