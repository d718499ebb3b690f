import { createLogger } from "@rossmann/core";
import { closeDatabase, openDatabase } from "@rossmann/warehouse";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { limitStop } from "./limit-stop.ts";

const db = openDatabase("postgresql://nobody@127.0.0.1:1/nothing", { logger: createLogger("silent") });
const said: string[] = [];
const terminal = { note: (text: string) => said.push(text) };
const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);

beforeEach(() => {
  vi.useFakeTimers();
  said.length = 0;
  exit.mockClear();
});
afterEach(() => vi.useRealTimers());

test("what never stops is named, and ends the process with exit code 1", async () => {
  const waitFor = limitStop({ db }, terminal);
  await waitFor("the API", Promise.resolve());
  void waitFor("the work in the background", new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(12_900);
  expect(exit).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(said).toEqual([
    "still waiting for the work in the background; cutting the connections to the database",
    "ended by force: the work in the background did not let go",
  ]);
  expect(exit).toHaveBeenCalledExactlyOnceWith(1);
});

test("when every part has stopped, what is still open is named", async () => {
  const waitFor = limitStop({ db }, terminal);
  await waitFor("the API", Promise.resolve());
  await closeDatabase(db);
  await vi.advanceTimersByTimeAsync(13_100);
  expect(said.at(-1)).toMatch(/^ended by force: the database \(open: .*\) did not let go$/);
});
