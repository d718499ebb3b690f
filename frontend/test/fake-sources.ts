import type { DataSourceItem, EtlRunItem, UploadItem } from "@rossmann/backend";

const HOUR = 3_600_000;

export interface FakeSources {
  list: DataSourceItem[];
  uploads: UploadItem[];
  /** null = no such route; a string as body is the detail of a refusal */
  answer: (
    method: string,
    path: string,
    query: URLSearchParams,
    body?: unknown,
  ) => { status: number; body: unknown } | null;
}

const source = (id: number, name: string, more: Partial<DataSourceItem> = {}): DataSourceItem => ({
  id,
  name,
  description: null,
  source_type: "cms",
  related_contract_id: "rossmann_input_contract",
  related_contract_version: "v1",
  is_active: true,
  is_default: false,
  created_at: new Date(Date.now() - 90 * 24 * HOUR).toISOString(),
  updated_at: new Date(Date.now() - 24 * HOUR).toISOString(),
  last_preflight_status: null,
  last_preflight_at: null,
  last_preflight_run_id: null,
  last_load: null,
  stores_count: 0,
  sales_rows_count: 0,
  date_from: null,
  date_to: null,
  loaded_at: null,
  ...more,
});

const load = (hours: number, more: Partial<EtlRunItem> = {}): EtlRunItem => {
  const started = Date.now() - hours * HOUR;
  return {
    run_id: `etl_${new Date(started).toISOString().replace(/[-:]/g, "").slice(0, 15)}Z_0f1e2d3c`,
    status: "COMPLETED",
    started_at: new Date(started).toISOString(),
    finished_at: new Date(started + 8_400).toISOString(),
    data_source_id: 1,
    load_kind: "full",
    preflight_mode: "enforce",
    rows_read: 1_017_209,
    rows_accepted: 1_017_209,
    rows_rejected: 0,
    rows_unchanged: 0,
    files: [
      { source_name: "train", label: "train.csv", size_bytes: 38_057_952, sha256: "9f86d081" },
      { source_name: "store", label: "store.csv", size_bytes: 45_010, sha256: "60303ae2" },
    ],
    error_message: null,
    ...more,
  };
};

const upload = (hours: number, status: UploadItem["status"], more: Partial<UploadItem> = {}): UploadItem => ({
  upload_id: `upl_${String(Math.round(hours * 100)).padStart(20, "0")}`,
  data_source_id: 1,
  status,
  attempt: 1,
  kind: "full",
  preflight_mode: "enforce",
  created_at: new Date(Date.now() - hours * HOUR).toISOString(),
  created_by: "planning-team",
  started_at: null,
  finished_at: null,
  files: [
    { source_name: "train", name: "train.csv", size_bytes: 38_057_952, sha256: "9f86d081" },
    { source_name: "store", name: "store.csv", size_bytes: 45_010, sha256: "60303ae2" },
  ],
  progress: null,
  etl_run_id: null,
  result: null,
  error: null,
  can_retry: false,
  ...more,
});

/** Two clients in memory: one with data, one without. */
export function fakeSources(isEmpty = false): FakeSources {
  const loads = isEmpty
    ? []
    : [
        load(1, {
          status: "FAILED",
          rows_accepted: 0,
          error_message:
            "train.csv breaks its contract in 6 ways, the first: 3 cells of sales are no numbers; nothing was loaded",
        }),
        load(26, { rows_rejected: 42, rows_accepted: 1_017_167 }),
        load(50, { preflight_mode: "report_only" }),
        load(340, { preflight_mode: "off" }),
      ];
  const fake: FakeSources = {
    uploads: isEmpty
      ? []
      : [
          upload(0.01, "RUNNING", {
            progress: { phase: "check", rows: 412_000, rows_per_second: 400_000, elapsed_ms: 1_100 },
          }),
          upload(1, "FAILED", {
            etl_run_id: loads[0]?.run_id ?? null,
            error: {
              code: "preflight_blocked",
              detail:
                'train.csv breaks its contract: 3 cells of sales are no numbers, the first "5,263.00" on line 4',
            },
            can_retry: true,
          }),
          upload(26, "COMPLETED", {
            etl_run_id: loads[1]?.run_id ?? null,
            result: { rows_read: 1_017_209, rows_accepted: 1_017_167, rows_rejected: 42, rows_unchanged: 0 },
          }),
        ],
    list: [
      source(
        1,
        "Rossmann Default",
        isEmpty
          ? { is_default: true }
          : {
              is_default: true,
              description: "The chain's own shops, delivered every night by the till system.",
              last_preflight_status: "FAIL",
              last_preflight_at: new Date(Date.now() - HOUR).toISOString(),
              last_preflight_run_id: "20261125_123709_0f1e2d3c",
              last_load: {
                run_id: loads[0]?.run_id ?? "",
                status: "FAILED",
                started_at: new Date(Date.now() - HOUR).toISOString(),
                error_message: "train.csv breaks its contract",
              },
              stores_count: 1115,
              sales_rows_count: 1_017_209,
              date_from: "2013-01-01",
              date_to: "2015-07-31",
              loaded_at: new Date(Date.now() - 26 * HOUR).toISOString(),
            },
      ),
      source(2, "Nordmarkt", { description: "Partner in the north; sends semicolons and German dates." }),
    ],
    answer(method, path, query, body) {
      if (path === "/etl/runs") {
        const items = Number(query.get("data_source_id") ?? 1) === 1 ? loads : [];
        return { status: 200, body: { items, limit: 20, next_cursor: null, data_source_id: 1 } };
      }
      if (!path.startsWith("/data-sources")) return null;
      const [, , id, what] = path.split("/");
      if (id === undefined) {
        if (method === "GET") return { status: 200, body: fake.list };
        const fields = body as Partial<DataSourceItem>;
        if (fake.list.some((each) => each.name === fields.name))
          return { status: 400, body: `a data source named "${fields.name}" exists already` };
        const made = source(fake.list.length + 1, fields.name ?? "", fields);
        fake.list = [...fake.list, made];
        return { status: 201, body: made };
      }
      const found = fake.list.find((each) => each.id === Number(id));
      if (found === undefined) return { status: 404, body: `there is no data source ${id}` };
      if (what === "preflight-runs") return { status: 200, body: [] };
      if (what === "uploads") {
        const [, , , , uploadId, verb] = path.split("/");
        const one = fake.uploads.find((each) => each.upload_id === uploadId);
        if (verb === "cancel" && one) one.status = "CANCELLED";
        if (verb === "retry" && one) Object.assign(one, { status: "QUEUED", error: null, can_retry: false });
        const own = fake.uploads.filter((each) => each.data_source_id === found.id);
        return { status: 200, body: one ?? { items: own, limit: 5, next_cursor: null } };
      }
      if (method === "PATCH") {
        fake.list = fake.list.map((each) => (each === found ? { ...each, ...(body as object) } : each));
        return { status: 200, body: fake.list.find((each) => each.id === found.id) };
      }
      if (method === "DELETE") {
        fake.list = fake.list.filter((each) => each !== found);
        return { status: 200, body: found };
      }
      return { status: 200, body: found };
    },
  };
  return fake;
}
