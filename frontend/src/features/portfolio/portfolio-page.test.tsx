// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeChain } from "../../../test/fake-chain.ts";
import { type FakePlanning, fakePlanning } from "../../../test/fake-planning.ts";
import { fakeSummary } from "../../../test/fake-summary.ts";
import { type OpenedPage, openPage } from "../../../test/open-page.tsx";
import { PortfolioPage } from "./portfolio-page.tsx";

// What a chart looks like is tested by its option; here there is no canvas to draw on.
vi.mock("../../charts/chart-canvas.tsx", () => ({
  default: ({ summary }: { summary: string }) => <p>Chart: {summary}</p>,
}));

const chain = fakeChain(120, "2015-01-01", "2015-07-31");
let planning: FakePlanning;
let page: OpenedPage;
/** What was asked of the API, in order. */
let asked: { path: string; body: unknown }[] = [];
/** Paths that are refused. */
let refused: string[] = [];
let system = fakeSummary(chain);
beforeEach(() => {
  asked = [];
  refused = [];
  planning = fakePlanning(chain, { failing: [7] });
  system = fakeSummary(chain);
});

afterEach(() => page.close());

/** Opens the page at an address; the one before is closed. */
function open(search = "") {
  page?.close();
  page = openPage("/portfolio-planner", search, <PortfolioPage />, ({ method, path, body, query }) => {
    asked.push({ path, body });
    if (refused.includes(path)) return { status: 400, body: "The database does not answer." };
    if (path === "/system/summary") return { status: 200, body: system };
    if (path === "/stores") return { status: 200, body: chain.stores };
    return planning.answer(method, path, body, query);
  });
}
const see = (text: string | RegExp) => page.see(text);
const batches = () => asked.filter(({ path }) => path === "/forecast/batch").map(({ body }) => body);

test("the best sellers are forecast together: a sentence with odds, weeks, stores, and sums that add up", async () => {
  open("?top=5&horizon=14");
  await see(
    /The 5 best-selling stores are forecast to sell €.* in the next 14 days.*in 8 of 10 cases between/,
  );
  await see(/Stores by week.*All together.*80% from/);
  await see(/5 stores; their totals add up to €/);
  const ranked = chain.stores.toSorted((a, b) => (a.sales_rank ?? 0) - (b.sales_rank ?? 0));
  expect(batches()).toEqual([
    expect.objectContaining({
      store_ids: ranked.slice(0, 5).map((store) => store.store_id),
      horizon_days: 14,
      confidence_level: 0.8,
    }),
  ]);
});

test("all stores are begun as a run of their own; its id stands in the address and its progress on the page", async () => {
  open("?pick=all&horizon=7&level=95");
  await see(/walked the trees/);
  expect(location.search).toMatch(/run=forecast_batch_/);
  await see(/All 120 stores are forecast.*in 19 of 20 cases/);
  expect(batches()).toEqual([expect.objectContaining({ all_stores: true, background: true })]);
});

test("a run in the address is found again, and nothing is computed anew", async () => {
  const begun = planning.answer("POST", "/forecast/batch", {
    store_ids: [1, 2, 3],
    horizon_days: 7,
    background: true,
  });
  open(`?run=${(begun?.body as { run_id: string } | undefined)?.run_id}`);
  await see(/The 3 stores of this run are forecast to sell/);
  expect(batches()).toEqual([]);
});

test("a run that there is not says so and offers a new one", async () => {
  open("?run=forecast_batch_nowhere");
  await see(/there is no run forecast_batch_nowhere.*Try again/);
  page.click("Try again");
  await see(/The 10 best-selling stores are forecast/);
  expect(location.search).not.toMatch(/run=/);
});

test("a store that cannot be forecast is named beside the others", async () => {
  open("?pick=search&stores=3,7,12");
  await see(/1 store could not be forecast; the figures below are without it.*Store 7: .*has not been open/);
  await see(/2 stores; their totals add up/);
});

test("looking for stores narrows both tables, and the sums stay those of the portfolio", async () => {
  open("?pick=search&stores=3,5,12&q=5");
  await see(/1 of 3 stores; all totals add up to €/);
  await see(/All together/);
  const grid = [...page.host.querySelectorAll("table")].find((table) =>
    /by store and week/.test(table.textContent),
  );
  expect([...(grid?.querySelectorAll("tbody a") ?? [])].map((link) => link.textContent)).toEqual(["5"]);
});

test("nothing chosen and a segment without stores each say what to do", async () => {
  open("?pick=search");
  await see(/Choose the stores to plan/);
  open("?pick=segment&type=z");
  await see(/No store is of type “z”.*Choose a segment that stores have/);
  expect(batches()).toEqual([]);
});

test("without a model the page says how to get one", async () => {
  system = { ...system, model: null };
  open();
  await see(/There is no forecasting model yet/);
});

test("a refusal shows what the server said, the request id and a way to try again", async () => {
  refused.push("/forecast/batch");
  open();
  await see(/The database does not answer.*request-7.*Try again/);
});

test("an address that cannot be falls back and says so", async () => {
  open("?horizon=181&level=99&top=0&pick=luck");
  await see(/horizon=“181”.*level=“99”/);
  await see(/The 10 best-selling stores are forecast to sell .* in the next 30 days/);
});
