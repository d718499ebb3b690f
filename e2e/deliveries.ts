import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { totals } from "./csv-totals.ts";
import type { Installation } from "./installation.ts";
import { germanFile, plantFaults } from "./planted-faults.ts";

/** The dashboard as a journey has it open. */
export interface OpenDashboard {
  installation: Installation;
  page: Page;
  /** folder of the CSVs that the installation was started on */
  data: string;
  /** go to a path and wait until it is drawn */
  open: (path: string) => Promise<void>;
}

const LOADED_WITHIN_MS = 60_000;
const [FROM, TO] = ["2015-05-01", "2015-05-31"];
const SECOND = "Nordmarkt";
const inSecond = (store: number) => store <= 20;

const euros = new Intl.NumberFormat("en-GB", {
  style: "currency",
  currency: "EUR",
  maximumFractionDigits: 0,
});

/**
 * What happens to files that are brought in on the page: a bad one, a good one, those of a second client.
 *
 * @param at what is open when a test runs
 */
export function deliveries(at: () => OpenDashboard): void {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "rossmann-deliveries-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const figures = async (source = 1): Promise<unknown> =>
    (
      await fetch(
        `${at().installation.url}/api/v1/kpi/summary?date_from=${FROM}&date_to=${TO}&data_source_id=${source}`,
      )
    ).json();

  /** Trades a key for a session, as a person does. */
  async function signIn(): Promise<void> {
    const { installation, page } = at();
    const scopes = "data:read,data:write,diagnostics:read";
    const { stdout, stderr } = await installation.rossmann(
      ...["keys", "create", "--name", `journey-${Date.now()}`, "--scopes", scopes, "--json"],
    );
    const { api_key } = JSON.parse(stdout || `{"problem":${JSON.stringify(stderr)}}`) as { api_key: string };
    await page.getByRole("banner").getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByLabel("Key", { exact: true }).fill(api_key);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /Signed in as journey/ }).waitFor();
    expect(await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")).not.toContain(
      api_key,
    );
  }

  /** Brings files in and gives the row of the upload once it has ended. */
  async function upload(files: string[], outcome: "Loaded" | "Not loaded") {
    const { page } = at();
    await page.getByLabel("CSV files").setInputFiles(files);
    await page.getByRole("button", { name: "Check and load" }).click();
    const row = page.getByRole("region", { name: "Uploads" }).getByRole("listitem").first();
    await row.getByText(outcome, { exact: true }).waitFor({ timeout: LOADED_WITHIN_MS });
    return row;
  }

  test("a file with ten faults is turned away, the page names all ten, and nothing has changed", async () => {
    const { page, data, open } = at();
    const { text, faults } = plantFaults(readFileSync(join(data, "train.csv"), "utf8"));
    const before = await figures();
    await open("/preflight-diagnostics");
    await page.getByText("Sign in to see the examined files").waitFor();
    await signIn();
    await open("/data-sources");
    const row = await upload([write("train.csv", text), join(data, "store.csv")], "Not loaded");
    await row.getByRole("link", { name: "See every fault" }).click();
    await page.getByText("Blocked, nothing changed").first().waitFor();
    await page.getByRole("heading", { name: /Why it was turned away/ }).waitFor();
    const seen = await page.getByRole("row").allInnerTexts();
    for (const { line, value } of faults) {
      const place = seen.map((each) => each.split(/\s*\t\s*/)).find((cells) => cells[0] === String(line));
      expect(place, `line ${line}`).toContain(value);
    }
    expect(await figures()).toEqual(before);
  });

  test("the corrected file loads, dropped where files are dropped", async () => {
    const { page, data, open } = at();
    const before = await figures();
    await open("/data-sources");
    const files = ["train.csv", "store.csv"].map((name) => ({
      name,
      text: readFileSync(join(data, name), "utf8"),
    }));
    const dropped = await page.evaluateHandle((given) => {
      const transfer = new DataTransfer();
      for (const { name, text } of given) transfer.items.add(new File([text], name, { type: "text/csv" }));
      return transfer;
    }, files);
    await page.getByText("Drop CSV files here").dispatchEvent("drop", { dataTransfer: dropped });
    await page.getByRole("button", { name: "Check and load" }).click();
    const row = page.getByRole("region", { name: "Uploads" }).getByRole("listitem").first();
    await row.getByText(/rows of sales loaded/).waitFor({ timeout: LOADED_WITHIN_MS });
    expect(await figures()).toEqual(before);
  });

  test("a second client with other columns loads beside the first, and the Overview switches between them", async () => {
    const { page, data, open } = at();
    await open("/data-sources");
    await page.getByRole("button", { name: "New data source" }).click();
    await page.getByLabel("Name", { exact: true }).fill(SECOND);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: `Bring in files of ${SECOND}` }).waitFor();
    const german = germanFile(readFileSync(join(data, "train.csv"), "utf8"), inSecond);
    const row = await upload([write("umsatz.csv", german), join(data, "store.csv")], "Loaded");
    await row.getByRole("link", { name: "Show its figures" }).click();
    await page.getByRole("heading", { name: "Executive Overview" }).waitFor();

    const source = new URL(page.url()).searchParams.get("source");
    const shows = async (path: string, from: string, to: string, keep: (store: number) => boolean) => {
      await open(path);
      const { sales } = await totals(join(data, "train.csv"), from, to, keep);
      const card = page.getByRole("article", { name: "Sales", exact: true });
      await card.locator('[tabindex="0"]').first().hover();
      await page.getByRole("tooltip").getByText(euros.format(sales)).waitFor();
    };
    await shows(`/?source=${source}&from=${FROM}&to=${TO}`, FROM, TO, inSecond);
    await page.getByRole("combobox", { name: "Data source" }).selectOption({ label: "Rossmann Default" });
    await page.waitForURL(/source=1/);
    await shows(`/?source=1&from=${FROM}&to=${TO}`, FROM, TO, () => true);
  });
}
