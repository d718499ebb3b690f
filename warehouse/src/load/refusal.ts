import { AppError, messageOf } from "@rossmann/core";
import { codeOf, DISK_FULL } from "../db.ts";
import { DiskFullError, LoadFailedError } from "../errors.ts";

const OUT_OF_MEMORY = "53200";

/** The refusal that a failed statement of a load means to a person; refusals are passed on as they are. */
export function refusalOfLoad(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (code === DISK_FULL || code === "ENOSPC") {
    return new DiskFullError(code === "ENOSPC" ? "the temporary folder" : "the database", { cause: error });
  }
  if (code === OUT_OF_MEMORY) {
    return new LoadFailedError(
      "the database ran out of memory while loading; the data loaded before is untouched",
      { cause: error },
    );
  }
  if (code === undefined) return error;
  return new LoadFailedError(
    `the database refused the load (${messageOf(error)}); the data loaded before is untouched`,
    {
      cause: error,
    },
  );
}
