import { Readable } from "node:stream";
import { problemOf } from "../problem-of.ts";
import type { Batch, BatchEvent } from "../schemas/batch.ts";
import type { BatchProgress } from "./batch-runs.ts";

/** Lines of progress, then the result or what went wrong: one JSON document each. */
export interface BatchEvents {
  lines: Readable;
  tell(progress: BatchProgress): void;
  /** Writes what the answer comes to, and ends. */
  finish(runId: string, answer: Promise<Batch>): void;
}

/** A reader who leaves stops nothing: the run goes on, and is found by its id. */
export function createBatchEvents(): BatchEvents {
  const lines = new Readable({ read() {} });
  let runId = "";
  const write = (event: BatchEvent) => {
    if (!lines.destroyed) lines.push(`${JSON.stringify(event)}\n`);
  };
  return {
    lines,
    tell({ share, message }) {
      // The run begins to tell before its id is given back; its first line is written by `finish`.
      if (runId !== "") write({ event: "progress", run_id: runId, share, message });
    },
    finish(id, answer) {
      runId = id;
      write({ event: "progress", run_id: runId, share: 0, message: "begun" });
      answer
        .then((result) => write({ event: "result", result }))
        .catch((error: unknown) => {
          const { code, detail } = problemOf(error);
          write({ event: "problem", code, detail });
        })
        .finally(() => lines.push(null));
    },
  };
}
