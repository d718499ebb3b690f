import { fork, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, readEnvironment } from "@rossmann/core";

const FRONTEND = fileURLToPath(new URL("../../frontend/", import.meta.url));
const DIST = join(FRONTEND, "dist");
const STAMP = join(DIST, ".stamp");
const DEV_SERVER = join(FRONTEND, "dev-server.ts");
const VITE = fileURLToPath(new URL("../../node_modules/vite/bin/vite.js", import.meta.url));

/**
 * The folder of the built dashboard; bundles it first when it is missing or older than its sources.
 *
 * @param onBuild called once when a build is needed
 * @throws {AppError} when the bundler fails, with its last words
 */
export async function ensureDashboard(onBuild: () => void = () => {}): Promise<string> {
  // an image of the platform holds the bundle and no bundler
  if (!existsSync(VITE) && existsSync(join(DIST, "index.html"))) return DIST;
  const stamp = sourceStamp();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp) return DIST;
  onBuild();
  await build();
  writeFileSync(STAMP, stamp);
  return DIST;
}

/** A bundler's server that runs beside the API. */
export interface DashboardServer {
  url: string;
  stop(): void;
}

/**
 * Start the bundler's own server with hot reload and wait until it listens. It ends with this process, however that ends.
 *
 * @throws {AppError} when the port is taken
 */
export function startDashboardDevServer(port: number, apiUrl: string): Promise<DashboardServer> {
  return new Promise((resolve, reject) => {
    const child = fork(DEV_SERVER, [String(port)], {
      cwd: FRONTEND,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, ROSSMANN_API: apiUrl },
    });
    const refuse = (reason: string) => {
      child.kill();
      const message = /already in use/.test(reason)
        ? `port ${port} on 127.0.0.1 is taken by another program; stop it, or choose another port for the dashboard`
        : `the dashboard on port ${port} did not start: ${reason}`;
      reject(new AppError("dashboard_not_started", "unavailable", message));
    };
    child.once("error", (error) => refuse(error.message));
    child.once("exit", (code) => refuse(`it ended with ${code}`));
    child.once("message", (heard: { ready?: true; refused?: string }) => {
      if (heard.refused !== undefined) return refuse(heard.refused);
      child.removeAllListeners();
      resolve({ url: `http://localhost:${port}`, stop: () => child.kill() });
    });
  });
}

function build(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [VITE, "build", "--logLevel", "error"], {
      cwd: FRONTEND,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...apiAddress() },
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
  for (const name of ["src", "public", "index.html", "vite.config.ts", "package.json", ".env"]) {
    if (existsSync(join(FRONTEND, name))) visit(join(FRONTEND, name));
  }
  hash.update(readFileSync(fileURLToPath(new URL("../../package-lock.json", import.meta.url))));
  hash.update(apiAddress().VITE_API_BASE_URL ?? "");
  return hash.digest("hex");
}

/** The bundler reads the environment and `frontend/.env`; what the `.env` beside the README says reaches it from here. */
function apiAddress(): { VITE_API_BASE_URL?: string } {
  const { VITE_API_BASE_URL } = readEnvironment();
  return VITE_API_BASE_URL === undefined ? {} : { VITE_API_BASE_URL };
}
