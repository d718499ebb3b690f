import { spawnSync } from "node:child_process";

/** The real programs of monitoring; `.ci/run` installs them where it may. */
const PROGRAMS = {
  promtool: ["promtool"],
  prometheus: ["prometheus"],
  amtool: ["amtool"],
  alertmanager: ["prometheus-alertmanager", "alertmanager"],
};

export type Program = keyof typeof PROGRAMS;

/** The command of each program, or which of them are not installed. */
export function findPrograms(...wanted: Program[]): { commands: Record<Program, string>; missing: string[] } {
  const commands = {} as Record<Program, string>;
  const missing: string[] = [];
  for (const program of wanted) {
    const found = PROGRAMS[program].find((name) => spawnSync(name, ["--version"]).status === 0);
    if (found === undefined) missing.push(program);
    else commands[program] = found;
  }
  return { commands, missing };
}

/** Ends a title: why the test cannot run here; empty when it can. */
export const reasonOf = (missing: string[]): string =>
  missing.length === 0
    ? ""
    : ` (needs ${missing.join(", ")}: apt-get install prometheus prometheus-alertmanager)`;
