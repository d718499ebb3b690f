/**
 * How long a newcomer waits: `rossmann up` on the sample data in an empty home until the page answers, and the same again
 * with everything in place.
 *
 *   node benchmarks/start.bench.ts
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../cli/src/main.ts", import.meta.url));
const DIST = fileURLToPath(new URL("../frontend/dist", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "rossmann-start-"));
try {
  // the first start of a fresh clone also bundles the dashboard
  rmSync(DIST, { recursive: true, force: true });
  console.log(`first start, until the page is there: ${(await secondsUntilPage()).toFixed(1)} s`);
  console.log(`started again: ${(await secondsUntilPage()).toFixed(1)} s`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function secondsUntilPage(): Promise<number> {
  const started = performance.now();
  const up = spawn(process.execPath, [MAIN, "up", "--data", join(folder, "none"), "--port", "0"], {
    cwd: folder,
    env: { ...process.env, ROSSMANN_HOME: join(folder, "home") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => up.once("close", done));
  let heard = "";
  for await (const chunk of up.stdout) {
    heard += String(chunk);
    const url = /Dashboard\s+(http:\S+)/.exec(heard)?.[1];
    if (url === undefined) continue;
    const page = await fetch(url);
    if (!page.ok || !(await page.text()).includes('<div id="root"'))
      throw new Error(`the page answered ${page.status}`);
    break;
  }
  const seconds = (performance.now() - started) / 1000;
  up.kill("SIGTERM");
  await ended;
  return seconds;
}
