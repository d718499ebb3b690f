import { afterEach, expect, test, vi } from "vitest";
import { ApiError, getJson, queryString } from "./api.ts";

afterEach(() => vi.unstubAllGlobals());

const answer = (body: string, init: ResponseInit) =>
  vi.stubGlobal("fetch", async () => new Response(body, init));

test("queryString leaves out what is missing and keeps 0", () => {
  expect(queryString({ a: 1, b: null, c: undefined, d: 0, e: "x y" })).toBe("?a=1&d=0&e=x+y");
  expect(queryString()).toBe("");
});

test("a problem document becomes its detail, code and request id", async () => {
  answer(
    JSON.stringify({
      title: "Not found",
      detail: "There is no store 9.",
      code: "store_not_found",
      request_id: "r1",
    }),
    { status: 404 },
  );
  const error = await getJson("/stores").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    message: "There is no store 9.",
    status: 404,
    code: "store_not_found",
    requestId: "r1",
  });
});

test("an answer that is no problem document still says its status and its request id", async () => {
  answer("<html>", { status: 502, headers: { "X-Request-ID": "r2" } });
  await expect(getJson("/stores")).rejects.toMatchObject({
    status: 502,
    requestId: "r2",
    message: expect.stringContaining("502"),
  });
});

test("no answer at all is status 0 and a sentence that helps", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("fetch failed");
  });
  await expect(getJson("/stores")).rejects.toMatchObject({ status: 0, code: "unreachable", requestId: null });
});

test("a slow answer is given up after its time", async () => {
  vi.stubGlobal(
    "fetch",
    (_url: string, init: RequestInit) =>
      new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
  );
  await expect(getJson("/stores", { timeoutMs: 5 })).rejects.toMatchObject({ code: "timeout" });
});

test("a request that is called off rejects with the reason it was called off for", async () => {
  vi.stubGlobal(
    "fetch",
    (_url: string, init: RequestInit) =>
      new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
  );
  const abort = new AbortController();
  const asked = getJson("/stores", { signal: abort.signal });
  abort.abort(new Error("left the page"));
  await expect(asked).rejects.toThrow("left the page");
});
