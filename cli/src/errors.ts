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

/** The port is taken by somebody else. */
export class PortTakenError extends AppError {
  constructor(host: string, port: number, options?: ErrorOptions) {
    super(
      "port_taken",
      "conflict",
      `port ${port} on ${host} is taken by another program: stop it, or choose another with --port (0 takes any free one)`,
      options,
    );
  }
}
