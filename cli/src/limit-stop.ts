import { cutDatabase } from "@rossmann/warehouse";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** Longer than the API gives its requests: what waits for the database then waits for one that does not answer. */
const CUT_MS = 11_000;
/** Last resort, before a supervisor's patience ends. */
const FORCE_MS = 13_000;

/** Wait for a part that was told to stop; it is named if it does not. */
export type WaitFor = (part: string, stopped: Promise<void>) => Promise<void>;

/**
 * From now on the process has to end, and does: first the connections to the database are cut, then it ends by force, says
 * what did not let go, and its exit code is 1. Neither timer keeps a process that is done.
 */
export function limitStop({ db }: Pick<Session, "db">, terminal: Pick<Terminal, "note">): WaitFor {
  const waiting = new Set<string>();
  setTimeout(() => {
    terminal.note(`still waiting for ${holders(waiting)}; cutting the connections to the database`);
    cutDatabase(db);
  }, CUT_MS).unref();
  setTimeout(() => {
    terminal.note(`ended by force: ${holders(waiting)} did not let go`);
    process.exit(1);
  }, FORCE_MS).unref();

  return async (part, stopped) => {
    waiting.add(part);
    try {
      await stopped;
    } finally {
      waiting.delete(part);
    }
  };
}

/** When every part has stopped it is the session's database, or something that nobody closed: its kinds lead to it. */
function holders(waiting: ReadonlySet<string>): string {
  if (waiting.size > 0) return [...waiting].join(" and ");
  return `the database (open: ${[...new Set(process.getActiveResourcesInfo())].sort().join(", ")})`;
}
