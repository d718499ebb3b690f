// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/react-router/v8";
import { createRoot, type Root } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareDom } from "../../../test/dom.ts";
import { type FakeModels, fakeModels } from "../../../test/fake-models.ts";
import { createQueryClient } from "../../lib/query-client.ts";
import { ModelIntelligencePage } from "./model-intelligence-page.tsx";

// What a chart looks like is tested by its option; here there is no canvas to draw on.
vi.mock("../../charts/chart-canvas.tsx", () => ({
  default: ({ summary }: { summary: string }) => <p>Chart: {summary}</p>,
}));

const summary = {
  stores_count: 20,
  sales_rows_count: 1,
  date_from: "2014-01-01",
  date_to: "2015-07-31",
  data_source: { id: 1, name: "Default" },
  loaded_at: new Date().toISOString(),
  etl_run_id: null,
  model: null,
  server_version: "18",
  api_version: "2.0.0",
};

let models: FakeModels;
let refused: string[] = [];
let asked: string[] = [];
let host: HTMLElement;
let root: Root;

beforeEach(() => {
  prepareDom();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
  };
  models = fakeModels("2015-07-31");
  refused = [];
  asked = [];
  vi.stubGlobal("fetch", async (address: string, init?: RequestInit) => {
    const path = new URL(address, "http://localhost").pathname.replace("/api/v1", "");
    const method = init?.method ?? "GET";
    asked.push(`${method} ${path}`);
    if (path === "/system/summary") return Response.json(summary);
    if (refused.includes(path))
      return Response.json(
        { detail: "The database does not answer.", request_id: "request-7" },
        { status: 400 },
      );
    const body = typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : undefined;
    const answer = models.answer(method, path, body);
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
  history.replaceState(null, "", `/model-intelligence${search}`);
  const router = createBrowserRouter([
    {
      path: "/model-intelligence",
      element: (
        <NuqsAdapter>
          <ModelIntelligencePage />
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
const click = (name: string) => {
  const button = [...host.querySelectorAll("button")].find(
    (each) => each.getAttribute("aria-label") === name || each.textContent === name,
  );
  if (button === undefined) throw new Error(`there is no button “${name}”`);
  button.click();
};

test("the page says what serves, ranks the models with the naive baseline, and draws where the model errs", async () => {
  open();
  await see(/The blended model serves \(version 3.*less than the naive rule/);
  await see(/“same as last season” rule · naive baseline/);
  await see(/Chart: Off by .* 1–7 days ahead/);
  await see(/Chart: Yes: they hold as many days as they promise/);
});

test("without a model the page offers a training", async () => {
  models = fakeModels("2015-07-31", false);
  open();
  await see(/No model serves yet.*A training tries several models/);
  expect(asked.some((each) => each.includes("/model/metadata"))).toBe(false);
});

test("a model without trees has no importance, and that is said", async () => {
  models.answer("POST", "/ml/models/1/promote", {});
  open();
  await see(/The ridge model has no such list/);
});

test("promoting asks first, names both versions, and then the other one serves", async () => {
  open();
  await see(/Version 2/);
  click("Promote version 2");
  await see(/Serves nowversion 3 \(blended model.*Serves thenversion 2 \(boosting model/);
  expect(asked.some((each) => each.includes("promote"))).toBe(false);
  [...host.querySelectorAll<HTMLButtonElement>("dialog button")].at(-1)?.click();
  await see(/The boosting model serves \(version 2/);
  expect(host.querySelector("dialog")).toBeNull();
});

test("a roll back that has nowhere to go says so and changes nothing", async () => {
  open();
  await see(/Roll back/);
  click("Roll back");
  await see(/Roll back\?/);
  [...host.querySelectorAll<HTMLButtonElement>("dialog button")].at(-1)?.click();
  await see(/Nothing was changed: No other version has served before/);
  await see(/The blended model serves \(version 3/);
});

test("a training shows its progress, is found again, and can be called off", async () => {
  models.train("full");
  open();
  await see(/Full training read the sales history/);
  expect(host.querySelector('[role="progressbar"]')?.getAttribute("aria-valuenow")).toMatch(/^\d$/);
  click("Cancel training");
  await see(/The training ended without a model: cancelled by.*still serves/);
});

test("a training is started with the profile that was chosen; its end is told and its model serves", async () => {
  models = fakeModels("2015-07-31", true, 300);
  open();
  await see(/Train a model/);
  click("Train a model");
  await see(/Last time: 58 s/);
  host.querySelectorAll<HTMLInputElement>('dialog input[type="radio"]')[1]?.click();
  click("Start training");
  await see(/Full training/);
  expect(asked).toContain("POST /ml/trainings");
  await see(/Version 4, a blended model, is trained and serves now/);
});

test("the training in the address is shown beside the other one by what differs only", async () => {
  open("?run=exp_3&with=exp_1");
  await see(/Differs in/);
  const cells = [...host.querySelectorAll("table")].at(-1)?.textContent ?? "";
  expect(cells).toMatch(/Seed742/);
  expect(cells).toMatch(/Profilefullquick/);
  expect(cells).not.toMatch(/Days per window/);
});

test("an address that cannot be falls back and says so", async () => {
  open("?run=exp_99&by=moon&runs=sideways");
  await see(/by=“moon”/);
  await see(/There is no training exp_99/);
  await see(/Training of/);
});

test("a failed panel says what failed, the others stay", async () => {
  refused = ["/model/metadata"];
  open();
  await see(/The importance of inputs could not be loaded.*request-7/);
  await see(/The blended model serves/);
});
