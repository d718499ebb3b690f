import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@rossmann/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askForLogLevel, followLogLevel } from "./log-level.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "rossmann-level-"));
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(home, { recursive: true });
});

test("a running process takes over the level that is asked for, and not what was asked for before it began", () => {
  const logger = createLogger("silent");
  askForLogLevel(home, "debug");
  const late = followLogLevel(home, logger, Date.now() + 60_000);
  vi.advanceTimersByTime(2_000);
  expect(logger.level).toBe("silent");
  late();

  const letGo = followLogLevel(home, logger, Date.now() - 60_000);
  vi.advanceTimersByTime(2_000);
  expect(logger.level).toBe("debug");
  letGo();
});
