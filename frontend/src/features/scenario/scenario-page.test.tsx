// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeChain } from "../../../test/fake-chain.ts";
import { type FakePlanning, fakePlanning } from "../../../test/fake-planning.ts";
import { fakeSummary } from "../../../test/fake-summary.ts";
import { type OpenedPage, openPage } from "../../../test/open-page.tsx";
import { ScenarioPage } from "./scenario-page.tsx";

// What a chart looks like is tested by its option; here there is no canvas to draw on.
vi.mock("../../charts/chart-canvas.tsx", () => ({
  default: ({ summary }: { summary: string }) => <p>Chart: {summary}</p>,
}));

const chain = fakeChain(12, "2015-01-01", "2015-07-31");
let planning: FakePlanning;
let page: OpenedPage;
/** What was asked of the API, in order. */
let asked: { path: string; body: unknown }[] = [];
/** Paths that are refused. */
let refused: string[] = [];
beforeEach(() => {
  asked = [];
  refused = [];
  planning = fakePlanning(chain);
});

afterEach(() => page.close());

/** Opens the page at an address; the one before is closed. */
function open(search = "") {
  page?.close();
  page = openPage("/scenario-lab", search, <ScenarioPage />, ({ method, path, body, query }) => {
    asked.push({ path, body });
    if (refused.includes(path)) return { status: 400, body: "The database does not answer." };
    if (path === "/system/summary") return { status: 200, body: fakeSummary(chain) };
    if (path === "/stores") return { status: 200, body: chain.stores };
    return planning.answer(method, path, body, query);
  });
}
const see = (text: string | RegExp) => page.see(text);
const write = (field: HTMLInputElement, text: string) => {
  // React listens to the setter of the prototype, which a plain assignment would pass by.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

test("a first look asks a question that planners ask, and answers it in a sentence", async () => {
  open("?store=3&horizon=14");
  await see(/“Promotion every day”: store 3 would sell €.* more than planned; in 8 of 10 cases/);
  await see(/Upside days.*Risk days/);
  await see(/Promotion, opening and holidays.*as the model learned it from history/);
});

test("what a scenario changes goes to the API as it stands in the address", async () => {
  open("?store=3&level=95&s1=promo.off*weekend.closed*demand.-10&s2=price.5*elasticity.1.5*name.Dearer");
  await see(/Dearer/);
  expect(asked.find(({ path }) => path === "/scenario/compare")?.body).toMatchObject({
    store_id: 3,
    confidence_level: 0.95,
    scenarios: [
      { promo_mode: "off", weekend_open: false, demand_shift_pct: -10, price_change_pct: 0 },
      { name: "Dearer", price_change_pct: 5, price_elasticity: 1.5 },
    ],
  });
  await see(/Side by side.*Baseline.*Dearer/);
});

test("a scenario is added, shown and taken out; a fourth has no room", async () => {
  open("?store=3&s1=demand.5");
  await see(/“Demand \+5%”/);
  page.click("No promotion");
  await see(/“No promotion”: store 3/);
  expect(location.search).toMatch(/s2=promo.off.*show=2/);
  page.click("Closed at weekends");
  await see(/“Closed at weekends”: store 3/);
  expect(page.host.textContent).not.toMatch(/can stand beside/);
  page.click("Remove scenario 1");
  await see(/One more scenario can stand beside these/);
  expect(new URLSearchParams(location.search).get("s1")).toBe("promo.off");
});

test("a slider asks once, when it rests", async () => {
  open("?store=3&s1=promo.as_is");
  await see(/“As planned” changes nothing/);
  const before = asked.length;
  const slider = page.host.querySelector<HTMLInputElement>('input[type="range"]');
  if (slider === null) throw new Error("there is no slider");
  for (const step of ["1", "2", "3"]) write(slider, step);
  await see(/“Demand \+3%”/);
  expect(asked.slice(before).filter(({ path }) => path === "/scenario/compare")).toHaveLength(1);
});

test("single days are replanned as a copy of the plan", async () => {
  open("?store=3&s1=promo.as_is&horizon=7");
  await see(/As planned/);
  page.click("Replan single days");
  await see(/Mon, 3 Aug 2015/);
  page.host.querySelector<HTMLInputElement>('input[aria-label="Open on Mon, 3 Aug 2015"]')?.click();
  await see(/Undo 1 day/);
  page.click("Use these days");
  await see(/“1 day replanned”: store 3 would sell .* less than planned/);
  expect(new URLSearchParams(location.search).get("s1")).toBe("days.20150803o0");
});

test("a saved comparison opens by its link alone, and a page that moves on says so", async () => {
  const saved = planning.answer("POST", "/scenarios", {
    name: "Summer",
    note: "For the board",
    content: {
      segment: { promo2: 1 },
      horizon_days: 14,
      confidence_level: 0.9,
      scenarios: [{ name: "Demand +10%", demand_shift_pct: 10 }],
    },
  });
  open(`?saved=${(saved?.body as { scenario_id: string } | undefined)?.scenario_id}`);
  await see(/Summer, version 1, by planner.*For the board/);
  await see(/“Demand \+10%”: stores with Promo2 would sell/);
  expect(location.search).toMatch(/mode=segment/);
  expect(page.host.textContent).not.toMatch(/changed since/);
  page.click("Copy scenario 1");
  await see(/changed since on this page, not saved yet/);
});

test("a link to something that was removed says so and shows the usual question", async () => {
  open("?saved=0198c0de-0000-4000-8000-000000000099&store=3");
  await see(/could not be opened: there is no saved scenario/);
  await see(/“Promotion every day”: store 3/);
});

test("a segment without a mark asks for one; a failed answer says why and how to go on", async () => {
  open("?mode=segment");
  await see(/Choose a segment/);
  refused.push("/scenario/compare");
  open("?store=3&s1=demand.1");
  await see(/The database does not answer.*request-7.*Try again/);
  await see(/Saved scenarios/);
});
