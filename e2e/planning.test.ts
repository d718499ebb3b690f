import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSample } from "@rossmann/etl";
import type { Browser, BrowserContext, Download, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accessibilityFaults } from "./axe.ts";
import { launchBrowser } from "./browser.ts";
import { type Installation, install } from "./installation.ts";

/** A page that keeps a person waiting so long for one step is broken. */
const STEP_LIMIT_MS = 15_000;
/** Enough shops for a portfolio, few enough that the model is trained in seconds. */
const STORES = 8;

interface Figures {
  date: string;
  [name: string]: unknown;
}

describe("planning on the sample data", () => {
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
    data = mkdtempSync(join(tmpdir(), "rossmann-planning-"));
    await writeSample(data, { stores: STORES, seed: 11 });
    installation = await install(data);
  });
  afterAll(async () => {
    await installation?.remove();
    await browser?.close();
    if (data !== undefined) rmSync(data, { recursive: true, force: true });
  });

  beforeEach(async ({ skip }) => {
    if (unavailable !== null) skip(unavailable);
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    complaints = [];
    page = await newPage();
  });
  afterEach(async () => {
    await context?.close();
    expect(complaints, "the browser's console is silent").toEqual([]);
  });

  async function newPage(): Promise<Page> {
    const opened = await context.newPage();
    opened.setDefaultTimeout(STEP_LIMIT_MS);
    opened.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    opened.on("pageerror", (error) => complaints.push(error.message));
    return opened;
  }
  const open = async (path: string, on = page) => {
    await on.goto(installation.url + path);
    await on.getByRole("heading", { level: 1 }).waitFor();
    await on.locator('[aria-busy="true"]').first().waitFor({ state: "detached" });
  };
  const ask = async <T>(path: string, body: unknown): Promise<T> => {
    const answer = await fetch(`${installation.url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    return (await answer.json()) as T;
  };
  const download = async (name: string): Promise<{ file: Download; rows: Record<string, string>[] }> => {
    const wanted = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    const file = await wanted;
    const [header = "", ...lines] = readFileSync(await file.path(), "utf8")
      .trim()
      .split(/\r?\n/);
    const names = header.split(",");
    const rows = lines.map((line) => {
      const cells = line.split(",");
      return Object.fromEntries(names.map((column, i) => [column, cells[i] ?? ""]));
    });
    return { file, rows };
  };

  test("stores pasted into the picker are forecast together; the files hold the API's figures to the last digit", async () => {
    await open("/portfolio-planner?pick=search&horizon=14&level=90");
    await page.getByText("Choose the stores to plan").waitFor();
    await page.getByRole("button", { name: "Choose stores" }).click();
    await page.getByRole("combobox", { name: "Search stores" }).fill("2, 5 7");
    await page.getByRole("button", { name: "Add all 3" }).click();
    await page.keyboard.press("Escape");
    await page.getByText(/The 3 chosen stores are forecast to sell/).waitFor();
    expect(new URL(page.url()).searchParams.get("stores")).toBe("2,5,7");

    const answer = await ask<{
      portfolio_series: Figures[];
      store_summaries: Figures[];
      portfolio_summary: { total_predicted_sales: number };
    }>("/forecast/batch", { store_ids: [2, 5, 7], horizon_days: 14, confidence_level: 0.9 });
    const { file, rows } = await download("Download CSV");
    expect(file.suggestedFilename()).toBe("portfolio_forecast_3stores_14d.csv");
    expect(rows.map(({ date }) => date)).toEqual(answer.portfolio_series.map(({ date }) => date));
    for (const column of ["predicted_sales", "predicted_lower", "predicted_upper"])
      expect(
        rows.map((row) => Number(row[column])),
        column,
      ).toEqual(answer.portfolio_series.map((point) => point[column]));

    const stores = await download("Store by store as CSV");
    const totals = stores.rows.map((row) => Number(row.total_predicted_sales));
    expect(totals).toEqual(answer.store_summaries.map((store) => store.total_predicted_sales));
    expect(totals.reduce((a, b) => a + b, 0)).toBeCloseTo(answer.portfolio_summary.total_predicted_sales, 6);
  });

  test("a portfolio that was begun elsewhere is found by its run, and found again after a reload", async () => {
    const { run_id } = await ask<{ run_id: string }>("/forecast/batch", {
      all_stores: true,
      horizon_days: 21,
      background: true,
    });
    await open(`/portfolio-planner?pick=all&horizon=21&run=${run_id}`);
    await page.getByText(new RegExp(`All ${STORES} stores are forecast to sell`)).waitFor();
    await page.reload();
    await page.getByText(new RegExp(`run ${run_id}`)).waitFor();
  });

  test("demand shifted by 10 % sells 10 % more on every open day, against the same baseline as the plain forecast", async () => {
    await open("/scenario-lab?store=3&horizon=28&s1=promo.as_is");
    await page.getByText(/“As planned” changes nothing/).waitFor();
    const slider = page.getByRole("slider", { name: "Demand shift" });
    await slider.focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
    await page.getByText(/“Demand \+10%”: store 3 would sell/).waitFor();
    expect(new URL(page.url()).searchParams.get("s1")).toBe("demand.10");

    const plain = await ask<Figures[]>("/forecast", { store_id: 3, horizon_days: 28 });
    const { file, rows } = await download("Download CSV");
    expect(file.suggestedFilename()).toBe("scenario_store_3_28d.csv");
    expect(rows.map((row) => Number(row.baseline_sales))).toEqual(plain.map((day) => day.predicted_sales));
    const open10 = rows.filter((row) => Number(row.baseline_sales) > 0);
    expect(open10.length).toBeGreaterThan(0);
    for (const row of open10)
      expect(Number(row.scenario_sales) / Number(row.baseline_sales)).toBeCloseTo(1.1, 9);
    for (const row of rows.filter((each) => Number(each.baseline_sales) === 0))
      expect(Number(row.scenario_sales)).toBe(0);
  });

  test("three scenarios of a segment stand side by side with the API's totals", async () => {
    await open(
      "/scenario-lab?mode=segment&promo2=1&s1=promo.off&s2=weekend.closed&s3=demand.5*price.-5*name.Cheaper",
    );
    await page.getByText(/“No promotion”: stores with Promo2 would sell/).waitFor();
    const { rows } = await download("Side by side as CSV");
    const answer = await ask<{ scenarios: { name: string; summary: Record<string, number> }[] }>(
      "/scenario/compare",
      {
        segment: { promo2: 1 },
        scenarios: [
          { name: "No promotion", promo_mode: "off" },
          { name: "Closed at weekends", weekend_open: false },
          { name: "Cheaper", demand_shift_pct: 5, price_change_pct: -5 },
        ],
      },
    );
    expect(rows).toHaveLength(4);
    expect(rows.slice(1).map((row) => Number(row.total_sales))).toEqual(
      answer.scenarios.map(({ summary }) => summary.total_scenario_sales),
    );
    expect(rows.slice(1).map((row) => Number(row.delta_sales))).toEqual(
      answer.scenarios.map(({ summary }) => summary.total_delta_sales),
    );
  });

  test("a saved scenario opens by its link; two people saving the same one lose nothing", async () => {
    await open("/scenario-lab?store=2&s1=demand.10");
    await page.getByText(/“Demand \+10%”: store 2/).waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Ten more");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/Ten more, version 1/).waitFor();
    const id = new URL(page.url()).searchParams.get("saved");

    const other = await newPage();
    await open(`/scenario-lab?saved=${id}`, other);
    await other.getByText(/“Demand \+10%”: store 2/).waitFor();

    // One saves the second version …
    await other.getByLabel("Promotion", { exact: true }).selectOption("off");
    await other.getByText(/changed since on this page/).waitFor();
    await other.getByRole("button", { name: "Save", exact: true }).click();
    await other.getByRole("button", { name: "Save as version 2" }).click();
    await other.getByText(/Ten more, version 2/).waitFor();
    // … and the other, who still sees the first, is told and decides.
    await page.getByLabel("School holidays", { exact: true }).selectOption("off");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Save as version 2" }).click();
    await page.getByText(/Nothing was overwritten, and yours is still on this page/).waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining("409")]);
    await page.getByRole("button", { name: "Save mine as version 3" }).click();
    await page.getByText(/Ten more, version 3/).waitFor();
  });

  test("a corrected day stands beside the model's figure, and can be taken back", async () => {
    await open("/forecast?store=4");
    await page.getByRole("button", { name: "Correct days" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Keep the correction" }).click();
    await dialog.getByText("Say why in a few words.").waitFor();
    await dialog.getByLabel(/Change of the model's figure/).fill("-20");
    await dialog.getByLabel("Reason").fill("Street closed for works");
    await dialog.getByRole("button", { name: "Keep the correction" }).click();
    await page.getByRole("cell", { name: "Street closed for works" }).waitFor();
    await page.getByRole("columnheader", { name: "Corrected" }).first().waitFor();
    await page.getByRole("button", { name: /Take back the correction/ }).click();
    await page.getByText("Nothing is corrected").waitFor();
  });

  test("the makings of a day add up to its forecast within a cent, on every day", async () => {
    const points = await ask<
      { open: number; predicted_sales: number; drivers: Record<string, number> | null }[]
    >("/forecast", { store_id: 1, horizon_days: 42, drivers: true });
    const openDays = points.filter((point) => point.open === 1);
    for (const { drivers, predicted_sales } of openDays)
      expect(Object.values(drivers ?? {}).reduce((a, b) => a + b, 0)).toBeCloseTo(predicted_sales, 2);
    await open("/forecast?store=1");
    const title = page.getByRole("heading", { name: /What makes up/ });
    const before = await title.textContent();
    await page.getByRole("button", { name: "The day after" }).click();
    await expect.poll(() => title.textContent()).not.toBe(before);
    expect(new URL(page.url()).searchParams.get("day")).toMatch(/^2015-08-/);
  });

  test("addresses that cannot be fall back and say so", async () => {
    await open("/scenario-lab?s1=demand.1e9&level=12");
    await page.getByText(/s1=“demand.1e9”/).waitFor();
    await open("/portfolio-planner?horizon=181&pick=segment&type=zz");
    await page.getByText(/horizon=“181”/).waitFor();
    await page.getByText("Choose a segment that stores have").waitFor();
  });

  test.for(
    ["/portfolio-planner?horizon=42", "/scenario-lab?s2=demand.10*price.-5"].flatMap((path) => [
      { path, theme: "light" as const, width: 1440 },
      { path, theme: "dark" as const, width: 390 },
    ]),
  )(
    "$path in $theme at $width px: axe-core finds nothing and nothing is wider than the screen",
    async ({ path, theme, width }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await open(path);
      await page
        .getByRole("group", { name: /arrow keys read it/ })
        .locator("svg")
        .first()
        .waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    },
  );
});
