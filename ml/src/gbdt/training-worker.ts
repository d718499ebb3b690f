/** A helping thread of a training: waits for tasks, works on its share, says when it is done. */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "@rossmann/core";
import { ARGS_BYTES } from "./memory.ts";
import { runTask, taskNames } from "./tasks.ts";
import { awaitRound, Control, type WorkerSeed } from "./threads.ts";
import { openKernels } from "./wasm.ts";
import { openWorkspace } from "./workspace.ts";

const seed = workerData as WorkerSeed;
const workspace = openWorkspace(seed, seed.thread, seed.wasm === null ? undefined : openKernels(seed.wasm));
const control = workspace.words("control", 64);
const room = workspace.bytes("args", ARGS_BYTES);
let round = Atomics.load(control, Control.round);
parentPort?.postMessage("ready");

for (;;) {
  round = awaitRound(control, round);
  if (Atomics.load(control, Control.isClosing) === 1) break;
  try {
    // A copy: the decoder does not read shared memory.
    const text = new TextDecoder().decode(room.slice(0, control[Control.argsLength]));
    runTask(workspace, taskNames[control[Control.task]], JSON.parse(text));
  } catch (error) {
    process.stderr.write(`training thread ${seed.thread}: ${messageOf(error)}\n`);
    Atomics.store(control, Control.isFailed, 1);
  }
  Atomics.add(control, Control.done, 1);
  Atomics.notify(control, Control.done);
}
