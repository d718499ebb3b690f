// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/react-router/v8";
import { createRoot, type Root } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareDom } from "../../../test/dom.ts";
import { fakeChain } from "../../../test/fake-chain.ts";
import { createQueryClient } from "../../lib/query-client.ts";
import { OverviewPage } from "./overview-page.tsx";

// What a chart looks like is tested by its option; here there is no canvas to draw on.
vi.mock("../../charts/chart-canvas.tsx", () => ({
  default: ({ summary }: { summary: string }) => <p>Chart: {summary}</p>,
}));

const chain = fakeChain(20, "2014-01-01", "2015-07-31");
const summary = {
  stores_count: 20,
  sales_rows_count: 1,
  date_from: chain.from as string | null,
  date_to: chain.to as string | null,
  data_source: { id: 1, name: "Default" },
  loaded_at: new Date().toISOString(),
  etl_run_id: null,
  model: { version: 1, model_type: "ridge", trained_at: "2015-08-01T00:00:00Z", trained_to: chain.to },
  server_version: "18",
  api_version: "2.0.0",
};

/** Paths that are refused at the moment. */
let refused: string[] = [];
let asked: URL[] = [];
let system: Record<string, unknown> = summary;

function answer(url: URL): unknown {
  const q = (name: string) => url.searchParams.get(name) ?? "";
  const store = q("store_id") === "" ? null : Number(q("store_id"));
  const [from, to] = [q("date_from"), q("date_to")];
  switch (url.pathname.replace("/api/v1", "")) {
    case "/system/summary":
      return system;
    case "/stores":
      return chain.stores;
    case "/kpi/summary":
      return {
        ...chain.figures(store, from, to),
        comparison: q("compare_from") ? chain.figures(store, q("compare_from"), q("compare_to")) : null,
      };
    case "/kpi/movers":
      return chain.movers(from, to, 5);
    case "/sales/timeseries":
      return store === null ? chain.chainDays(from, to) : chain.storeDays(store, from, to);
    case "/forecast/chain":
      return chain.chainForecast(42);
    default:
      throw new Error(`nobody answers ${url.pathname}`);
  }
}

let host: HTMLElement;
let root: Root;
beforeEach(() => {
  prepareDom();
  // The page is watched as a reader watches it: by waiting for words, not by stepping React.
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  refused = [];
  asked = [];
  system = summary;
  vi.stubGlobal("fetch", async (path: string) => {
    const url = new URL(path, "http://localhost");
    asked.push(url);
    if (refused.some((part) => url.pathname.endsWith(part))) {
      return Response.json(
        { detail: "The database does not answer.", code: "database_unavailable", request_id: "request-7" },
        { status: 400 },
      );
    }
    return Response.json(answer(url));
  });
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
  vi.unstubAllGlobals();
});

function open(address: string) {
  history.replaceState(null, "", address);
  const router = createBrowserRouter([
    {
      path: "/",
      element: (
        <NuqsAdapter>
          <OverviewPage />
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
const card = (name: string) => host.querySelector(`article[aria-label="${name}"]`)?.textContent;

test("the page opens on the last 90 days of the data and compares them with the 90 days before", async () => {
  open("/");
  await see(/The chain sold €/);
  const kpi = asked.find(
    (url) => url.pathname.endsWith("/kpi/summary") && url.searchParams.has("compare_from"),
  );
  expect(Object.fromEntries(kpi?.searchParams ?? [])).toEqual({
    date_from: "2015-05-03",
    date_to: "2015-07-31",
    compare_from: "2015-02-02",
    compare_to: "2015-05-02",
  });
  expect(card("Sales")).toMatch(/vs the 90 days before/);
  await see(/Chart: The best day was/);
});

test("the chain's series is summed by the server", async () => {
  open("/");
  await see(/Chart: The best day/);
  const series = asked.filter((url) => url.pathname.endsWith("/sales/timeseries"));
  expect(series.map((url) => url.searchParams.get("aggregate"))).toEqual(["chain"]);
});

test("a failed panel says what failed and its request id, the others stay; trying again brings it back", async () => {
  refused = ["/kpi/movers"];
  open("/");
  await see(/What changed could not be loaded/);
  await see(/request-7/);
  await see(/The chain sold €/);
  refused = [];
  const retry = [...host.querySelectorAll("button")].find((button) => button.textContent === "Try again");
  retry?.click();
  await see(/up from|down from/);
  expect(host.textContent).not.toContain("could not be loaded");
});

test("an empty warehouse says what to do next", async () => {
  system = { ...summary, date_from: null, date_to: null, model: null };
  open("/");
  await see(/No sales are loaded yet.*npx rossmann etl/);
});

test("a value of the address that cannot be is replaced by the usual one, and that is said", async () => {
  open("/?from=2015-13-01&store=4711&compare=never");
  await see(/The address says from=“2015-13-01”/);
  await see(/compare=“never”/);
  await see(/There is no store 4711 in this data; all stores are shown/);
  await see(/The chain sold €/);
});

test("a period without rows says so and offers the way back", async () => {
  open("/?from=2010-01-01&to=2010-01-31");
  await see(/No sales in this period/);
  expect(host.textContent).toContain("The data covers 1 Jan 2014 – 31 Jul 2015");
});

test("without a model there is a dash and the way to get one, not a zero", async () => {
  system = { ...summary, model: null };
  open("/");
  await see(/There is no forecasting model yet/);
  expect(card("Next 6 weeks")).toMatch(/–.*rossmann train/);
  expect(asked.some((url) => url.pathname.endsWith("/forecast/chain"))).toBe(false);
});
