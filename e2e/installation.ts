import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../cli/src/main.ts", import.meta.url));
const START_LIMIT_MS = 240_000;

/** The product as a person starts it: `rossmann up` in a process and a home of its own. */
export interface Installation {
  url: string;
  /** what the terminal showed so far */
  terminal(): string;
  /** run another command of the same home */
  rossmann(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** stop it and remove its home */
  remove(): Promise<void>;
}

/** Start on the CSVs of `data`, on any free port, and wait until the terminal says where the dashboard is. */
export async function install(data: string): Promise<Installation> {
  const home = mkdtempSync(join(tmpdir(), "rossmann-journey-"));
  const environment = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    TZ: "UTC",
    ROSSMANN_HOME: join(home, "home"),
  };
  const start = (words: string[]) =>
    spawn(process.execPath, [MAIN, ...words], {
      cwd: home,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
  const up = start(["up", "--data", data, "--port", "0"]);
  const heard = listen(up);
  try {
    const url = await dashboardUrl(up, heard);
    return {
      url,
      terminal: () => heard.all,
      async rossmann(...words) {
        const child = start(words);
        const output = listen(child);
        const code = await new Promise<number | null>((done) => child.once("close", done));
        return { code, stdout: output.stdout, stderr: output.stderr };
      },
      async remove() {
        if (up.exitCode === null) {
          const ended = new Promise((done) => up.once("close", done));
          up.kill("SIGTERM");
          await ended;
        }
        rmSync(home, { recursive: true, force: true });
      },
    };
  } catch (error) {
    up.kill("SIGKILL");
    throw error;
  }
}

interface Heard {
  all: string;
  stdout: string;
  stderr: string;
}

function listen(child: ChildProcess): Heard {
  const heard: Heard = { all: "", stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.on("data", (chunk: Buffer) => {
      heard[stream] += chunk.toString();
      heard.all += chunk.toString();
    });
  }
  return heard;
}

function dashboardUrl(up: ChildProcess, heard: Heard): Promise<string> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () =>
        reject(new Error(`up said nothing of a dashboard within ${START_LIMIT_MS / 1000} s:\n${heard.all}`)),
      START_LIMIT_MS,
    );
    up.once("close", (code) => reject(new Error(`up ended with ${code}:\n${heard.all}`)));
    up.stdout?.on("data", () => {
      const url = /Dashboard\s+(http:\S+)/.exec(heard.stdout)?.[1];
      if (url === undefined) return;
      clearTimeout(limit);
      resolve(url);
    });
  });
}
