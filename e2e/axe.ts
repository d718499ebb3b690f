import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE_SOURCE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core finds wrong with the page as it stands now: one line a finding, empty when nothing. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // by evaluation, not by a script element: the page's content security policy forbids foreign scripts

  await page.evaluate(await readFile(AXE_SOURCE, "utf8"));
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run(),
  );
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} (${violation.help})`),
  );
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { target: string[] }[] }[];
}
