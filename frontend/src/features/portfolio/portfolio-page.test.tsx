// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/react-router/v8";
import { createRoot, type Root } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareDom } from "../../../test/dom.ts";
import { fakeChain } from "../../../test/fake-chain.ts";
import { type FakePlanning, fakePlanning } from "../../../test/fake-planning.ts";
import { createQueryClient } from "../../lib/query-client.ts";
import { PortfolioPage } from "./portfolio-page.tsx";

// What a chart looks like is tested by its option; here there is no canvas to draw on.
vi.mock("../../charts/chart-canvas.tsx", () => ({
  default: ({ summary }: { summary: string }) => <p>Chart: {summary}</p>,
}));

const chain = fakeChain(120, "2015-01-01", "2015-07-31");
const summary = {
  stores_count: 120,
  sales_rows_count: 1,
  date_from: chain.from,
  date_to: chain.to,
  data_source: { id: 1, name: "Default" },
  loaded_at: new Date().toISOString(),
  etl_run_id: null,
  model: { version: 3, model_type: "ridge", trained_at: "2015-08-01T00:00:00Z", trained_to: chain.to } as
    | object
    | null,
  server_version: "18",
  api_version: "2.0.0",
};

let planning: FakePlanning;
let system = summary;
let refused: string[] = [];
let asked: { path: string; body: unknown }[] = [];
let host: HTMLElement;
let root: Root;

beforeEach(() => {
  prepareDom();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  planning = fakePlanning(chain, { failing: [7] });
  system = summary;
  refused = [];
  asked = [];
  vi.stubGlobal("fetch", async (address: string, init?: RequestInit) => {
    const url = new URL(address, "http://localhost");
    const path = url.pathname.replace("/api/v1", "");
    const body = typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : undefined;
    asked.push({ path, body });
    if (refused.includes(path))
      return Response.json(
        { detail: "The database does not answer.", request_id: "request-7" },
        { status: 400 },
      );
    if (path === "/system/summary") return Response.json(system);
    if (path === "/stores") return Response.json(chain.stores);
    const answer = planning.answer(init?.method ?? "GET", path, body, url.searchParams);
    if (answer === null) throw new Error(`nobody answers ${path}`);
    return Response.json(typeof answer.body === "string" ? { detail: answer.body } : answer.body, {
      status: answer.status,
    });
  });
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
  vi.unstubAllGlobals();
});

function open(search = "") {
  history.replaceState(null, "", `/portfolio-planner${search}`);
  const router = createBrowserRouter([
    {
      path: "/portfolio-planner",
      element: (
        <NuqsAdapter>
          <PortfolioPage />
        </NuqsAdapter>
      ),
    },
  ]);
  root.render(
    <MantineProvider>
      <QueryClientProvider client={createQueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}
const see = (text: string | RegExp) =>
  vi.waitFor(() => expect(host.textContent).toMatch(text), { timeout: 5_000 });
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
  [...host.querySelectorAll("button")].find(({ textContent }) => textContent === "Try again")?.click();
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
  const grid = [...host.querySelectorAll("table")].find((table) =>
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
  system = { ...summary, model: null };
  open();
  await see(/There is no forecasting model yet/);
});

test("a refusal shows what the server said, the request id and a way to try again", async () => {
  refused = ["/forecast/batch"];
  open();
  await see(/The database does not answer.*request-7.*Try again/);
});

test("an address that cannot be falls back and says so", async () => {
  open("?horizon=181&level=99&top=0&pick=luck");
  await see(/horizon=“181”.*level=“99”/);
  await see(/The 10 best-selling stores are forecast to sell .* in the next 30 days/);
});
