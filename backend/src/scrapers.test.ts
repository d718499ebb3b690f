import { DatabaseUnavailableError } from "@rossmann/warehouse";
import type { FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import { type Caller, LOCAL_CALLER } from "./access.ts";
import { HttpRefusal } from "./errors.ts";
import { rememberScrapers } from "./scrapers.ts";

const prometheus: Caller = { ...LOCAL_CALLER, name: "prometheus", kind: "key" };
const request = (key: string) =>
  ({ headers: { authorization: `Bearer ${key}` } }) as unknown as FastifyRequest;

test("a scraper whose key was good goes on for a quarter of an hour while the database is away, nobody else does", async () => {
  let time = 0;
  let answer: () => Caller = () => prometheus;
  const identify = rememberScrapers({ identify: async () => answer() }, () => time);
  await identify(request("good"));
  answer = () => {
    throw new DatabaseUnavailableError("here", "gone");
  };
  expect(await identify(request("good"))).toBe(prometheus);
  await expect(identify(request("other"))).rejects.toThrow(DatabaseUnavailableError);
  time = 15 * 60_000 + 1;
  await expect(identify(request("good"))).rejects.toThrow(DatabaseUnavailableError);
});

test("a key that was refused in the meantime is forgotten", async () => {
  let answer: () => Caller = () => prometheus;
  const identify = rememberScrapers({ identify: async () => answer() });
  await identify(request("good"));
  answer = () => {
    throw new HttpRefusal(401, "key_invalid", "revoked");
  };
  await expect(identify(request("good"))).rejects.toThrow("revoked");
  answer = () => {
    throw new DatabaseUnavailableError("here", "gone");
  };
  await expect(identify(request("good"))).rejects.toThrow(DatabaseUnavailableError);
});
