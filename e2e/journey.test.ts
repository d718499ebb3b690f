import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSample } from "@rossmann/etl";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accessibilityFaults } from "./axe.ts";
import { launchBrowser } from "./browser.ts";
import { totals } from "./csv-totals.ts";
import { deliveries } from "./deliveries.ts";
import { type Installation, install } from "./installation.ts";

const DATA_SETS: { name: string; folder: () => Promise<string> }[] = [
  {
    name: "the sample data",
    folder: async () => {
      const folder = mkdtempSync(join(tmpdir(), "rossmann-sample-"));
      await writeSample(folder, { seed: 7 });
      return folder;
    },
  },
];
const real = process.env.ROSSMANN_DATA;
if (real) DATA_SETS.push({ name: "the real data", folder: async () => real });

/** A page that keeps a person waiting so long for one step is broken. */
const STEP_LIMIT_MS = 15_000;
const PAGES = ["/", "/store-analytics", "/forecast", "/model-intelligence"];
/** Pages that draw no chart. */
const PLAIN_PAGES = ["/data-sources", "/contracts", "/preflight-diagnostics"];
const euros = new Intl.NumberFormat("en-GB", {
  style: "currency",
  currency: "EUR",
  maximumFractionDigits: 0,
});

describe.for(DATA_SETS)("from CSV files to a forecast on the screen, on $name", ({ name, folder }) => {
  let browser: Browser;
  /** why no browser could be started */
  let unavailable: string | null = null;
  let data: string;
  let installation: Installation;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[] = [];

  beforeAll(async () => {
    const launched = await launchBrowser();
    if ("unavailable" in launched) {
      unavailable = launched.unavailable;
      return;
    }
    browser = launched;
    data = await folder();
    installation = await install(data);
  });
  afterAll(async () => {
    await installation?.remove();
    await browser?.close();
    if (data !== undefined && data !== real) rmSync(data, { recursive: true, force: true });
  });

  beforeEach(async ({ skip }) => {
    if (unavailable !== null) skip(unavailable);
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(STEP_LIMIT_MS);
    complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
  });
  afterEach(async () => {
    await context?.close();
    expect(complaints, "the browser's console is silent").toEqual([]);
  });

  const open = async (path: string) => {
    await page.goto(installation.url + path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator('[aria-busy="true"]').first().waitFor({ state: "detached" });
  };

  /** The first chart, drawn. */
  const chart = () =>
    page
      .getByRole("group", { name: /arrow keys read it/ })
      .locator("svg")
      .first();

  test("the Overview shows the totals that the CSV has", async () => {
    const [from, to] = ["2015-04-01", "2015-05-31"];
    const expected = await totals(join(data, "train.csv"), from, to);
    await open(`/?from=${from}&to=${to}`);
    const sales = page.getByRole("article", { name: "Sales", exact: true });
    await sales.locator('[tabindex="0"]').first().hover();
    await page.getByRole("tooltip").getByText(euros.format(expected.sales)).waitFor();

    const answer = await fetch(`${installation.url}/api/v1/kpi/summary?date_from=${from}&date_to=${to}`);
    expect(await answer.json()).toMatchObject({
      total_sales: expected.sales,
      total_customers: expected.customers,
      open_days: expected.openStoreDays,
    });
  });

  test("Forecast Studio draws a forecast and exports what the API says", async () => {
    await open("/forecast?store=1");
    await chart().waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("forecast_store_1_30d.csv");
    const [header, ...lines] = readFileSync(await file.path(), "utf8")
      .trim()
      .split(/\r?\n/);
    expect(header).toMatch(/^date,predicted_sales,predicted_lower,predicted_upper/);

    const answer = await fetch(`${installation.url}/api/v1/forecast`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ store_id: 1, horizon_days: 30 }),
    });
    const points = (await answer.json()) as { date: string; predicted_sales: number }[];
    expect(lines).toHaveLength(30);
    expect(lines.map((line) => line.split(",")[0])).toEqual(points.map((point) => point.date));
    lines.forEach((line, i) => {
      expect(Number(line.split(",")[1])).toBeCloseTo(points[i]!.predicted_sales, 2);
    });
    expect(points.some((point) => point.predicted_sales > 0)).toBe(true);
  });

  test("a broken parameter in the address falls back and says so", async () => {
    await open("/?from=yesterday&store=none");
    await page
      .getByText(/yesterday/)
      .first()
      .waitFor();
    await page.getByRole("article", { name: "Sales", exact: true }).waitFor();
  });

  test.for(
    [...PAGES, ...PLAIN_PAGES].flatMap((path) =>
      (["light", "dark"] as const).flatMap((theme) => [1440, 390].map((width) => ({ path, theme, width }))),
    ),
  )(
    "$path in $theme at $width px: axe-core finds nothing and nothing is wider than the screen",
    async ({ path, theme, width }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await open(path);
      if (!PLAIN_PAGES.includes(path)) await chart().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    },
  );

  // Files of the real size are for the benchmarks.
  if (name === "the sample data") deliveries(() => ({ installation, page, data, open }));

  test("the command line predicts every row of test.csv", async () => {
    const output = join(tmpdir(), `rossmann-predicted-${process.pid}.csv`);
    try {
      const { code, stderr } = await installation.rossmann(
        "predict",
        "--input",
        join(data, "test.csv"),
        "--output",
        output,
        "--intervals",
      );
      expect(stderr).toBe("");
      expect(code).toBe(0);
      const rows = readFileSync(output, "utf8").trim().split("\n");
      const asked = readFileSync(join(data, "test.csv"), "utf8").trim().split("\n");
      expect(rows[0]).toBe("Id,Sales,Lower80,Upper80,Lower90,Upper90,Lower95,Upper95");
      expect(rows).toHaveLength(asked.length);
    } finally {
      rmSync(output, { force: true });
    }
  });

  test("a second start finds the home in use", async () => {
    const { code, stdout } = await installation.rossmann("up");
    expect(stdout).toContain(`already running`);
    expect(code).toBe(0);
  });
});
