import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Who holds a lock. A process is the same one only if both its id and its start are. */
export interface LockOwner {
  pid: number;
  /** start of the process as its operating system tells it; null where it does not */
  processStart: string | null;
  /** when the lock was taken, ISO 8601 UTC */
  since: string;
}

export type LockAttempt =
  | { held: true /** somebody was killed while holding it */; recovered: boolean; release: () => void }
  | { held: false; owner: LockOwner };

/** Last content of a lock that was given back. */
const RELEASED = "released";
const NAME = /^owner\.(\d+)\.json$/;

/**
 * Take the lock of a folder, or say who holds it. A lock whose process is gone counts as free.
 *
 * The lock is a row of files `owner.1.json`, `owner.2.json` …: the highest number is the lock, and taking it means creating the
 * next number, which only one process can. Nobody ever overwrites or removes a file that might be the lock, so that two
 * processes that find the same dead owner cannot both win; the highest file stays, marked as released, when the lock is
 * given back.
 */
export function takeLock(folder: string, self: LockOwner = thisProcess()): LockAttempt {
  mkdirSync(folder, { recursive: true });
  for (;;) {
    const current = highest(folder);
    const owner = current === 0 ? RELEASED : readOwner(folder, current);
    if (owner !== RELEASED && isProcessAlive(owner)) return { held: false, owner };
    const mine = current + 1;
    if (!create(folder, mine, JSON.stringify(self))) continue;
    if (highest(folder) !== mine) {
      // A slow look at an old row of files: somebody is further already.
      rmSync(path(folder, mine), { force: true });
      continue;
    }
    for (const number of numbers(folder)) if (number < mine) rmSync(path(folder, number), { force: true });
    return {
      held: true,
      recovered: owner !== RELEASED,
      release: () => writeFileSync(path(folder, mine), RELEASED),
    };
  }
}

/** The living owner of a folder's lock, or null. */
export function lockOwner(folder: string): LockOwner | null {
  const current = highest(folder);
  const owner = current === 0 ? RELEASED : readOwner(folder, current);
  return owner !== RELEASED && isProcessAlive(owner) ? owner : null;
}

export function thisProcess(): LockOwner {
  return { pid: process.pid, processStart: processStart(process.pid), since: new Date().toISOString() };
}

const path = (folder: string, number: number) => join(folder, `owner.${number}.json`);

function numbers(folder: string): number[] {
  try {
    return readdirSync(folder).flatMap((name) => (NAME.test(name) ? [Number(NAME.exec(name)![1])] : []));
  } catch {
    return [];
  }
}

const highest = (folder: string) => Math.max(0, ...numbers(folder));

/** A file that appears with its whole content, or not at all because its name is taken. */
function create(folder: string, number: number, content: string): boolean {
  const temporary = join(folder, `owner.${randomUUID()}.tmp`);
  writeFileSync(temporary, content, { mode: 0o600 });
  try {
    linkSync(temporary, path(folder, number));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function readOwner(folder: string, number: number): LockOwner | typeof RELEASED {
  let text: string;
  try {
    text = readFileSync(path(folder, number), "utf8");
  } catch {
    // Its owner was overtaken and has removed it: the next look finds a higher number.
    return RELEASED;
  }
  if (text === RELEASED) return RELEASED;
  return JSON.parse(text) as LockOwner;
}

/** Whether that very process lives, and not another one with its number. */
export function isProcessAlive(owner: Pick<LockOwner, "pid" | "processStart">): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it exists but belongs to another user.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const start = processStart(owner.pid);
  return owner.processStart === null || start === null || start === owner.processStart;
}

/** What tells two processes apart that had the same id one after the other. */
function processStart(pid: number): string | null {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name in parentheses may hold spaces; field 3 follows it, the start in clock ticks since boot is field 22.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // A zombie has ended, only nobody has asked for its exit code yet.
      if (fields[0] === "Z") return "ended";
      return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${fields[19]}`;
    }
    if (process.platform === "darwin") {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
    }
  } catch {
    // Without an answer the process id alone decides.
  }
  return null;
}
