/** Reports of a real examination by the API: read, listed, downloaded, and nothing else of the machine. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@rossmann/core";
import { loadContract, type PreflightOutcome, recordOutcome, runPreflight } from "@rossmann/etl";
import { createApiKey, createDataSource } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import {
  artifactsSchema,
  manifestSchema,
  semanticSchema,
  validationSchema,
} from "../src/schemas/preflight-artifacts.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appOn, movableClock } from "./parts.ts";
import { recordRun } from "./preflight-parts.ts";

const HEADER = "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday";
const TEXT = `${HEADER}
1,3,2015-07-01,5263,555,1,1,0,1
2,4,2015-07-02,6064,many,1,0,0,0
3,4,2015-07-02,-50,12,1,0,0,0
`;

let database: TestDatabase;
let folder: string;
let root: string;
let app: Api;
let outcome: PreflightOutcome;
const clock = movableClock();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reports-"));
  root = join(folder, "reports");
  database = await createTestDatabase();
  app = appOn(database.db, {
    settings: { PREFLIGHT_ARTIFACT_DIR: root, RATE_LIMIT_PER_MINUTE: 1_000_000 },
    now: clock.now,
  });
  await writeFile(join(folder, "train.csv"), TEXT);
  outcome = await runPreflight({
    source: "train",
    file: join(folder, "train.csv"),
    contract: await loadContract("rossmann_input_contract"),
    mode: "enforce",
    artifactRoot: root,
    effects: { now: Date.now, logger: createLogger("silent") },
  });
  await recordOutcome(database.db, 1, outcome);
});
afterAll(async () => {
  await app?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  app.inject({ url: `/api/v1/diagnostics/preflight${path}`, headers });
const place = (path: string, run = outcome.runId, source = "train") =>
  `/runs/${run}/sources/${source}/${path}`;
const list = async () => artifactsSchema.parse((await get(place("artifacts"))).json()).artifacts;
const linkTo = async (type: string) =>
  (await list()).find((artifact) => artifact.artifact_type === type)!.download_url!;

describe("the reports", () => {
  test("validation names every broken cell with line, column, key and value", async () => {
    const answer = await get(place("validation"));
    const report = validationSchema.parse(answer.json());
    expect(report).toMatchObject({
      run_id: outcome.runId,
      source_name: "train",
      status: "WARN",
      contract_version: "v1",
      profile: "train",
      file_name: "train.csv",
      artifact_path: `${outcome.runId}/train/validation_report.json`,
      checks: { format: "PASS", types: "WARN" },
    });
    expect(report.findings[0]).toMatchObject({
      check: "types",
      column: "customers",
      count: 1,
      samples: [
        { line: 3, column: "Customers", key: { store_id: "2", full_date: "2015-07-02" }, value: "many" },
      ],
    });
    expect(answer.body).not.toContain(folder);
  });

  test("semantic tells what each rule said", async () => {
    const report = semanticSchema.parse((await get(place("semantic"))).json());
    expect(report.status).toBe("FAIL");
    expect(report.rules.find((rule) => rule.rule_id === "sales_non_negative")).toMatchObject({
      status: "FAIL",
      failed_count: 1,
      target: ["sales"],
    });
    expect(report.counts.failed).toBe(report.rules.filter((rule) => rule.status === "FAIL").length);
    expect(
      report.findings.find((finding) => finding.check === "sales_non_negative")?.samples[0],
    ).toMatchObject({
      line: 4,
      value: "-50",
    });
  });

  test("semantic is found inside the manifest or the whole report where it has no file of its own", async () => {
    const own = (await get(place("semantic"))).json();
    for (const [run, kept] of [
      ["inside_manifest", ["manifest.json", "preflight_report.json"]],
      ["inside_whole", ["preflight_report.json"]],
    ] as const) {
      await mkdir(join(root, run, "train"), { recursive: true });
      for (const name of kept)
        await writeFile(join(root, run, "train", name), await readFile(join(outcome.artifactDir!, name)));
      await recordRun(database.db, { run_id: run, final_status: "FAIL", used_unified: false });
      const report = semanticSchema.parse((await get(place("semantic", run))).json());
      expect(report).toEqual({ ...own, run_id: run, artifact_path: `${run}/train/${kept[0]}` });
    }
  });

  test("manifest tells renames and coercions", async () => {
    const report = manifestSchema.parse((await get(place("manifest"))).json());
    expect(report.renamed_columns).toMatchObject({ Store: "store_id", Date: "full_date" });
    expect(report.coercion_stats.customers).toMatchObject({ expected_dtype: "int", invalid_to_null: 1 });
    expect(report.semantic_quality).toMatchObject({ status: "FAIL" });
  });

  test("a part of the wrong type becomes empty; a rule that says nothing of its status is no PASS", async () => {
    await mkdir(join(root, "odd", "train"), { recursive: true });
    await recordRun(database.db, { run_id: "odd", used_unified: false });
    const odd = { status: "", counts: { total: "3" }, rules: [{ rule_id: "a", observed: 7 }], summary: 4 };
    await writeFile(join(root, "odd/train/semantic_report.json"), JSON.stringify(odd));
    await writeFile(join(root, "odd/train/validation_report.json"), '{"checks": ["a"], "errors": "none"}');
    expect(semanticSchema.parse((await get(place("semantic", "odd"))).json())).toMatchObject({
      status: "ERROR",
      counts: { total: 1, errored: 1 },
      rules: [{ rule_id: "a", rule_type: "unknown", severity: "FAIL", status: "ERROR", observed: {} }],
    });
    expect(validationSchema.parse((await get(place("validation", "odd"))).json())).toMatchObject({
      status: "ERROR",
      checks: {},
      errors: [],
    });
  });

  test.each([
    ["no JSON", "{", "cannot be read as JSON"],
    ["a list", "[1]", "holds no JSON object"],
    ["a wrong encoding", Buffer.from([0xff, 0xfe, 0x00]), "cannot be read as JSON"],
  ])("%s is refused with 400 and breaks nothing else", async (_title, content, words) => {
    await mkdir(join(root, "torn", "store"), { recursive: true });
    await recordRun(database.db, { run_id: "torn", source_name: "store" }).catch(() => undefined);
    await writeFile(join(root, "torn/store/manifest.json"), content);
    const answer = await get(place("manifest", "torn", "store"));
    expect(answer.statusCode).toBe(400);
    expect(problemSchema.parse(answer.json()).detail).toContain(`torn/store/manifest.json ${words}`);
    expect((await get("/runs")).statusCode).toBe(200);
    expect((await get("/rules/top")).statusCode).toBe(200);
  });

  test("are 404 where there are none, each with its reason", async () => {
    await recordRun(database.db, { run_id: "off", mode: "off", artifact_dir: null, used_unified: false });
    for (const [path, words] of [
      [place("manifest", "unheard-of"), "there is no preflight run unheard-of"],
      [place("manifest", outcome.runId, "store"), "Source 'store' was not examined"],
      [place("manifest", "off"), "is not available"],
      [place("download/unified_csv", "odd"), "is not available"],
    ] as const) {
      const answer = await get(path);
      expect(answer.statusCode).toBe(404);
      expect(answer.json().detail).toContain(words);
    }
    expect((await get(place("manifest", outcome.runId, "sales"))).statusCode).toBe(422);
    expect((await get(place("download/everything"))).statusCode).toBe(422);
  });
});

describe("the list of artifacts", () => {
  test("names all types in order, sizes and links only of those that are there, and no folder of the machine", async () => {
    const answer = await get(place("artifacts"));
    expect(answer.body).not.toContain(folder);
    const { artifacts, artifact_dir } = artifactsSchema.parse(answer.json());
    expect(artifact_dir).toBe(`${outcome.runId}/train`);
    expect(artifacts.map(({ artifact_type, available }) => [artifact_type, available])).toEqual([
      ["validation", true],
      ["semantic", true],
      ["manifest", true],
      ["preflight", true],
      ["unified_csv", true],
      ["rejected_rows", true],
      ["html", true],
    ]);
    const none = artifactsSchema.parse((await get(place("artifacts", "off"))).json());
    expect(none.artifacts.every((artifact) => !artifact.available && artifact.download_url === null)).toBe(
      true,
    );
  });
});

test("a key that is bound to another data source finds neither reports nor downloads", async () => {
  const other = await createDataSource(database.db, { name: "Another chain" });
  const keyOf = async (name: string, id: number) =>
    (
      await createApiKey(database.db, {
        name,
        scopes: ["diagnostics:read"],
        createdBy: "test",
        dataSourceIds: [id],
      })
    ).secret;
  const [stranger, owner] = [await keyOf("stranger", other.id), await keyOf("owner", 1)];
  for (const path of ["artifacts", "validation", "semantic", "manifest", "download/validation"]) {
    expect((await get(place(path), { "x-api-key": owner })).statusCode).toBe(200);
    const refused = await get(place(path), { "x-api-key": stranger });
    expect(refused.statusCode).toBe(404);
    expect(refused.json()).toMatchObject({ code: "preflight_run_unknown" });
  }
});

describe("a download", () => {
  test("is the file itself, whole or in parts", async () => {
    const file = await readFile(join(outcome.artifactDir!, "validation_report.json"));
    const whole = await get(place("download/validation"), { "accept-encoding": "gzip, br" });
    expect(whole.rawPayload.equals(file)).toBe(true);
    expect(whole.headers).toMatchObject({
      "content-type": "application/json",
      "content-disposition": 'attachment; filename="validation_report.json"',
      "content-length": String(file.length),
      "accept-ranges": "bytes",
    });
    const part = await get(place("download/validation"), { range: "bytes=2-9" });
    expect(part.statusCode).toBe(206);
    expect(part.rawPayload.equals(file.subarray(2, 10))).toBe(true);
    const again = await get(place("download/validation"), { "if-none-match": String(whole.headers.etag) });
    expect(again.statusCode).toBe(304);
  });

  test.each([
    [416, { range: "bytes=9999999-" }, "range_invalid"],
    [412, { "if-unmodified-since": "Thu, 01 Jan 1970 00:00:00 GMT" }, "condition_failed"],
  ])(
    "that cannot be given as asked is refused with %i in the form of every refusal",
    async (status, headers, code) => {
      const answer = await get(place("download/validation"), headers);
      expect(answer.statusCode).toBe(status);
      expect(answer.headers["content-type"]).toMatch("application/problem+json");
      expect(problemSchema.parse(answer.json())).toMatchObject({ status, code });
    },
  );

  test("of rejected rows holds each row with its reasons", async () => {
    const rows = await get(place("download/rejected_rows"));
    expect(rows.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(rows.body).toContain("many");
    expect(rows.body).toContain("sales_non_negative");
  });

  test("of the readable report opens as a page that can do nothing", async () => {
    const page = await app.inject(await linkTo("html"));
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["content-disposition"]).toMatch(/^inline/);
    expect(page.headers["content-security-policy"]).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    expect(page.body).toContain("sales_non_negative");
  });

  test("by a signed link needs no header, also at another process on the same database", async () => {
    const link = await linkTo("unified_csv");
    const options = { settings: { PREFLIGHT_ARTIFACT_DIR: root }, now: clock.now, scopes: null };
    const [without, other] = [appOn(database.db, options), appOn(database.db, options)];
    expect((await without.inject(`/api/v1/diagnostics/preflight${place("artifacts")}`)).statusCode).toBe(401);
    for (const server of [without, other]) {
      const answer = await server.inject(link);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toBe(await readFile(join(outcome.artifactDir!, "unified.csv"), "utf8"));
    }
    await Promise.all([without.close(), other.close()]);
  });

  test("by a signed link ends after a quarter of an hour", async () => {
    const link = await linkTo("manifest");
    clock.pass(15 * 60_000);
    expect((await app.inject(link)).statusCode).toBe(200);
    clock.pass(1000);
    const late = await app.inject(link);
    expect(late.statusCode).toBe(403);
    expect(late.json()).toMatchObject({ code: "link_expired" });
  });

  test("by a link that was changed anywhere is refused", async () => {
    const link = new URL(await linkTo("manifest"), "http://localhost");
    const changes: [string, string][] = [
      ["run_id", "odd"],
      ["source_name", "store"],
      ["expires", String(Number(link.searchParams.get("expires")) + 1)],
      ["signature", ""],
      ["signature", "A".repeat(43)],
      ["signature", link.searchParams.get("signature")!.slice(0, -2)],
    ];
    for (const [name, value] of changes) {
      const changed = new URL(link);
      changed.searchParams.set(name, value);
      const answer = await app.inject(`${changed.pathname}${changed.search}`);
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ code: "link_invalid" });
    }
    const otherType = await app.inject(`${link.pathname.replace("manifest", "preflight")}${link.search}`);
    expect(otherType.statusCode).toBe(403);
    expect((await app.inject(link.pathname)).statusCode).toBe(422);
  });
});

describe("nothing outside the folder of reports", () => {
  const SECRET = "not for anybody";
  const steps = ["..", "%2e%2e", "..%2f..", "%2e%2e%2f%2e%2e", "..%5c..", "....//", "..;", "%252e%252e", "~"];
  const targets = [
    "secret.json",
    "etc/passwd",
    "%2fetc%2fpasswd",
    "secret.json%00.json",
    "secret.json%20",
    "C:%5cboot",
  ];
  const forms = steps.flatMap((step) => targets.map((target) => `${step}/${target}`));
  const requests = () => [
    ...forms.map((form) => `/runs/${form}/sources/train/manifest`),
    ...forms.map((form) => place(`download/${form}`)),
    ...forms.map((form) => `/runs/${outcome.runId}/sources/${form}/download/manifest`),
  ];

  beforeAll(async () => {
    await writeFile(join(folder, "secret.json"), JSON.stringify({ status: SECRET }));
    await writeFile(join(folder, "manifest.json"), JSON.stringify({ contract_version: SECRET }));
  });

  test(`is served for any of ${3 * forms.length} forms of a path in the address`, async () => {
    expect(requests().length).toBeGreaterThanOrEqual(100);
    for (const path of requests()) {
      const answer = await get(path);
      expect([400, 404, 414, 422], path).toContain(answer.statusCode);
      expect(answer.body).not.toContain(SECRET);
    }
  });

  test.each([
    ["..", "../manifest.json"],
    ["../..", null],
    ["/etc", "/etc/passwd"],
    ["", "manifest.json"],
    [".", "manifest.json"],
    ["linked/train", null],
  ])("is served where the registry itself says %j, %j", async (artifact_dir, manifest_path) => {
    await symlink(folder, join(root, "linked")).catch(() => undefined);
    await mkdir(join(folder, "train"), { recursive: true });
    await writeFile(join(folder, "train/manifest.json"), JSON.stringify({ contract_version: SECRET }));
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from preflight_run_registry`.execute(
      database.db,
    );
    const run_id = `moved_${rows[0]!.n}`;
    await recordRun(database.db, { run_id, artifact_dir, manifest_path });
    for (const path of ["manifest", "download/manifest", "artifacts"]) {
      const answer = await get(place(path, run_id));
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({
        code: "artifact_outside",
        detail: expect.stringContaining("outside"),
      });
      expect(answer.body).not.toContain(folder);
    }
  });

  test("is served where one registered path leads out, even if the file beside it is good", async () => {
    const manifest_path = "../secret.json";
    await mkdir(join(root, "half", "train"), { recursive: true });
    await writeFile(join(root, "half/train/manifest.json"), "{}");
    await recordRun(database.db, { run_id: "half", manifest_path });
    expect((await get(place("manifest", "half"))).statusCode).toBe(403);
  });

  test("is served through a link in the folder of a run", async () => {
    await mkdir(join(root, "link", "train"), { recursive: true });
    await symlink(join(folder, "manifest.json"), join(root, "link/train/manifest.json"));
    await recordRun(database.db, { run_id: "link" });
    const answer = await get(place("manifest", "link"));
    expect(answer.statusCode).toBe(403);
    expect(answer.body).not.toContain(SECRET);
  });
});
