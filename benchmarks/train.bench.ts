/**
 * Load, train and predict on a folder of CSVs through the real commands, with the time and the largest memory of each; then
 * the tables of the model card.
 *
 *   ROSSMANN_DATA=folder node benchmarks/train.bench.ts [--profile quick|full]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { accuracyTables } from "./accuracy-tables.ts";

const MAIN = fileURLToPath(new URL("../cli/src/main.ts", import.meta.url));
const MEMORY_POLL_MS = 100;

const { values } = parseArgs({ options: { profile: { type: "string", default: "quick" } } });
const data = process.env.ROSSMANN_DATA;
if (data === undefined)
  throw new Error("set ROSSMANN_DATA to the folder that holds train.csv, store.csv and test.csv");
const file = (name: string) => join(data, name);

const folder = mkdtempSync(join(tmpdir(), "rossmann-train-"));
try {
  await measured(
    "etl",
    "--train",
    file("train.csv"),
    "--store",
    file("store.csv"),
    "--future",
    file("test.csv"),
  );
  const answer = JSON.parse(await measured("train", "--profile", values.profile, "--json"));
  await measured("predict", "--input", file("test.csv"), "--output", join(folder, "out.csv"), "--intervals");
  console.log(accuracyTables(answer));
  console.log(
    `${readFileSync(join(folder, "out.csv"), "utf8").trim().split("\n").length - 1} rows predicted`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Run one command and give what it answers, showing its wall time and the largest resident memory of its Node process. */
async function measured(...words: string[]): Promise<string> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { ...process.env, ROSSMANN_HOME: join(folder, "home") },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let answer = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  let peakBytes = 0;
  const poll = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(child.pid));
  }, MEMORY_POLL_MS);
  const code = await new Promise<number | null>((done) => child.once("close", done));
  clearInterval(poll);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `rossmann ${words[0]}: ${seconds} s, ${Math.round(peakBytes / 1e6)} MB at most, exit ${code}\n`,
  );
  return answer;
}

/** Linux only; 0 elsewhere or when the process has ended. */
function residentBytes(pid: number | undefined): number {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1];
    return Number(pages) * 4096;
  } catch {
    return 0;
  }
}
