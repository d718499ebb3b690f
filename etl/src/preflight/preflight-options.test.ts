import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readSettings } from "@rossmann/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { preflightChoicesOf, readPreflightFile, resolvePreflightOptions } from "./preflight-options.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "preflight-options-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const environment = (variables: Record<string, string>) =>
  preflightChoicesOf(readSettings(variables, folder));

test("command line wins over environment, environment over file, and empty texts count as absent", () => {
  const file = { mode: "report_only" };
  expect(resolvePreflightOptions([{}, {}, {}]).mode).toBe("off");
  expect(resolvePreflightOptions([{}, {}, file]).mode).toBe("report_only");
  expect(resolvePreflightOptions([{}, environment({ PREFLIGHT_MODE: "Enforce" }), file]).mode).toBe(
    "enforce",
  );
  expect(
    resolvePreflightOptions([{ mode: " OFF " }, environment({ PREFLIGHT_MODE: "enforce" }), file]).mode,
  ).toBe("off");
  expect(resolvePreflightOptions([{ mode: " " }, environment({ PREFLIGHT_MODE: " " }), file]).mode).toBe(
    "report_only",
  );
});

test("an unknown mode is refused with the three that exist", () => {
  expect(() => resolvePreflightOptions([{ mode: "strict" }, {}, {}])).toThrow(
    'the preflight mode must be off, report_only, enforce, got "strict"',
  );
  expect(() => environment({ PREFLIGHT_MODE: "strict" })).toThrow(
    /PREFLIGHT_MODE is "strict".*off, report_only or enforce/,
  );
});

test("a file's own profile wins over the shared one, and the shared one over the mapping", () => {
  const profiles = (...sources: Parameters<typeof resolvePreflightOptions>[0]) =>
    resolvePreflightOptions(sources).profiles;
  const file = { profiles: { train: "mapped" } };
  expect(profiles({}, {}, {})).toEqual({ train: "train", store: "store", future: "known_future" });
  expect(profiles({}, {}, file).train).toBe("mapped");
  expect(profiles({}, environment({ PREFLIGHT_PROFILE: "shared" }), file).train).toBe("shared");
  expect(profiles({ profile: "shared" }, environment({ PREFLIGHT_PROFILE_TRAIN: "own" }), file)).toEqual({
    train: "own",
    store: "shared",
    future: "shared",
  });
});

describe("the contract", () => {
  const contract = `contract_version: v7\nformat: csv\nlimits: { max_rows: 1, max_file_size_mb: 1 }\nprofiles: { train: { columns: [{ canonical_name: a, dtype: int }] } }\n`;

  test("is the one of the platform when nobody names another", async () => {
    const loaded = await resolvePreflightOptions([{}, {}, readPreflightFile()]).loadContract();
    expect(loaded).toMatchObject({ id: "rossmann_input_contract", version: "v1" });
  });

  test("is taken in the version that is named, with or without its id", async () => {
    await expect(resolvePreflightOptions([{ contractVersion: "v9" }, {}, {}]).loadContract()).rejects.toThrow(
      "has no version v9",
    );
    const linked = { id: "rossmann_input_contract", version: "v8" };
    await expect(resolvePreflightOptions([{}, {}, {}], linked).loadContract()).rejects.toThrow(
      "no version v8",
    );
    const loaded = await resolvePreflightOptions([{}, { contractVersion: "v1" }, {}], linked).loadContract();
    expect(loaded.version).toBe("v1");
  });

  test("is a file when one is named", async () => {
    const path = join(folder, "own.yaml");
    writeFileSync(path, contract);
    const loaded = await resolvePreflightOptions([
      {},
      environment({ PREFLIGHT_CONTRACT_PATH: path }),
      {},
    ]).loadContract();
    expect(loaded).toMatchObject({ id: null, version: "v7" });
  });

  test("is the data source's, unless the command line or the environment names another", async () => {
    const linked = { id: "of_the_source", version: null };
    await expect(
      resolvePreflightOptions([{}, {}, { contractId: "of_the_file" }], linked).loadContract(),
    ).rejects.toThrow("there is no contract of_the_source");
    await expect(
      resolvePreflightOptions([{ contractId: "named" }, {}, {}], linked).loadContract(),
    ).rejects.toThrow("there is no contract named");
  });
});

describe("the file", () => {
  test("that is shipped is read: off is a word, not false", () => {
    expect(readPreflightFile()).toMatchObject({ mode: "off" });
  });

  test("says where reports go, seen from its own folder; an absent file says nothing", () => {
    const path = join(folder, "config.yaml");
    writeFileSync(path, "preflight:\n  artifact_dir: reports\n");
    const options = resolvePreflightOptions([{}, {}, readPreflightFile(path)]);
    expect(options.artifactRoot).toBe(join(folder, "reports"));
    expect(readPreflightFile(join(folder, "none.yaml"))).toEqual({});
    expect(resolvePreflightOptions([{}, {}, {}]).artifactRoot).toBe(resolve("etl/reports/preflight"));
  });

  test("with a mistyped key is refused with the line", () => {
    const path = join(folder, "wrong.yaml");
    writeFileSync(path, "preflight:\n  mod: off\n");
    expect(() => readPreflightFile(path)).toThrow(
      /line 2: unknown key "mod" in preflight, did you mean "mode"/,
    );
  });
});
