// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerContracts } from "../../../test/fake-contracts.ts";
import { fakeSession } from "../../../test/fake-session.ts";
import { type FakeSources, fakeSources } from "../../../test/fake-sources.ts";
import { type OpenedPage, openPage } from "../../../test/open-page.tsx";
import { ApiError } from "../../lib/api.ts";
import { DataSourcesPage } from "./data-sources-page.tsx";
import { sendFiles } from "./send-files.ts";
import { uploadShare, uploadWords } from "./upload-words.ts";
import { chosenProblem } from "./use-chosen-files.ts";

/** A request as the page makes it for uploads; the test says how far it is and how it ends. */
class FakeRequest {
  static last: FakeRequest;
  upload = new EventTarget();
  status = 0;
  response: unknown = null;
  responseType = "";
  url = "";
  sent: FormData | null = null;
  private readonly events = new EventTarget();
  constructor() {
    FakeRequest.last = this;
  }
  open(_method: string, url: string) {
    this.url = url;
  }
  addEventListener(type: string, listener: () => void) {
    this.events.addEventListener(type, listener);
  }
  getResponseHeader() {
    return "request-9";
  }
  send(form: FormData) {
    this.sent = form;
  }
  abort() {
    this.events.dispatchEvent(new Event("abort"));
  }
  progress(loaded: number, total: number) {
    this.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded, total }));
  }
  end(status: number, response: unknown) {
    Object.assign(this, { status, response });
    this.events.dispatchEvent(new Event("load"));
  }
  fail() {
    this.events.dispatchEvent(new Event("error"));
  }
}

let page: OpenedPage;
let sources: FakeSources;
beforeEach(() => {
  sources = fakeSources();
  sources.uploads = [];
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
});
afterEach(() => page?.close());

const open = (search = "?source=2") => {
  const session = fakeSession();
  page = openPage("/data-sources", search, <DataSourcesPage />, ({ method, path, query, body }) => {
    if (path === "/session") return session.answer(method, body);
    return sources.answer(method, path, query, body) ?? answerContracts(method, path, query);
  });
  return page;
};

const csv = (name: string, text: string) => new File([text], name, { type: "text/csv" });
const SALES = csv("umsatz.csv", "Filiale;Wochentag;Datum;Umsatz;Wetter\n1;5;31.07.2015;5263;sonnig\n");
const STORES = csv("store.csv", "Store,StoreType\n1,c\n");

/** Drops files where they are to be dropped. */
function drop(...files: File[]) {
  const zone = [...page.host.querySelectorAll("div")].find((each) => each.className.includes("zone"));
  const event = new Event("drop", { bubbles: true, cancelable: true });
  zone?.dispatchEvent(Object.assign(event, { dataTransfer: { files } }));
}

const ready = async () => {
  const { see } = open();
  await see(/Drop CSV files here/);
  // The contract tells what headers mean; it comes with two more answers.
  await vi.waitFor(() => expect(page.asked.some((each) => each.includes("/versions/"))).toBe(true));
  await new Promise((done) => setTimeout(done));
};

test("dropped files are shown with what their headers mean, and taken for what they are", async () => {
  await ready();
  drop(SALES, STORES);
  await page.see(/Filialestore_id.*Umsatzsales.*Wetternot known/);
  await page.see(/31\.07\.2015/);
  const kinds = [...page.host.querySelectorAll<HTMLSelectElement>("form select")].map((each) => each.value);
  expect(kinds).toEqual(["train", "store"]);
});

test("files are sent with progress, and then wait for their turn", async () => {
  await ready();
  drop(SALES, STORES);
  await page.see(/Check and load/);
  page.choose("Report only");
  page.click("Check and load");
  await page.see(/Cancel/);
  const request = FakeRequest.last;
  request.progress(40, 160);
  await page.see(/of \d+ bytes sent/);
  expect(request.url).toBe("/api/v1/data-sources/2/uploads");
  expect(
    Object.fromEntries(
      [...(request.sent?.entries() ?? [])].map(([k, v]) => [k, v instanceof File ? v.name : v]),
    ),
  ).toEqual({
    kind: "full",
    preflight_mode: "report_only",
    train: "umsatz.csv",
    store: "store.csv",
  });
  const [example] = fakeSources().uploads;
  sources.uploads = [{ ...example!, data_source_id: 2, status: "QUEUED", progress: null }];
  request.end(202, {});
  await page.see(/Last uploads.*Waiting for its turn/);
  expect(page.host.querySelector("form")).toBeNull();
});

