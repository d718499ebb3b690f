import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { NotReadyError } from "./errors.ts";
import { type Running, readRunning } from "./state.ts";
import type { Terminal } from "./terminal.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const POLL_MS = 150;
/** A note of `up`: its seconds, then what it says. Its address and its farewell are for those who stay with it. */
const NOTE = /^\s*[\d.]+ s\s+(.*)$/;

/**
 * Run `up` in a process of its own that outlives this one, with its words in `logs/up.log` of the home, and wait until it
 * serves. Meanwhile its words are shown here.
 *
 * @param words the command line without `--detach`
 * @throws {NotReadyError} with its last words when it ends before that
 */
export async function startDetached(home: string, words: string[], terminal: Terminal): Promise<Running> {
  const log = join(home, "logs", "up.log");
  mkdirSync(join(home, "logs"), { recursive: true });
  const shownTo = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const file = openSync(log, "a");
  const child = spawn(process.execPath, [MAIN, ...words], {
    detached: true,
    windowsHide: true,
    stdio: ["ignore", file, file],
  });
  closeSync(file);
  // Whoever waits here and gives up means the start, not only the waiting.
  const giveUp = () => {
    child.kill("SIGTERM");
    process.exit(130);
  };
  process.once("SIGINT", giveUp);
  process.once("SIGTERM", giveUp);
  const running = await untilServing(child, home, log, shownTo, terminal);
  process.off("SIGINT", giveUp);
  process.off("SIGTERM", giveUp);
  child.unref();
  return running;
}

async function untilServing(
  child: ChildProcess,
  home: string,
  log: string,
  shownTo: number,
  terminal: Terminal,
): Promise<Running> {
  let shown = shownTo;
  let last = "";
  const showNews = () => {
    const news = readFileSync(log).subarray(shown).toString();
    const whole = news.slice(0, news.lastIndexOf("\n") + 1);
    shown += Buffer.byteLength(whole);
    for (const line of whole.split("\n").filter((text) => text.trim() !== "")) {
      last = line;
      const said = NOTE.exec(line)?.[1];
      if (said !== undefined) terminal.note(said);
    }
  };
  for (;;) {
    const running = readRunning(home);
    showNews();
    if (running?.pid === child.pid && running?.url !== null) return running!;
    if (child.exitCode !== null || child.signalCode !== null) {
      // A start beside a running one has nothing to do and says so.
      if (child.exitCode === 0 && running !== null) return running;
      throw new NotReadyError(
        `the start ended: ${last.trim().replace(/^rossmann: /, "") || "without a word"} (log: ${log})`,
      );
    }
    await sleep(POLL_MS);
  }
}
