import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeSample } from "@rossmann/etl";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rossmann } from "./run.ts";
import { type Serving, startServing } from "./serving.ts";

/** Every curl of docs/api.md, in its order, against an installation with a load, a model, a blocked delivery and an alert. */
const GUIDE = readFileSync(fileURLToPath(new URL("../../docs/api.md", import.meta.url)), "utf8");
const requests = [...GUIDE.matchAll(/```bash\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => block!.replaceAll(/\\\n\s*/g, "").split(/\n(?=curl )/))
  .map((text) => text.replaceAll(/\s*\| jq\s*/g, "").trim());
const hasCurl = spawnSync("curl", ["--version"]).error === undefined && process.platform !== "win32";

let folder: string;
let database: TestDatabase;
let serving: Serving | null = null;
let key = "";
const environment = () => ({
  DATABASE_URL: database.url,
  PREFLIGHT_ARTIFACT_DIR: join(folder, "reports"),
  PREFLIGHT_ALERTS_ALLOW_EVALUATE: "1",
  PREFLIGHT_ALERTS_SCHEDULER_AUTO_START: "0",
});
const run = (...words: string[]) => rossmann(folder, words, environment());

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-guide-"));
  database = await createTestDatabase();
  const data = join(folder, "data");
  await writeSample(data, { stores: 3, days: 120, seed: 3 });
  const files = [
    "--train",
    join(data, "train.csv"),
    "--store",
    join(data, "store.csv"),
    "--future",
    join(data, "test.csv"),
  ];
  await run("etl", ...files, "--preflight-mode", "report_only");
  await run("train");
  const train = readFileSync(join(data, "train.csv"), "utf8");
  writeFileSync(join(data, "train.csv"), train.replace(/\n/, "\nno store,7,2015-99-99,x,y,2,0,q,1\n"));
  await run("etl", ...files, "--preflight-mode", "enforce");
  const scopes = "diagnostics:read,diagnostics:operate,diagnostics:admin,data:read,data:write,forecast:run";
  const made = await run("keys", "create", "--name", "guide", "--scopes", scopes, "--json");
  key = (JSON.parse(made.stdout) as { api_key: string }).api_key;
  serving = await startServing(folder, ["serve", "--port", "0"], environment());
});
afterAll(async () => {
  serving?.child.kill("SIGTERM");
  await serving?.ended;
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A value out of a list that the API gives, by the name of its field. */
async function first(path: string, field: string): Promise<string> {
  const answer: unknown = await (
    await fetch(`${serving!.url}/api/v1/${path}`, { headers: { "x-api-key": key } })
  ).json();
  const list = Array.isArray(answer) ? answer : ((answer as { items?: unknown[] }).items ?? []);
  return String(
    (list[0] as Record<string, unknown> | undefined)?.[field] ??
      `no ${field} in ${JSON.stringify(answer).slice(0, 300)}`,
  );
}

const DIAGNOSTICS = "diagnostics/preflight";
const FILLED: Record<string, () => Promise<string> | string> = {
  "<run_id>": () => first(`${DIAGNOSTICS}/runs?source_name=train`, "run_id"),
  "<experiment_id>": () => first("ml/experiments", "experiment_id"),
  "<alert_id>": () => first(`${DIAGNOSTICS}/alerts/active`, "alert_id"),
  "<silence_id>": () => first(`${DIAGNOSTICS}/alerts/silences`, "silence_id"),
  "<attempt_id>": () => first(`${DIAGNOSTICS}/notifications/attempts?days=30`, "attempt_id"),
  "<outbox_id>": () => first(`${DIAGNOSTICS}/notifications/history`, "id"),
  "<tomorrow>": () => new Date(Date.now() + 86_400_000).toISOString(),
};

describe.skipIf(!hasCurl)("docs/api.md (needs curl)", () => {
  test("has a request for every group of routes", () => {
    const { paths } = JSON.parse(
      readFileSync(fileURLToPath(new URL("../../docs/openapi.json", import.meta.url)), "utf8"),
    ) as { paths: Record<string, unknown> };
    const groups = new Set(Object.keys(paths).map((path) => path.split("/")[3]!));
    const shown = new Set(requests.map((text) => /api\/v1\/([\w-]+)/.exec(text)?.[1]));
    const elsewhere = ["session", "planning"];
    expect([...groups].filter((group) => !shown.has(group) && !elsewhere.includes(group))).toEqual([]);
  });

  test.for(requests)("%s", async (text) => {
    let command = text.replaceAll("http://localhost:8000", serving!.url);
    for (const [name, value] of Object.entries(FILLED)) {
      if (command.includes(name)) command = command.replaceAll(name, encodeURI(await value()));
    }
    const output = command.includes(" -o ") ? "" : " -o answer.txt";
    const done = spawnSync("sh", ["-c", `${command}${output} -w '%{http_code} %{content_type}'`], {
      cwd: folder,
      env: { PATH: process.env.PATH, DIAG_API_KEY: key },
      encoding: "utf8",
    });
    const answer = () => readFileSync(join(folder, output === "" ? "manifest.json" : "answer.txt"), "utf8");
    expect([done.stdout, done.stdout.startsWith("2") ? "" : answer()]).toEqual([
      expect.stringMatching(/^2\d\d (application\/json|text\/plain|application\/octet-stream)/),
      "",
    ]);
    if (done.stdout.includes("json")) expect(() => JSON.parse(answer())).not.toThrow();
  });
});
