// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { answerContracts } from "../../../test/fake-contracts.ts";
import { fakePreflight } from "../../../test/fake-preflight.ts";
import { type OpenedPage, openPage } from "../../../test/open-page.tsx";
import { ContractsPage } from "./contracts-page.tsx";

let page: OpenedPage;
afterEach(() => page.close());

const open = (search = "", answer = answerContracts) => {
  page = openPage("/contracts", search, <ContractsPage />, ({ method, path, query }) =>
    answer(method, path, query),
  );
  return page;
};

test("the newest version is read as a document: how a file is made, its columns, its rules", async () => {
  const { see } = open();
  await see(
    /Rossmann Input Contract v2 describes 3 files with 14 columns; 4 rules refuse a file, 2 rules warn/,
  );
  await see(/cells separated by comma, semicolon or tab.*at most 50,000,000 rows/);
  await see(/full_dateBusiness day.*2000-01-01 to 2100-12-31; written YYYY-MM-DD or DD\.MM\.YYYY/);
  await see(/Refuses the fileSales is 0 or more/);
});

test("the file in the address is shown; its buttons change the address", async () => {
  const { see, choose } = open("?file=store&version=v1");
  await see(/Rossmann Input Contract v1 describes/);
  await see(/One row per store_id\./);
  choose("Coming days");
  await see(/No rules beyond the columns above/);
  await vi.waitFor(() => expect(location.search).toMatch(/file=known_future/));
});

test("two versions are compared, the older one first, breaking changes called out", async () => {
  const { see, asked } = open("?version=v1&against=v2");
  await see(/From v1 to v2/);
  await see(/2 breaking changes of 3: a file that keeps v1 may be refused by v2/);
  await see(/BreakingCustomers becomes required/);
  expect(asked).toContain("GET /contracts/rossmann_input_contract/diff?from=v1&to=v2");
});

test("an address that names what there is not falls back and says so", async () => {
  const { see } = open("?contract=other&version=v9&file=moon");
  await see(/There is no contract other; Rossmann Input Contract is shown/);
  await see(/has no version v9/);
  await see(/has no file “moon”/);
  await see(/Rossmann Input Contract v2 describes/);
});

test("without a contract the page says what that means", async () => {
  const { see } = open("", () => ({ status: 200, body: [] }));
  await see(/The registry holds no contract/);
});

test("a version that cannot be read says why; the list of versions stays", async () => {
  const { see } = open("", (method, path, query) =>
    path.endsWith("/versions/v2")
      ? { status: 409, body: "The released file was changed: its hash is not the registered one." }
      : answerContracts(method, path, query),
  );
  await see(/This version could not be loaded.*its hash is not the registered one/);
  await see(/v1Released/);
});

test("an earlier file is tried against a version: what was said then, what would be said now, and why", async () => {
  const { runs } = fakePreflight();
  page = openPage("/contracts", "?version=v2", <ContractsPage />, ({ method, path, query }) => {
    if (path === "/system/summary") return { status: 200, body: { data_source: { id: 1, name: "Default" } } };
    if (path === "/data-sources/1/preflight-runs") return { status: 200, body: runs.slice(0, 4) };
    return answerContracts(method, path, query);
  });
  const { see, click, asked } = page;
  await see(/Rossmann Input Contract v2/);
  click("Try an earlier file");
  await see(/store\.csv, .*, v1: PASS/);
  click("Try it");
  await see(/ThenPass by v1.*NowFail by v2: it would be turned away.*12 cells of customers are empty/);
  expect(asked).toContain("POST /contracts/rossmann_input_contract/versions/v2/dry-run");
});

test("where nothing was examined yet there is no file to try", async () => {
  page = openPage("/contracts", "", <ContractsPage />, ({ method, path, query }) => {
    if (path === "/system/summary") return { status: 200, body: { data_source: { id: 1, name: "Default" } } };
    if (path === "/data-sources/1/preflight-runs") return { status: 200, body: [] };
    return answerContracts(method, path, query);
  });
  const { see, click } = page;
  await see(/Try an earlier file/);
  await see(/Rossmann Input Contract v2/);
  click("Try an earlier file");
  await see(/No file of Default has been examined yet/);
});
