import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { WorkerOrder } from "./killed-worker.ts";

const WORKER = fileURLToPath(new URL("./killed-worker.ts", import.meta.url));

/**
 * Run a worker process to its end.
 *
 * @returns true when it was killed on the way, false when it finished its work
 * @throws when it failed otherwise
 */
export function runWorker(order: WorkerOrder): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WORKER, JSON.stringify(order)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (signal === "SIGKILL") resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`the worker ended with ${code ?? signal}: ${complaint.slice(0, 2_000)}`));
    });
  });
}
