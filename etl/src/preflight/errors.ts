import { basename, isAbsolute, relative, resolve } from "node:path";
import { AppError, messageOf } from "@rossmann/core";

/**
 * Preflight itself could not do its work (what the data does is a finding, never an error). Codes:
 * - `preflight_mode_unknown`     the mode is none of off, report_only, enforce
 * - `preflight_run_exists`       this run already wrote artifacts for this source
 * - `preflight_disk_full`        no room for the artifacts; nothing was left behind
 * - `preflight_artifacts_failed` the artifact folder cannot be written
 * - `preflight_failed`           the checks broke off
 * - `preflight_file_gone`, `preflight_file_changed`  an earlier file is not there any more as it was
 * - `preflight_blocked`          a load was refused because of the verdict
 */
export class PreflightError extends AppError {}

/** What a person can do about an error of the file system or of DuckDB while artifacts are written. */
export function artifactError(error: unknown, folder: string): PreflightError {
  if (error instanceof PreflightError) return error;
  const label = folderLabel(folder);
  const text = messageOf(error).replaceAll(resolve(folder), label);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOSPC" || code === "EDQUOT" || /no space left|disk quota/i.test(text))
    return new PreflightError(
      "preflight_disk_full",
      "unavailable",
      `the disk of ${label} is full; free some space or set PREFLIGHT_ARTIFACT_DIR to another disk. Nothing was loaded and no half-written report was left`,
      { cause: error },
    );
  if (code !== undefined && ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT"].includes(code))
    return new PreflightError(
      "preflight_artifacts_failed",
      "unavailable",
      `reports cannot be written to ${label} (${code}); check the folder and its rights, or set PREFLIGHT_ARTIFACT_DIR`,
      { cause: error },
    );
  return new PreflightError("preflight_failed", "unavailable", `the checks broke off: ${text}`, {
    cause: error,
  });
}

/** A folder as messages name it, which may travel to clients: seen from the working directory, never as a path of the machine. */
function folderLabel(folder: string): string {
  const seen = relative(process.cwd(), resolve(folder));
  return seen === "" || seen.startsWith("..") || isAbsolute(seen) ? basename(resolve(folder)) : seen;
}
