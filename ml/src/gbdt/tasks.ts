/** What the threads of a training do together: the leading one names a task and its arguments, all of them run it. */
import { advance } from "./gradients.ts";
import { leafIndex } from "./grower.ts";
import { build, buildRoot, partition } from "./histogram.ts";
import { exactLeaves, leafSums, lossAtLeaves } from "./leaf-values.ts";
import { sampleRows } from "./sampling.ts";
import { score } from "./splitting.ts";

export const tasks = {
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
export type TaskArguments<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[1];