test("an upload that is refused says why, and the files are still chosen", async () => {
  await ready();
  drop(SALES, STORES);
  await page.see(/Check and load/);
  page.click("Check and load");
  await page.see(/Cancel/);
  FakeRequest.last.end(413, { detail: "train is larger than 2,048 MB", request_id: "request-8" });
  await page.see(/Not sent: train is larger than 2,048 MB \(request id request-8\)/);
  await page.see(/umsatz\.csv/);
});

test("an upload that breaks off says so; one that is called off says nothing", async () => {
  await ready();
  drop(SALES, STORES);
  await page.see(/Check and load/);
  page.click("Check and load");
  await page.see(/Cancel/);
  FakeRequest.last.fail();
  await page.see(/Not sent: The upload broke off: the server cannot be reached/);
  page.click("Check and load");
  await page.see(/sent/);
  page.click("Cancel");
  await page.see(/Check and load/);
  expect(page.host.textContent).not.toMatch(/Not sent/);
});

test("a load at work can be called off; one that failed leads to every fault and can be tried again", async () => {
  sources.uploads = fakeSources().uploads;
  const { see, click, host } = open("");
  await see(/At work.*Checking every cell: 412,000 rows/);
  await see(/Not loaded.*Nothing changed\. train\.csv breaks its contract/);
  const report = [...host.querySelectorAll("a")].find((a) => a.textContent === "See every fault");
  expect(report?.getAttribute("href")).toMatch(/^\/preflight-diagnostics\?source=1&run=etl_/);
  click("Cancel");
  await see(/Called off; nothing changed/);
  click("Try again");
  await see(/Waiting for its turn/);
});

test("chosenProblem names what keeps files from being sent", () => {
  const chosen = (kind: "train" | "store" | "future" | null, file = SALES) => ({ kind, file });
  expect(chosenProblem([chosen("train"), chosen("store")], "full")).toBeNull();
  expect(chosenProblem([chosen("train")], "incremental")).toBeNull();
  expect(chosenProblem([chosen("train")], "full")).toMatch(/file of stores has to come along/);
  expect(chosenProblem([chosen("store")], "full")).toMatch(/daily sales are missing/);
  expect(chosenProblem([chosen(null)], "full")).toBe("Say what umsatz.csv holds.");
  expect(chosenProblem([chosen("train"), chosen("train")], "full")).toMatch(/taken for the same/);
  expect(chosenProblem([chosen("train", csv("a.csv", "")), chosen("store")], "full")).toBe("a.csv is empty.");
});

test("uploadWords and uploadShare tell of every state", () => {
  const [running, failed, done] = fakeSources().uploads;
  expect(uploadShare(running!)).toBeCloseTo(0.3);
  expect(uploadShare(done!)).toBeNull();
  expect(uploadShare({ status: "RUNNING", progress: { ...running!.progress!, phase: "new" } })).toBeNull();
  expect(uploadWords({ ...running!, progress: { ...running!.progress!, phase: "new", rows: 0 } })).toBe(
    "At the step “new”",
  );
  expect(uploadWords({ ...running!, progress: null })).toMatch(/against the contract/);
  expect(uploadWords(done!)).toBe("1,017,167 rows of sales loaded, 42 rows set aside.");
  const detail =
    "Preflight blocked ETL, nothing was loaded. train (train.csv): 1 cell is bad. The validation_report.json and semantic_report.json of run etl_1 name every place";
  expect(uploadWords({ ...failed!, error: { code: "preflight_blocked", detail } })).toBe(
    "Nothing changed. train (train.csv): 1 cell is bad.",
  );
  expect(uploadWords({ ...failed!, error: null })).toBe("Nothing changed. No reason was recorded.");
});

test("sendFiles turns an answer that is no problem document into one sentence", async () => {
  const sending = sendFiles("/x", new FormData(), {
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  FakeRequest.last.end(502, null);
  await expect(sending).rejects.toEqual(new ApiError("The server answered 502.", 502, null, "request-9"));
});
