import { counted, type Finding } from "../finding.ts";
import type { Rejections } from "../rejections.ts";
import { countDuplicates, duplicateLines } from "../rules/composite-unique.ts";
import { firstSamples } from "../samples.ts";
import type { StagedTable } from "../staged-table.ts";

/** `duplicates`: rows with the same business key, treated as the profile says. */
export async function checkDuplicates(table: StagedTable, rejections: Rejections): Promise<Finding[]> {
  const { duplicates: policy, key } = table.profile;
  const present = new Set(table.columns.filter((one) => one.header !== null).map((one) => one.name));
  if (policy === "allow" || key.length === 0 || !key.every((name) => present.has(name))) return [];
  const count = await countDuplicates(table, key);
  if (count === 0) return [];
  const lines = duplicateLines(table, key, policy === "keep_first");
  const expected = `one row for each ${key.join(", ")}`;
  await rejections.add(lines, "duplicates", `expected ${expected}`);
  return [
    {
      check: "duplicates",
      level: "cell",
      severity: policy === "fail" ? "FAIL" : "WARN",
      column: key.at(-1)!,
      count,
      message: `${counted(count, "row")} with a ${key.join(", ")} that occurs more than once; ${
        policy === "keep_first" ? "the first of each is kept" : "take the surplus rows out"
      }`,
      expected,
      samples: await firstSamples(table, lines, { name: key.at(-1)!, expected }),
      quarantined: true,
    },
  ];
}
