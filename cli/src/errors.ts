import { AppError } from "@rossmann/core";

/** The command cannot be understood: exit code 2. */
export class UsageError extends AppError {
  constructor(message: string) {
    super("usage", "invalid", message);
  }
}

/** What was asked needs something that is not there yet; the message names the command that makes it. */
export class NotReadyError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("not_ready", "unavailable", message, options);
  }
}
