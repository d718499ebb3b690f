import { AppError } from "@rossmann/core";
import { describe, expect, test } from "vitest";
import { HttpRefusal } from "./errors.ts";
import { problemDocument, problemOf } from "./problem-of.ts";

const pgError = (code: string) =>
  Object.assign(new Error(`select secret from passwords /srv/data ${code}`), { code });

describe("problemOf", () => {
  test.each([
    ["invalid", 400],
    ["not_found", 404],
    ["conflict", 409],
    ["unavailable", 503],
  ] as const)("gives a refusal of kind %s the status %i, its code and its words", (kind, status) => {
    expect(problemOf(new AppError("some_code", kind, "what, where, what to do"))).toEqual({
      status,
      code: "some_code",
      detail: "what, where, what to do",
      errors: [],
    });
  });

  test.each([
    ["ECONNREFUSED", 503, "database_unavailable"],
    ["08006", 503, "database_unavailable"],
    ["57P01", 503, "database_unavailable"],
    ["53300", 503, "database_busy"],
    ["57014", 503, "database_busy"],
    ["42P01", 503, "schema_missing"],
    ["22008", 400, "value_out_of_range"],
    ["23505", 500, "internal_error"],
    ["XX000", 500, "internal_error"],
  ])("gives %s the status %i and nothing of the error's text", (code, status, word) => {
    const problem = problemOf(pgError(code));
    expect(problem).toMatchObject({ status, code: word });
    expect(problem.detail).not.toMatch(/select|secret|srv/);
  });

  test("tells a client that went away from a database that did", () => {
    const reset = (message: string, more = {}) =>
      problemOf(Object.assign(new Error(message), { code: "ECONNRESET", ...more }));
    expect(reset("aborted")).toMatchObject({ status: 400, code: "request_aborted" });
    expect(reset("read ECONNRESET", { syscall: "read" })).toMatchObject({
      status: 503,
      code: "database_unavailable",
    });
  });

  test("finds the database behind the refusal that wraps it, and keeps host and port to itself", () => {
    const wrapped = new AppError(
      "database_unavailable",
      "unavailable",
      "the database at 10.0.0.7:5432/shop does not answer",
      {
        cause: pgError("ECONNREFUSED"),
      },
    );
    expect(problemOf(wrapped)).toMatchObject({ status: 503, code: "database_unavailable" });
    expect(problemOf(wrapped).detail).not.toContain("10.0.0.7");
    const plain = new AppError(
      "database_refused",
      "unavailable",
      "the database at 10.0.0.7:5432/shop refuses",
    );
    expect(problemOf(plain)).toMatchObject({ status: 503 });
    expect(problemOf(plain).detail).not.toContain("10.0.0.7");
  });

  test("looks into both attempts of a name with two addresses", () => {
    expect(problemOf(new AggregateError([pgError("ECONNREFUSED"), pgError("ECONNREFUSED")])).status).toBe(
      503,
    );
  });

  test.each([
    new Error("/srv/app/secret.ts:12"),
    "text",
    null,
    undefined,
    { detail: "x" },
    new TypeError("x is not a function"),
  ])("says nothing of a bug (%s)", (bug) => {
    expect(problemOf(bug)).toMatchObject({ status: 500, code: "internal_error" });
    expect(problemOf(bug).detail).not.toMatch(/srv|function/);
  });

  test("trusts a plugin's 4xx status and not its text", () => {
    const error = Object.assign(new Error("secret"), { statusCode: 416 });
    expect(problemOf(error)).toEqual({
      status: 416,
      code: "request_refused",
      detail: "Range Not Satisfiable",
      errors: [],
    });
    expect(problemOf(Object.assign(new Error("secret"), { statusCode: 503 })).status).toBe(500);
  });
});

test("problemDocument has every field of the form", () => {
  const problem = problemOf(new HttpRefusal(429, "too_many_requests", "wait 3 s"));
  expect(problemDocument(problem, "/api/v1/stores", "r-1")).toEqual({
    type: "urn:rossmann:problem:too_many_requests",
    title: "Too Many Requests",
    status: 429,
    detail: "wait 3 s",
    instance: "/api/v1/stores",
    code: "too_many_requests",
    request_id: "r-1",
    errors: [],
  });
});
