import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, metricsRegistry } from "@rossmann/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { liveFile } from "./live-file.ts";
import { parsePolicies } from "./policy.ts";

let folder: string;
let tick = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-live-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string) => {
  writeFileSync(join(folder, "p.yaml"), text);
  // Two writes within one tick of the file system's clock would look alike.
  utimesSync(join(folder, "p.yaml"), 1_000 + tick, 1_000 + tick++);
};
const open = () =>
  liveFile({
    kind: "policies",
    path: join(folder, "p.yaml"),
    parse: parsePolicies,
    logger: createLogger("silent"),
  });
const policies = (id: string) =>
  `policies: [{id: ${id}, metric_type: fail_rate, operator: ">", threshold: 0}]`;
const metric = async (name: string) => {
  const found = await metricsRegistry.getSingleMetric(name)!.get();
  return (found.values as { labels: Record<string, unknown>; value: number }[]).find(
    ({ labels }) => labels.file === "policies",
  )?.value;
};

test("a change is seen; a refused change leaves the old contents working, once counted and shown until it is mended", async () => {
  write(policies("first"));
  const file = open();
  const ids = async () => (await file.current()).policies.map(({ id }) => id);
  expect(await ids()).toEqual(["first"]);
  const refusedBefore = (await metric("preflight_config_reloads_refused_total")) ?? 0;

  write("policies: [{id: second, metric_type: nonsense}]");
  expect(await ids()).toEqual(["first"]);
  expect(await ids()).toEqual(["first"]);
  expect(file.refusal()?.message).toContain("nonsense");
  expect(await metric("preflight_config_reloads_refused_total")).toBe(refusedBefore + 1);
  expect(await metric("preflight_config_last_reload_success")).toBe(0);

  write(policies("third"));
  expect(await ids()).toEqual(["third"]);
  expect(file.refusal()).toBeNull();
  expect(await metric("preflight_config_last_reload_success")).toBe(1);

  rmSync(join(folder, "p.yaml"));
  expect(await ids()).toEqual(["third"]);
  expect(file.refusal()?.message).toContain("there is no such file");
});

test("a file that was never good refuses to be used", async () => {
  await expect(open().current()).rejects.toThrow("there is no such file");
});
