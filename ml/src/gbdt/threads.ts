import type { Layout } from "./memory.ts";
import type { BoosterParams } from "./params.ts";
import { type TaskArguments, type TaskName, tasks } from "./tasks.ts";
import { openWorkspace, type Workspace, type WorkspaceSeed } from "./workspace.ts";

/** The threads of a training, led by the caller's own. */
export interface Team {
  /** Runs a task on every thread and returns when all are done. */
  run: <Name extends TaskName>(name: Name, args: TaskArguments<Name>) => void;
  close: () => Promise<void>;
}

/** A team of one. */
export function soloTeam(workspace: Workspace): Team {
  return {
    run: (name, args) => runTask(workspace, name, args),
    close: async () => {},
  };
}

export function runTask<Name extends TaskName>(
  workspace: Workspace,
  name: Name,
  args: TaskArguments<Name>,
): void {
  (tasks[name] as (workspace: Workspace, args: TaskArguments<Name>) => void)(workspace, args);
}

/** Starts the threads and opens the leading one's workspace. */
export async function openTeam(
  plan: { layout: Layout; params: BoosterParams },
  _kernels: "auto" | "plain",
): Promise<{ team: Team; workspace: Workspace }> {
  const seed: WorkspaceSeed = { buffer: new ArrayBuffer(plan.layout.bytes), ...plan };
  const workspace = openWorkspace(seed, 0);
  return { team: soloTeam(workspace), workspace };
}
