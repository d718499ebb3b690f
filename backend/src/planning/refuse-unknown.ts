import { AppError } from "@rossmann/core";
import { HttpRefusal } from "../errors.ts";

/** A store or source that does not exist is a wrong request here, as clients of these routes expect, not a missing page. */
export function refuseUnknown(error: unknown): never {
  if (error instanceof AppError && error.kind === "not_found") {
    throw new HttpRefusal(400, error.code, error.message, { cause: error });
  }
  throw error;
}
