import { ApiError } from "../../lib/api.ts";

/** What lets a browser see the diagnostics. */
export const DIAGNOSTICS = "diagnostics:read";

/** What the server would say to whoever has no right to the diagnostics, without asking it. */
export function refused(isSignedIn: boolean, name: string): ApiError {
  return isSignedIn
    ? new ApiError(
        `“${name}” has no right to read the diagnostics (${DIAGNOSTICS}).`,
        403,
        "scope_missing",
        null,
      )
    : new ApiError(
        "The link that “rossmann up” printed signs this browser in; “npx rossmann keys link” prints a new one. A key does, too.",
        401,
        "key_required",
        null,
      );
}
