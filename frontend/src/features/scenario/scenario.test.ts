import { expect, test } from "vitest";
import { fakeChain } from "../../../test/fake-chain.ts";
import { fakeComparison } from "../../../test/fake-scenarios.ts";
import type { CalendarDay, ScenarioPoint } from "../../lib/api-types.ts";
import { daysSentence, differenceSentence } from "./components/scenario-charts.tsx";
import { riskDays, upsideDays } from "./day-ranking.ts";
import { type Draft, draftName, draftNames, fromNamedScenario, toNamedScenario, UNCHANGED } from "./draft.ts";
import { compareBody, fromSaved, isSameQuestion, type LabQuestion } from "./lab-body.ts";
import { parseAsDraft } from "./params.ts";
import { withChange } from "./replanned-days.ts";
import { scenarioCsv } from "./scenario-csv.ts";

const chain = fakeChain(12);
const RICH: Draft = {
  name: "Summer sale: -5 % & more",
  promo: "weekends_only",
  weekendOpen: false,
  school: "off",
  demand: -12,
  price: 7,
  elasticity: 1.25,
  days: [
    { date: "2015-08-03", open: 0, promo: null, school: null },
    { date: "2015-08-04", open: null, promo: 1, school: 0 },
  ],
};
const QUESTION: LabQuestion = {
  mode: "store",
  store: 3,
  segment: { type: "", assortment: "", promo2: null },
  horizon: 14,
  level: "90",
  drafts: [RICH, UNCHANGED],
  source: null,
};

test("a scenario comes out of the address as it went in", () => {
  for (const draft of [RICH, UNCHANGED, { ...UNCHANGED, demand: 50 }, { ...UNCHANGED, price: -30 }])
    expect(parseAsDraft.parse(parseAsDraft.serialize(draft))).toEqual(draft);
});

test("half a scenario is none: whatever cannot be read makes all of it bad", () => {
  for (const text of [
    "promo.sometimes",
    "demand.51",
    "demand.1e9",
    "demand.NaN",
    "price.-31",
    "elasticity.11",
    "days.20150230o1",
    "promo.off*moon.full",
    "promo",
  ])
    expect(parseAsDraft.parse(text), text).toBeNull();
});

test("a scenario without a name is called after what it changes; two of the same are told apart", () => {
  expect(draftName(UNCHANGED)).toBe("As planned");
  expect(draftName({ ...RICH, name: "" })).toBe(
    "Promotion at weekends only, closed at weekends, no school holidays, demand -12%, price +7%, 2 days replanned",
  );
  expect(draftNames([UNCHANGED, RICH, UNCHANGED])).toEqual(["As planned", RICH.name, "As planned (2)"]);
});

test("a scenario goes to the API and comes back as it was, its own name and a derived one alike", () => {
  for (const draft of [RICH, { ...RICH, name: "" }])
    expect(fromNamedScenario(toNamedScenario(draft, draftName(draft)))).toEqual(draft);
});

test("what was saved asks the same again, until something is changed", () => {
  const content = compareBody(QUESTION);
  if (content === null) throw new Error("the question names a store");
  expect(fromSaved(content)).toMatchObject({ mode: "store", store: 3, horizon: 14, level: "90" });
  expect(isSameQuestion(content, QUESTION)).toBe(true);
  expect(isSameQuestion(content, { ...QUESTION, horizon: 15 })).toBe(false);
  expect(isSameQuestion(content, { ...QUESTION, drafts: [RICH] })).toBe(false);
});

test("nothing is asked while it is not said of which stores", () => {
  expect(compareBody({ ...QUESTION, mode: "segment" })).toBeNull();
  expect(compareBody({ ...QUESTION, store: null })).toBeNull();
});

test("a tick that says what the plan says is no change", () => {
  const day: CalendarDay = {
    date: "2015-08-03",
    open: 1,
    promo: 0,
    state_holiday: "0",
    school_holiday: 1,
    basis: "known",
  };
  const closed = withChange([], day, "open", false);
  expect(closed).toEqual([{ date: "2015-08-03", open: 0, promo: null, school: null }]);
  expect(withChange(closed, day, "promo", true)).toEqual([{ ...closed[0], promo: 1 }]);
  expect(withChange(closed, day, "open", true)).toEqual([]);
});

test("upside days gain, best first; risk days may fall below the baseline, deepest first", () => {
  const point = (date: string, delta: number, lower: number) =>
    ({ date, delta_sales: delta, delta_lower: lower, delta_upper: delta }) as ScenarioPoint;
  const points = [point("a", 5, 1), point("b", 9, -2), point("c", 0, 0), point("d", -3, -8)];
  expect(upsideDays(points).map(({ date }) => date)).toEqual(["b", "a"]);
  expect(riskDays(points).map(({ date }) => date)).toEqual(["d", "b"]);
  expect(riskDays([{ ...point("e", -1, 0), delta_lower: null }])).toHaveLength(1);
});

test("the file holds every scenario's days with the API's figures to the last digit", () => {
  const body = compareBody({ ...QUESTION, drafts: [{ ...UNCHANGED, demand: 10 }, UNCHANGED] });
  const answer = fakeComparison(chain, body ?? { scenarios: [] });
  const { name, content } = scenarioCsv(answer);
  const [header, ...lines] = content.trimEnd().split("\r\n");
  expect(name).toBe("scenario_store_3_14d.csv");
  expect(header).toMatch(/^scenario,date,baseline_sales,scenario_sales,delta_sales,/);
  expect(lines.map((line) => Number(line.split(",")[3]))).toEqual(
    answer.scenarios.flatMap(({ points }) => points.map((point) => point.scenario_sales)),
  );
});

test("the charts' sentences say how many days change, and which differ most", () => {
  const [shifted, same] = fakeComparison(chain, {
    store_id: 3,
    horizon_days: 14,
    scenarios: [{ name: "More", demand_shift_pct: 10 }, { name: "Same" }],
  }).scenarios;
  expect(daysSentence(shifted?.points ?? [])).toMatch(/^12 of 14 days change\.$/);
  expect(daysSentence(same?.points ?? [])).toBe("The scenario is the plan as it is: no day changes.");
  expect(differenceSentence(shifted?.points ?? [])).toMatch(/^Most gained on .*: \+€/);
  expect(differenceSentence([])).toBe("No day differs.");
});
