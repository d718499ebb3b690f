import { ApiError } from "../lib/api.ts";
import classes from "./dialog-parts.module.css";

/** What went wrong when something was tried, with the request id to quote; nothing is drawn without an error. */
export function DialogFailure({ what, error }: { what: string; error: Error | null }) {
  if (error === null) return null;
  return (
    <p className={classes.failure} role="alert">
      {what}: {error.message}
      {error instanceof ApiError && error.requestId && ` (request id ${error.requestId})`}
    </p>
  );
}
