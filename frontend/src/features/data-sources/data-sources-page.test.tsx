// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerContracts } from "../../../test/fake-contracts.ts";
import { type FakeSession, fakeSession } from "../../../test/fake-session.ts";
import { type FakeSources, fakeSources } from "../../../test/fake-sources.ts";
import { type Asked, type OpenedPage, openPage } from "../../../test/open-page.tsx";
import { SourceSwitch } from "../../components/source-switch.tsx";
import { DataSourcesPage } from "./data-sources-page.tsx";

let page: OpenedPage;
let sources: FakeSources;
let session: FakeSession;
beforeEach(() => {
  sources = fakeSources();
  session = fakeSession();
});
afterEach(() => page.close());

type Said = { status: number; body: unknown } | null;
const open = (search = "", answer: (asked: Asked) => Said = () => null, element = <DataSourcesPage />) => {
  page = openPage("/data-sources", search, element, (asked) => {
    const { method, path, query, body } = asked;
    if (path === "/session") return session.answer(method, body);
    return answer(asked) ?? sources.answer(method, path, query, body) ?? answerContracts(method, path, query);
  });
  return page;
};

test("each client has a card: what it holds, how fresh it is, what its last examination said", async () => {
  const { see } = open();
  await see(/2 data sources; the last load of Rossmann Default, 1 hr ago, changed nothing/);
  await see(/Holds1\.02m rows of 1,115 stores.*Last loadfailed 1 hr ago, nothing changed.*ExaminedFail/);
  await see(/NordmarktPartner in the north.*Holdsno sales yet/);
});

test("the loads say what came of them, and lead to the report and to the rows that were set aside", async () => {
  const { see, host } = open();
  await see(/Failed.*train\.csv, store\.csv.*breaks its contract in 6 ways/);
  await see(/Rows set aside/);
  const links = [...host.querySelectorAll("td a")].map((a) => a.getAttribute("href"));
  expect(links[0]).toMatch(/^\/preflight-diagnostics\?source=1&run=etl_/);
  expect(links).toContainEqual(expect.stringMatching(/&tab=reports$/));
});

test("choosing a card puts its source into the address, where every page finds it", async () => {
  const { see, click } = open();
  await see(/Nordmarkt/);
  click("Nordmarkt");
  await vi.waitFor(() => expect(location.search).toBe("?source=2"));
  await see(/2 data sources; Nordmarkt holds no sales yet/);
  await see(/Nothing has been loaded yet/);
});

test("a new data source is named, made and shown; without a name the field says so and nothing is sent", async () => {
  const { see, click, type, asked } = open();
  await see(/New data source/);
  click("New data source");
  await see(/Always the newest/);
  click("Create");
  await see(/A data source needs a name/);
  expect(asked.some((each) => each.startsWith("POST"))).toBe(false);
  type("Name", "  Südmarkt ");
  click("Create");
  await see(/3 data sources; Südmarkt holds no sales yet/);
  expect(sources.list.at(-1)).toMatchObject({ name: "Südmarkt", source_type: "cms", is_default: false });
});

test("a name that is taken is refused in the server's words, and the form stays", async () => {
  const { see, click, type } = open();
  await see(/New data source/);
  click("New data source");
  await see(/Always the newest/);
  type("Name", "Nordmarkt");
  click("Create");
  await see(/Not saved: a data source named "Nordmarkt" exists already \(request id request-7\)/);
});

test("editing sends only what changed", async () => {
  let sent: unknown;
  const { see, click, choose } = open("?source=2", ({ method, body }) => {
    if (method === "PATCH") sent = body;
    return null;
  });
  await see(/Nordmarkt/);
  click("Edit Nordmarkt");
  await see(/In use: can be loaded and shown/);
  choose("In use: can be loaded and shown");
  click("Save");
  await see(/Switched off/);
  expect(sent).toEqual({ is_active: false });
});

test("only a source that holds nothing and is not the default can be deleted", async () => {
  const { see, click } = open("?source=2");
  await see(/Nordmarkt/);
  click("Edit Rossmann Default");
  await see(/The default cannot be switched off/);
  expect(() => click("Delete")).toThrow();
  click("Cancel");
  click("Edit Nordmarkt");
  await see(/Edit Nordmarkt/);
  click("Delete");
  await vi.waitFor(() => expect(sources.list).toHaveLength(1));
  await see(/1 data source;/);
});

test("a source in the address that there is not falls back to the default and says so", async () => {
  const { see } = open("?source=9");
  await see(/There is no data source 9; Rossmann Default is shown/);
});

test("a key that may only read sees the cards and changes nothing", async () => {
  session.current = { ...session.current, scopes: ["data:read"] };
  const { see, host } = open();
  await see(/Nordmarkt/);
  await vi.waitFor(() => {
    const button = [...host.querySelectorAll("button")].find(
      (each) => each.textContent === "New data source",
    );
    expect(button?.disabled).toBe(true);
  });
});

test("without the right to read, the page asks for a key", async () => {
  const { see } = open("", ({ path }) =>
    path === "/data-sources" ? { status: 403, body: "this asks for the scope data:read" } : null,
  );
  await see(/Your key may not see the data sources.*data:read/);
});

test("the switch shows another source on the same page, and drops what belongs to the first", async () => {
  open(
    "?store=7&from=2015-01-01&compare=year",
    () => null,
    <SourceSwitch current={{ id: 1, name: "Rossmann Default" }} />,
  );
  await vi.waitFor(() => expect(page.host.querySelectorAll("option")).toHaveLength(2));
  const select = page.host.querySelector("select") as HTMLSelectElement;
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value")?.set?.call(select, "2");
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await vi.waitFor(() =>
    expect(location.pathname + location.search).toBe("/data-sources?source=2&compare=year"),
  );
});
