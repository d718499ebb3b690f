/**
 * The threads of a training, led by the caller's own. A task is announced through the shared buffer: its number and its arguments
 * are written down, a counter goes up, everybody works, and the leader waits until all have said that they are done.
 */
import { Worker } from "node:worker_threads";
import type { Layout } from "./memory.ts";
import { ARGS_BYTES } from "./memory.ts";
import type { BoosterParams } from "./params.ts";
import { runTask, type TaskArguments, type TaskName, taskNames } from "./tasks.ts";
import { openKernels, type WasmParts, wasmParts } from "./wasm.ts";
import { openWorkspace, type Workspace, type WorkspaceSeed } from "./workspace.ts";

export interface Team {
  /** Runs a task on every thread and returns when all are done. */
  run: <Name extends TaskName>(name: Name, args: TaskArguments<Name>) => void;
  close: () => Promise<void>;
}

/** What a worker is born with. */
export interface WorkerSeed extends WorkspaceSeed {
  thread: number;
  wasm: WasmParts | null;
}

/** Places in the region `control`. */
export const Control = { round: 0, done: 1, task: 2, argsLength: 3, isFailed: 4, isClosing: 5 } as const;

/** Looks at the counter before a thread lies down to sleep; a task follows the last one within some microseconds. */
const SPINS = 20_000;
const WAIT_MS = 1_000;
/** No task takes so long; a thread that was killed would otherwise be waited for for ever. */
const LONGEST_TASK_MS = 600_000;

/**
 * Starts the threads and opens the leading one's workspace. Where worker threads cannot be started the leader works alone, where
 * WebAssembly lacks SIMD or shared memory everybody takes the plain kernels: the model is the same.
 *
 * @param plan the layout for a number of threads
 */
export async function openTeam(
  plan: (threads: number) => Layout,
  params: BoosterParams,
  threads: number,
  kernels: "auto" | "plain",
): Promise<{ team: Team; workspace: Workspace }> {
  const layout = plan(threads);
  const wasm = kernels === "auto" ? wasmParts(layout.bytes) : null;
  const buffer =
    wasm?.memory.buffer ??
    (threads > 1 ? new SharedArrayBuffer(layout.bytes) : new ArrayBuffer(layout.bytes));
  const seed: WorkspaceSeed = { buffer, layout, params };
  const workspace = openWorkspace(seed, 0, wasm === null ? undefined : openKernels(wasm));
  if (threads === 1) return { team: soloTeam(workspace), workspace };
  const workers = await startWorkers(seed, wasm);
  if (workers === null) return openTeam(plan, params, 1, kernels);
  return { team: sharedTeam(workspace, workers), workspace };
}

/** @returns null when not all of them can be had: too little memory, or a runtime without threads */
async function startWorkers(seed: WorkspaceSeed, wasm: WasmParts | null): Promise<Worker[] | null> {
  const workers: Worker[] = [];
  try {
    for (let thread = 1; thread < seed.layout.threads; thread++) {
      const workerData: WorkerSeed = { ...seed, thread, wasm };
      workers.push(
        new Worker(new URL("./training-worker.ts", import.meta.url), { workerData, execArgv: [] }),
      );
    }
    await Promise.all(workers.map(isReady));
    return workers;
  } catch {
    await Promise.all(workers.map((worker) => worker.terminate()));
    return null;
  }
}

function soloTeam(workspace: Workspace): Team {
  return {
    run: (name, args) => runTask(workspace, name, args),
    close: async () => {},
  };
}

function sharedTeam(workspace: Workspace, workers: readonly Worker[]): Team {
  const control = workspace.words("control", 64);
  const room = workspace.bytes("args", ARGS_BYTES);
  const announce = () => {
    Atomics.store(control, Control.done, 0);
    Atomics.add(control, Control.round, 1);
    Atomics.notify(control, Control.round);
  };
  return {
    run(name, args) {
      const text = new TextEncoder().encode(JSON.stringify(args));
      room.set(text);
      control[Control.argsLength] = text.length;
      control[Control.task] = taskNames.indexOf(name);
      announce();
      runTask(workspace, name, args);
      awaitAll(control, workers.length);
    },
    async close() {
      Atomics.store(control, Control.isClosing, 1);
      announce();
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** @throws {Error} when a thread failed or does not answer */
function awaitAll(control: Int32Array, count: number): void {
  let done = Atomics.load(control, Control.done);
  for (let spin = 0; done < count && spin < SPINS; spin++) done = Atomics.load(control, Control.done);
  for (let waited = 0; done < count; waited += WAIT_MS) {
    if (waited > LONGEST_TASK_MS) throw new Error("a training thread does not answer");
    Atomics.wait(control, Control.done, done, WAIT_MS);
    done = Atomics.load(control, Control.done);
  }
  if (Atomics.load(control, Control.isFailed) === 1)
    throw new Error("a training thread failed; its error stands above");
}

/** Waits for the next task. @returns the new round */
export function awaitRound(control: Int32Array, round: number): number {
  let now = Atomics.load(control, Control.round);
  for (let spin = 0; now === round && spin < SPINS; spin++) now = Atomics.load(control, Control.round);
  while (now === round) {
    Atomics.wait(control, Control.round, round);
    now = Atomics.load(control, Control.round);
  }
  return now;
}

function isReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("a training thread ended before it began")));
  });
}
