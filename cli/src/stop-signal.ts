import { stopRequested } from "./state.ts";

const POLL_MS = 200;

/**
 * Resolves when this process is asked to end: Ctrl-C, SIGTERM, a closed terminal, or `rossmann down`. A second Ctrl-C ends
 * the process at once.
 *
 * @param letGo nobody waits any more: looking for a stop must not keep a process that has nothing else to do
 */
export function untilAskedToStop(home: string, letGo?: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const poll = setInterval(() => {
      if (stopRequested(home)) stop("rossmann down");
    }, POLL_MS);
    letGo?.addEventListener("abort", () => clearInterval(poll));
    const stop = (reason: string) => {
      clearInterval(poll);
      resolve(reason);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        stop(signal);
      });
    }
  });
}

/** The same for work that can be given up: a signal for it, and the reason. */
export function stopSignal(home: string): {
  signal: AbortSignal;
  reason: Promise<string>;
  letGo: () => void;
} {
  const given = new AbortController();
  const gone = new AbortController();
  const reason = untilAskedToStop(home, gone.signal);
  reason.then(() => given.abort());
  return { signal: given.signal, reason, letGo: () => gone.abort() };
}
