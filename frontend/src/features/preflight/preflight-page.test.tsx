// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakePreflight, fakePreflight } from "../../../test/fake-preflight.ts";
import { type FakeSession, fakeSession } from "../../../test/fake-session.ts";
import { type Asked, type OpenedPage, openPage } from "../../../test/open-page.tsx";
import { PreflightPage } from "./preflight-page.tsx";

// What a chart looks like is tested by its option; here there is no canvas to draw on.
vi.mock("../../charts/chart-canvas.tsx", () => ({
  default: ({ summary }: { summary: string }) => <p>Chart: {summary}</p>,
}));

let page: OpenedPage;
let preflight: FakePreflight;
let session: FakeSession;
beforeEach(() => {
  session = fakeSession();
  preflight = fakePreflight();
});
afterEach(() => page.close());

type Said = { status: number; body: unknown } | null;
const open = (search = "", answer: (asked: Asked) => Said = () => null) => {
  page = openPage("/preflight-diagnostics", search, <PreflightPage />, (asked) => {
    if (asked.path === "/system/summary")
      return {
        status: 200,
        body: { data_source: { id: 1, name: "Default" }, date_from: null, date_to: null },
      };
    if (asked.path === "/session") return session.answer(asked.method, asked.body);
    return answer(asked) ?? preflight.answer(asked.path, asked.query);
  });
  return page;
};

test("the verdict comes first: what was turned away, and that nothing changed", async () => {
  const { see, asked } = open();
  await see(/was turned away: 6 kinds of faults in the sales file\. Nothing changed/);
  await see(/train\.csvFailBlocked, nothing changed/);
  await see(/store\.csvPassNot loaded either/);
  expect(asked).toContain("GET /diagnostics/preflight/runs?data_source_id=1&limit=1");
});

test("findings are told cell by cell: line, key, what stands there, what was expected", async () => {
  const { see, host } = open();
  await see(/Why it was turned away/);
  await see(/Cells of another type3 places, under 0\.1% of the rows/);
  const table = [...host.querySelectorAll("table")].find((each) => each.textContent?.includes("5,263.00"));
  expect([...(table?.querySelectorAll("tbody tr") ?? [])].map((row) => row.textContent)).toEqual([
    "412015-07-295,263.00a number",
    "91132015-07-12n/va number",
    "12,040172015-05-0212 034a number",
  ]);
  await see(/emptynot empty/);
});

test("the first two of 41 places are shown, and it is said where the others are", async () => {
  const { see } = open("?column=customers");
  await see(/Values out of range41 places/);
  await see(/The first 2 of 41; the report of rejected rows has them all/);
  expect(page.host.textContent).not.toMatch(/Empty cells1 place/);
});

test("a line narrows the findings down to those that name it; the filters are in the address", async () => {
  const { see, type, click } = open();
  await see(/Cells of another type/);
  type("Line", "210");
  page.host.querySelector<HTMLInputElement>('input[placeholder="any"]')?.blur();
  page.host
    .querySelector<HTMLInputElement>('input[placeholder="any"]')
    ?.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  await see(/Show all 6/);
  await vi.waitFor(() => expect(location.search).toMatch(/line=210/));
  expect(page.host.textContent).not.toMatch(/Cells of another type3 places/);
  click("Show all 6");
  await see(/Cells of another type3 places/);
});

test("rules, the reading and the reports have tabs of their own", async () => {
  const { see, click } = open();
  await see(/What was found6/);
  click("Rules8");
  await see(/Failstore_id, full_date together are unique – 2 rows share a key/);
  await see(/Skippedstore_id is found in the store file – no store file came along/);
  click("How it was read");
  await see(/Columns passed overWeather/);
  await see(/salesSalesfloat/);
  click("Reports");
  await see(/Rows that were set aside, with reasons/);
  const link = [...page.host.querySelectorAll("a")].find((a) => a.href.includes("rejected_rows"));
  expect(link?.getAttribute("href")).toBe(
    "/api/v1/diagnostics/preflight/download/rejected_rows?signature=fake",
  );
});

test("an earlier run is opened from the list, and the way back to the newest is there", async () => {
  const { see, click } = open();
  await see(/Show earlier ones/);
  await see(/report only/);
  const row = [...page.host.querySelectorAll("tr")].find((each) =>
    each.textContent?.includes("Reported only"),
  );
  row?.click();
  await see(/Earlier delivery/);
  expect(location.search).toMatch(/run=/);
  click("Show the newest");
  await see(/Newest delivery/);
});

test("the list has further pages and filters; a filter without a match can be taken back", async () => {
  const { see, click, type } = open();
  await see(/Show earlier ones/);
  click("Show earlier ones");
  await vi.waitFor(() => expect(page.asked.some((each) => each.includes("cursor=20"))).toBe(true));
  type("Verdict", "ERROR");
  await see(/No examined file is like that/);
  click("Show all");
  await see(/Show earlier ones/);
});

test("the bars are read in one sentence; the days looked back on are in the address", async () => {
  const { see } = open("?days=all");
  await see(/Chart: \d+ files of 52 failed, \d+ of them turned away/);
  expect(page.asked).toContain("GET /diagnostics/preflight/stats?data_source_id=1");
});

test("a run that is not there, and a tab that is none, fall back and say so", async () => {
  const { see } = open("?run=no_such_run&tab=moon");
  await see(/There is no run no_such_run; the newest is shown/);
  await see(/tab=“moon”/);
  await see(/was turned away/);
});

test("before anything was examined the page says how to begin", async () => {
  preflight = fakePreflight(true);
  const { see } = open();
  await see(/No file of this data source has been examined yet/);
  await see(/Nothing has been examined yet.*upload one on the page Data Sources/);
  expect(page.host.textContent).not.toMatch(/Over time/);
});

test("without a key the page asks to sign in, and asks the server for nothing that it would refuse", async () => {
  session = fakeSession("local");
  const { see, asked } = open();
  await see(/Sign in to see the examined files.*npx rossmann keys link/);
  expect(asked.some((each) => each.includes("/diagnostics/"))).toBe(false);
});

test("a key that is refused after all is told once, not by every panel", async () => {
  const { see, host } = open("", ({ path }) =>
    path.startsWith("/diagnostics") ? { status: 401, body: "this key was revoked" } : null,
  );
  await see(/Sign in to see the examined files.*this key was revoked/);
  expect(host.textContent?.match(/Sign in to see/g)).toHaveLength(1);
});

test("a report that cannot be read fails alone, with its request id", async () => {
  const { see } = open("", ({ path }) =>
    path.endsWith("/validation") ? { status: 400, body: "the report is not JSON" } : null,
  );
  await see(/The findings could not be loaded.*the report is not JSON.*request-7/);
  await see(/Examined files/);
});
