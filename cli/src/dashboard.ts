import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@rossmann/core";

const FRONTEND = fileURLToPath(new URL("../../frontend/", import.meta.url));
const DIST = join(FRONTEND, "dist");
const STAMP = join(DIST, ".stamp");
const VITE = fileURLToPath(new URL("../../node_modules/vite/bin/vite.js", import.meta.url));

/**
 * The folder of the built dashboard; bundles it first when it is missing or older than its sources.
 *
 * @param onBuild called once when a build is needed
 * @throws {AppError} when the bundler fails, with its last words
 */
export async function ensureDashboard(onBuild: () => void = () => {}): Promise<string> {
  const stamp = sourceStamp();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp) return DIST;
  onBuild();
  await build();
  writeFileSync(STAMP, stamp);
  return DIST;
}

/** Start the bundler's own server with hot reload. Ends when `signal` aborts. */
export function startDashboardDevServer(port: number, apiUrl: string, signal: AbortSignal): void {
  const child = spawn(
    process.execPath,
    [VITE, "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
    {
      cwd: FRONTEND,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, ROSSMANN_API: apiUrl },
      signal,
    },
  );
  // the abort itself arrives as an error event
  child.on("error", () => {});
}

function build(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [VITE, "build", "--logLevel", "error"], {
      cwd: FRONTEND,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let words = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        words = (words + chunk.toString()).slice(-2000);
      });
    }
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new AppError(
            "dashboard_build_failed",
            "unavailable",
            `the dashboard could not be built: ${words.trim()}`,
          ),
        );
    });
  });
}

/** Changes when any source of the dashboard or any locked dependency changes. */
function sourceStamp(): string {
  const hash = createHash("sha256");
  const visit = (path: string) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name));
    } else {
      hash.update(path.slice(FRONTEND.length)).update(readFileSync(path));
    }
  };
  for (const name of ["src", "public", "index.html", "vite.config.ts", "package.json"]) {
    if (existsSync(join(FRONTEND, name))) visit(join(FRONTEND, name));
  }
  hash.update(readFileSync(fileURLToPath(new URL("../../package-lock.json", import.meta.url))));
  hash.update(process.env.VITE_API_BASE_URL ?? "");
  return hash.digest("hex");
}
