/** Makes the pictures of the documentation from the real dashboard on the sample data: npm run screenshots */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeSample } from "@rossmann/etl";
import { launchBrowser } from "./browser.ts";
import { install } from "./installation.ts";

const OUT = fileURLToPath(new URL("../docs/images/", import.meta.url));
const PICTURES = [
  { name: "overview", path: "/", ready: "chart" },
  { name: "store-analytics", path: "/store-analytics?store=7", ready: "chart" },
  { name: "forecast-studio", path: "/forecast?store=7", ready: "chart" },
  { name: "portfolio-planner", path: "/portfolio-planner", ready: "chart" },
  { name: "scenario-lab", path: "/scenario-lab?store=7", ready: "chart" },
  { name: "data-sources", path: "/data-sources", ready: "page" },
  { name: "contracts", path: "/contracts", ready: "page" },
  { name: "model-intelligence", path: "/model-intelligence", ready: "chart" },
  { name: "preflight-diagnostics", path: "/preflight-diagnostics", ready: "chart" },
  { name: "notifications", path: "/notifications", ready: "page" },
] as const;
const SIZE = { width: 1440, height: 1000 };

const browser = await launchBrowser();
if ("unavailable" in browser) throw new Error(browser.unavailable);
const data = mkdtempSync(join(tmpdir(), "rossmann-pictures-"));
await writeSample(data, { seed: 1 });
const installation = await install(data);
try {
  mkdirSync(OUT, { recursive: true });
  // A delivery with faults, so that the diagnostics and the alerts have something to show.
  const dirty = join(data, "dirty");
  await writeSample(dirty, { seed: 2, stores: 60, dirtyCells: 6 });
  await installation.rossmann(
    "etl",
    "--train",
    join(dirty, "train.csv"),
    "--store",
    join(dirty, "store.csv"),
    "--preflight-mode",
    "enforce",
  );
  const context = await browser.newContext({ viewport: SIZE, reducedMotion: "reduce", colorScheme: "light" });
  const page = await context.newPage();
  const link = /http\S+#code=\S+/.exec(installation.terminal())?.[0];
  if (link === undefined) throw new Error("the start printed no sign-in link");
  await page.goto(link);
  await page.getByRole("heading", { level: 1 }).waitFor();
  for (const { name, path, ready } of PICTURES) {
    await page.goto(installation.url + path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    if (ready === "chart") await page.locator('[aria-roledescription="chart"] svg').first().waitFor();
    await page.waitForLoadState("networkidle", { timeout: 5_000 }).catch(() => undefined);
    await page.screenshot({ path: join(OUT, `${name}.png`) });
    console.log(`docs/images/${name}.png`);
  }
} finally {
  await installation.remove();
  await browser.close();
  rmSync(data, { recursive: true, force: true });
}
