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
  { name: "overview", path: "/", height: 1000 },
  { name: "store-analytics", path: "/store-analytics?store=7", height: 1000 },
  { name: "forecast-studio", path: "/forecast?store=7", height: 1000 },
  { name: "portfolio-planner", path: "/portfolio-planner?horizon=42", height: 1300 },
  {
    name: "scenario-lab",
    path: "/scenario-lab?store=7&s1=promo.always_on&s2=demand.10*price.-5",
    height: 1300,
  },
  { name: "model-intelligence", path: "/model-intelligence", height: 1000 },
];

const browser = await launchBrowser();
if ("unavailable" in browser) throw new Error(browser.unavailable);
const data = mkdtempSync(join(tmpdir(), "rossmann-pictures-"));
await writeSample(data, { seed: 1 });
const installation = await install(data);
try {
  mkdirSync(OUT, { recursive: true });
  for (const { name, path, height } of PICTURES) {
    const page = await browser.newPage({
      viewport: { width: 1440, height },
      reducedMotion: "reduce",
      colorScheme: "light",
    });
    await page.goto(installation.url + path, { waitUntil: "networkidle" });
    await page.locator('[aria-roledescription="chart"] svg').first().waitFor();
    await page.screenshot({ path: join(OUT, `${name}.png`) });
    await page.close();
    console.log(`docs/images/${name}.png`);
  }
} finally {
  await installation.remove();
  await browser.close();
  rmSync(data, { recursive: true, force: true });
}
