import type { ContractVersionDetail } from "../../lib/api-types.ts";
import { plural } from "../../lib/format.ts";

/** The page in one sentence: which version, how many files and columns, how many rules refuse and how many warn. */
export function contractAnswer(name: string, version: ContractVersionDetail): string {
  const profiles = Object.values(version.profiles);
  const columns = profiles.reduce((sum, profile) => sum + profile.columns.length, 0);
  const rules = profiles.flatMap((profile) => profile.rules);
  const refusing = rules.filter((rule) => rule.severity === "FAIL").length;
  const files = `${name} ${version.version} describes ${plural(profiles.length, "file")} with ${plural(columns, "column")}`;
  if (rules.length === 0) return `${files} and asks nothing beyond them.`;
  return `${files}; ${plural(refusing, "rule refuses", "rules refuse")} a file, ${plural(rules.length - refusing, "rule warns", "rules warn")}.`;
}
