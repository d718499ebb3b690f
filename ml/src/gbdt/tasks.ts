/** What the threads of a training do together: the leading one names a task and its arguments, all of them run it. */
import { advance } from "./gradients.ts";
import { leafIndex } from "./grower.ts";
import { build, buildRoot, partition } from "./histogram.ts";
import { exactLeaves, leafSums, lossAtLeaves } from "./leaf-values.ts";
import { sampleRows } from "./sampling.ts";
import { score } from "./splitting.ts";
import type { Workspace } from "./workspace.ts";

const tasks = {
  advance,
  sampleRows,
  buildRoot,
  partition,
  build,
  score,
  leafIndex,
  leafSums,
  lossAtLeaves,
  exactLeaves,
} as const;

export type TaskName = keyof typeof tasks;
/** Plain data: it travels as JSON. */
export type TaskArguments<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[1];

export const taskNames = Object.keys(tasks) as TaskName[];

export function runTask<Name extends TaskName>(
  workspace: Workspace,
  name: Name,
  args: TaskArguments<Name>,
): void {
  const task = tasks[name] as (workspace: Workspace, args: TaskArguments<Name>) => void;
  task(workspace, args);
}
