import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "@rossmann/core";
import { isProcessAlive } from "@rossmann/warehouse";
import { z } from "zod";

/** What a running `up` tells other commands of the same home. */
const runningSchema = z.object({
  pid: z.int().positive(),
  /** what tells two processes apart that had the same id one after the other */
  processStart: z.string().nullable().default(null),
  startedAt: z.iso.datetime(),
  /** null while it still prepares database, data and model */
  url: z.string().nullable(),
  dashboardUrl: z.string().nullable(),
  dataSource: z.string().nullable(),
});
export type Running = z.infer<typeof runningSchema>;

const statePath = (home: string) => join(home, "up.json");
const stopPath = (home: string) => join(home, "stop-request");

/** The `up` that runs from this home, or null. A state file left by a killed process counts as not running. */
export function readRunning(home: string): Running | null {
  if (!existsSync(statePath(home))) return null;
  const parsed = runningSchema.safeParse(readJson(statePath(home)));
  return parsed.success && isProcessAlive(parsed.data) ? parsed.data : null;
}

/** A file that holds no JSON was not written by us, and tells as little as none. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

export function writeRunning(home: string, running: Running): void {
  writeFileAtomically(statePath(home), `${JSON.stringify(running, null, 2)}\n`);
}

export function clearRunning(home: string): void {
  rmSync(statePath(home), { force: true });
  rmSync(stopPath(home), { force: true });
}

/**
 * Ask the running `up` to stop. A file instead of a signal: it means the same on every system, and a process id that was
 * given to another program in the meantime is never signalled.
 */
export function requestStop(home: string, pid: number): void {
  writeFileSync(stopPath(home), String(pid));
}

/** Whether somebody asked this process to stop. */
export function stopRequested(home: string): boolean {
  return existsSync(stopPath(home)) && readFileSync(stopPath(home), "utf8").trim() === String(process.pid);
}
