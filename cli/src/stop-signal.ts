import { stopRequested } from "./state.ts";

const POLL_MS = 200;

/**
 * Resolves when this process is asked to end: Ctrl-C, SIGTERM, a closed terminal, or `rossmann down`. A second Ctrl-C ends
 * the process at once.
 */
export function untilAskedToStop(home: string): Promise<string> {
  return new Promise((resolve) => {
    const poll = setInterval(() => {
      if (stopRequested(home)) stop("rossmann down");
    }, POLL_MS);
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
