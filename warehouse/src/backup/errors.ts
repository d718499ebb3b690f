import { AppError } from "@rossmann/core";

/** A backup could not be made, is damaged, or does not fit this program or this database. */
export class BackupError extends AppError {
  constructor(
    code:
      | "backup_folder_taken"
      | "backup_not_written"
      | "backup_missing"
      | "backup_damaged"
      | "backup_of_other_version"
      | "restore_target_in_use"
      | "restore_target_not_empty"
      | "restore_failed",
    message: string,
    options?: ErrorOptions,
  ) {
    super(code, code === "backup_missing" ? "not_found" : "conflict", message, options);
  }
}
