// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakeAlerts, fakeAlerts } from "../../../test/fake-alerts.ts";
import { fakeSession } from "../../../test/fake-session.ts";
import { type Asked, type OpenedPage, openPage } from "../../../test/open-page.tsx";
import { AlertsPage } from "./alerts-page.tsx";

let page: OpenedPage;
let fake: FakeAlerts;
beforeEach(() => {
  fake = fakeAlerts();
});
afterEach(() => page.close());

type Said = { status: number; body: unknown } | null;
const open = (search = "", answer: (asked: Asked) => Said = () => null) => {
  page = openPage("/notifications", search, <AlertsPage />, (asked) => answer(asked) ?? fake.answer(asked));
  return page;
};
const cards = () => [...page.host.querySelectorAll<HTMLElement>("[data-alert]")];
const press = (target: Element, key: string) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

test("what nobody has taken on comes first, with its figure against its limit", async () => {
  const { see } = open();
  await see("1 alert asks for somebody; 1 other is taken care of. 1 more has just passed its limit.");
  expect(cards().map((card) => card.dataset.alert)).toEqual([
    "blocked_runs_any_7d",
    "train_fail_rate_7d",
    "train_fail_rate_7d:2",
  ]);
  expect(cards()[0]?.textContent).toMatch(/Loads that were turned away3, fires at or above 1/);
  expect(cards()[0]?.textContent).toMatch(/Aboutdata source 1/);
  expect(cards()[1]?.textContent).toMatch(/25\.0%, fires at or above 15\.0%/);
  expect(cards()[1]?.textContent).toMatch(/by Ada, 20 min\.? ago – “asked the supplier”/);
});

test("two keys take an alert on: a, then Enter in the dialog", async () => {
  const { see } = open();
  await see(/Take on/);
  press(cards()[0] as HTMLElement, "a");
  await see("Take this alert on?");
  document.querySelector<HTMLFormElement>("dialog form")?.requestSubmit();
  await vi.waitFor(() =>
    expect(fake.done).toEqual([
      { path: "/diagnostics/preflight/alerts/blocked_runs_any_7d/ack", body: { note: null } },
    ]),
  );
  await vi.waitFor(() => expect(document.querySelector("dialog")).toBeNull());
});

test("two keys ask for an hour of quiet about this alert alone", async () => {
  const { see } = open();
  await see(/Take on/);
  press(cards()[0] as HTMLElement, "s");
  await see("Ask for quiet");
  document.querySelector<HTMLFormElement>("dialog form")?.requestSubmit();
  await vi.waitFor(() => expect(fake.done).toHaveLength(1));
  expect(fake.done[0]?.path).toBe("/diagnostics/preflight/alerts/silences");
  expect(fake.done[0]?.body).toMatchObject({
    policy_id: "blocked_runs_any_7d",
    matchers: ["data_source=1"],
  });
});

test("arrow keys walk from alert to alert", async () => {
  const { see } = open();
  await see(/Take on/);
  const [first, second] = cards() as [HTMLElement, HTMLElement];
  first.focus();
  press(first, "ArrowDown");
  expect(document.activeElement).toBe(second);
  press(second, "k");
  expect(document.activeElement).toBe(first);
});

test("a key that may only look sees every button, and none of them acts", async () => {
  fake.session.scopes = ["diagnostics:read"];
  const { see, click } = open();
  await see(/Take on/);
  click("Take on blocked_runs_any_7d");
  press(cards()[0] as HTMLElement, "s");
  expect(document.querySelector("dialog")).toBeNull();
  expect(cards()[0]?.querySelector("button[aria-disabled=true]")).not.toBeNull();
});

test("a refusal is said where it was tried, and the dialog stays", async () => {
  const { see, click } = open("", ({ method }) =>
    method === "POST" ? { status: 409, body: "the alert has resolved meanwhile" } : null,
  );
  await see(/Take on/);
  click("Take on blocked_runs_any_7d");
  await see("Take this alert on?");
  document.querySelector<HTMLFormElement>("dialog form")?.requestSubmit();
  await see("Not taken on: the alert has resolved meanwhile (request id request-7)");
});

