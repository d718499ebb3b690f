import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Run the real command in a process of its own, in `folder`, with nothing of this process's settings. */
export function rossmann(
  folder: string,
  words: string[],
  environment: Record<string, string> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", HOME: folder, TZ: "UTC", LOG_LEVEL: "silent", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const outcome = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      outcome.stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      outcome.stderr += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...outcome }));
  });
}
