import { existsSync } from "node:fs";
import { type Browser, chromium as playwright } from "playwright-core";

/** Where an installed Chrome or Chromium is usually found. */
const INSTALLED = [
  process.env.CHROME_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
  "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
];

/** No traffic of the browser's own: the journeys must be silent but for the page. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A headless browser: the Chromium that comes from npm on Linux x64, else an installed Chrome.
 *
 * @returns the browser, or the reason why none could be started, with the mend
 */
export async function launchBrowser(): Promise<Browser | { unavailable: string }> {
  const faults: string[] = [];
  for (const candidate of candidates()) {
    try {
      const executablePath = await candidate();
      return await playwright.launch({ executablePath, args: QUIET, headless: true });
    } catch (error) {
      faults.push(error instanceof Error ? (error.message.split("\n")[0] ?? error.message) : String(error));
    }
  }
  return {
    unavailable: `no browser could be started (${faults.join("; ") || "none found"}): install Chrome or Chromium, or set CHROME_PATH`,
  };
}

function candidates(): (() => Promise<string>)[] {
  const installed = INSTALLED.filter((path) => path !== undefined && existsSync(path)).map(
    (path) => async () => path as string,
  );
  if (process.platform !== "linux" || process.arch !== "x64") return installed;
  return [
    async () => {
      const { default: bundled } = await import("@sparticuz/chromium");
      // its own launch arguments are left out: they turn web security off and run everything in one process
      return bundled.executablePath();
    },
    ...installed,
  ];
}