test("an empty inbox says so; one that cannot be read says why, and what to quote", async () => {
  fake.alerts = [];
  await open().see("Nothing asks for you");
  page.close();
  await open("", ({ path }) =>
    path.endsWith("/alerts/active") ? { status: 401, body: "this asks for a key" } : null,
  ).see(/Sign in to see the alerts/);
});

test("without a key the page asks to sign in, and asks the server for nothing that it would refuse", async () => {
  fake.session = fakeSession("local").current;
  const { see, asked } = open();
  await see(/Sign in to see the alerts.*npx rossmann keys link/);
  expect(asked.some((each) => each.includes("/diagnostics/"))).toBe(false);
});

test("the history is narrowed by what an alert became, and the address says so", async () => {
  const { see, type, asked } = open("?tab=history");
  await see(/it held long enough/);
  type("Became", "PENDING");
  await vi.waitFor(() => expect(location.search).toContain("state=PENDING"));
  await vi.waitFor(() => expect(asked.some((each) => each.includes("status=PENDING"))).toBe(true));
});

test("a policy is tried on the days gone by, and with another limit", async () => {
  const { see, click, type } = open("?tab=policies");
  await see(/Loads that were turned away: at or above 1 within 7 days/);
  click("Try it: blocked_runs_any_7d");
  await see("It would have fired 4 times in the last 90 days, firing at or above 1.");
  type("Limit", "3");
  await see("It would have fired once in the last 90 days, firing at or above 3.");
  expect(location.search).toContain("policy=blocked_runs_any_7d");
});

test("a silence of everything has to be meant", async () => {
  const { see, click, choose } = open("?tab=silences");
  await see(/policy_id=load_late/);
  click("Plan a silence…");
  await see("This names nothing");
  choose("This names nothing, so it keeps every alert quiet. I mean that.");
  document.querySelector<HTMLFormElement>("dialog form")?.requestSubmit();
  await vi.waitFor(() => expect(fake.done).toHaveLength(1));
  expect(fake.done[0]?.body).toMatchObject({ policy_id: null, matchers: [], match_everything: true });
});

test("a silence is ended early", async () => {
  const { see, click } = open("?tab=silences");
  await see(/night shift/);
  click("End now: the silence of policy_id=load_late");
  await vi.waitFor(() =>
    expect(fake.done[0]?.path).toBe("/diagnostics/preflight/alerts/silences/s-1/expire"),
  );
});

test("endpoints say how they are; one that was disabled is enabled again, another is tested", async () => {
  const { see, click } = open("?tab=endpoints");
  await see(/the receiver answered 410/);
  click("Send a test to default_webhook");
  await see("The test message arrived in 41 ms.");
  click("Enable pager again");
  await vi.waitFor(() => expect(fake.done.at(-1)?.path).toMatch(/endpoints\/pager\/enable$/));
});

test("a notification shows its attempts with what the receiver answered, and is sent again", async () => {
  const { see, click } = open("?tab=deliveries&item=d-2");
  await see(/to default_webhook, 3 attempts of 3/);
  await see(/HTTP 503 · the receiver answered 503/);
  await see(/try later/);
  click("Send again");
  await vi.waitFor(() => expect(fake.done[0]?.path).toMatch(/outbox\/d-2\/replay$/));
});

test("what was given up is counted before it is sent again", async () => {
  fake.outbox.push({
    ...(fake.outbox[1] as FakeAlerts["outbox"][number]),
    id: "d-9",
    replayed_as_id: "d-10",
  });
  const { see, click } = open("?tab=deliveries");
  await see(/Oldest of them waits2 min 5 s/);
  click("Send what was given up again…");
  await see("1 notification was given up in the last 14 days");
  click("Send 1 again");
  await vi.waitFor(() => expect(page.asked.some((each) => /replay-dead\?limit=1$/.test(each))).toBe(true));
});
