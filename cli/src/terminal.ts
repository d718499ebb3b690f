import pc from "picocolors";

/** Where a command speaks: progress and notes on stderr, its answer on stdout. Tests pass their own. */
export interface Terminal {
  /** one line for the person who waits */
  note(text: string): void;
  /** part of the answer */
  answer(text: string): void;
  /** replaces the last progress line on a terminal; elsewhere prints only when the phase changes */
  progress(phase: string, detail: string): void;
  /** ends the progress line, so that what follows starts on a line of its own */
  progressDone(): void;
}

const CLEAR_LINE = "\r\u001b[2K";

export function processTerminal(startedAt: number = Date.now()): Terminal {
  const live = process.stderr.isTTY === true;
  let open = false;
  let lastPhase = "";
  const elapsed = () => pc.dim(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s`);
  const finish = () => {
    if (open) process.stderr.write("\n");
    open = false;
    lastPhase = "";
  };
  return {
    note(text) {
      finish();
      process.stderr.write(`${elapsed()}  ${text}\n`);
    },
    answer(text) {
      finish();
      process.stdout.write(`${text}\n`);
    },
    progress(phase, detail) {
      if (live) {
        process.stderr.write(`${CLEAR_LINE}${elapsed()}  ${phase} ${pc.dim(detail)}`);
        open = true;
      } else if (phase !== lastPhase) {
        process.stderr.write(`${elapsed()}  ${phase} ${detail}\n`);
      }
      lastPhase = phase;
    },
    progressDone: finish,
  };
}
