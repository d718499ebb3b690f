import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@rossmann/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadedContract, loadContract } from "../../src/contract/index.ts";
import { type PreflightOutcome, runPreflight } from "../../src/preflight/index.ts";
import { cleanRows, csv, HEADER, type Planted, plantedFaults, STORE_FILE } from "./planted-faults.ts";

const NOW = Date.UTC(2015, 6, 1);
let folder: string;
let contract: LoadedContract;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "planted-"));
  contract = await loadContract("rossmann_input_contract");
  await writeFile(join(folder, "store.csv"), STORE_FILE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function examine(name: string, bytes: string | Buffer): Promise<PreflightOutcome> {
  const here = await mkdtemp(join(folder, "file-"));
  await writeFile(join(here, name), bytes);
  return runPreflight({
    source: "train",
    file: join(here, name),
    contract,
    mode: "enforce",
    artifactRoot: join(here, "artifacts"),
    related: { store: join(folder, "store.csv") },
    effects: { now: () => NOW, logger: createLogger("silent") },
  });
}

const faults = plantedFaults();

test("there are at least 200 planted files, of every kind that the contract can find", () => {
  expect(faults.length).toBeGreaterThanOrEqual(200);
  expect(new Set(faults.map((fault) => fault.check)).size).toBeGreaterThanOrEqual(22);
});

describe("one planted fault is found on its line and in its column", () => {
  test.each(faults)("$title → $check", async (fault: Planted) => {
    const outcome = await examine(fault.fileName, fault.bytes);
    const found = outcome.findings.filter((finding) => finding.check === fault.check);
    expect(outcome.findings.map((finding) => finding.check)).toContain(fault.check);
    expect(found).toHaveLength(1);
    const finding = found[0]!;
    expect(finding.count).toBe(fault.count);
    expect(finding.samples[0]).toMatchObject({ line: fault.line, column: fault.column });
    expect(finding.message).not.toBe("");
    // One fault may break several checks, but never another line (twins and whole columns apart).
    if (fault.count === 1) {
      const lines = outcome.findings.flatMap((one) => one.samples.map((sample) => sample.line));
      expect(new Set(lines)).toEqual(new Set([fault.line]));
    }
    expect(outcome.finalStatus).toBe(
      outcome.findings.some((one) => one.severity === "FAIL") ? "FAIL" : "WARN",
    );
    expect(outcome.blocked).toBe(outcome.finalStatus === "FAIL");
  });
});

describe("a clean file has no finding", () => {
  const rows = cleanRows();
  const german = [
    "Filiale",
    "Wochentag",
    "Datum",
    "Umsatz",
    "Kunden",
    "Offen",
    "Aktion",
    "Feiertag",
    "Schulferien",
  ];
  const dotted = rows.map((cells) => cells.with(2, cells[2]!.split("-").toReversed().join(".")));
  const files: [string, string][] = [
    ["as it is", csv(HEADER, rows)],
    ["with CRLF", csv(HEADER, rows, ",", "\r\n")],
    ["with CR only", csv(HEADER, rows, ",", "\r")],
    ["without a last line end", csv(HEADER, rows).trimEnd()],
    ["with empty lines at its end", `${csv(HEADER, rows)}\n\n`],
    ["with a byte-order mark", `\uFEFF${csv(HEADER, rows)}`],
    ["with tabs", csv(HEADER, rows, "\t")],
    ["with semicolons, other headers and DD.MM.YYYY", csv(german, dotted, ";")],
    [
      "with every cell in quotes",
      csv(
        HEADER.map(quoted),
        rows.map((cells) => cells.map(quoted)),
      ),
    ],
    [
      "with its columns turned round",
      csv(
        HEADER.toReversed(),
        rows.map((cells) => cells.toReversed()),
      ),
    ],
  ];
  test.each(files)("%s", async (_title, text) => {
    const outcome = await examine("train.csv", text);
    expect(outcome.findings).toEqual([]);
    expect(outcome.finalStatus).toBe("PASS");
    expect(outcome.rowsRead).toBe(rows.length);
    expect(outcome.rowsAccepted).toBe(rows.length);
    expect(outcome.rules.map((rule) => rule.status)).not.toContain("SKIPPED");
  });
});

function quoted(text: string): string {
  return `"${text}"`;
}
