import { AppError, type RefusalKind } from "@rossmann/core";

/** One mistake in a configuration file. */
export interface FileMistake {
  /** counted from 1 */
  line: number;
  /** for example `policies[2].threshold`; empty for the file as a whole */
  where: string;
  message: string;
}

/** A policy or channel file cannot be used; every mistake is named with its line. */
export class ConfigFileError extends AppError {
  readonly mistakes: readonly FileMistake[];

  constructor(code: "policy_file_refused" | "channel_file_refused", path: string, mistakes: FileMistake[]) {
    const shown = mistakes.map(
      ({ line, where, message }) => `line ${line}${where === "" ? "" : `, ${where}`}: ${message}`,
    );
    super(code, "invalid", `${path} cannot be used: ${shown.join("; ")}`);
    this.mistakes = mistakes;
  }
}

/** A silence, acknowledgement or replay that was asked for breaks a rule. */
export class AlertRequestError extends AppError {
  constructor(
    code:
      | "silence_invalid"
      | "silence_not_found"
      | "alert_not_active"
      | "acknowledgement_not_found"
      | "acknowledgement_invalid"
      | "delivery_not_found"
      | "delivery_not_finished"
      | "channel_not_found",
    kind: RefusalKind,
    message: string,
  ) {
    super(code, kind, message);
  }
}

/** A matcher that cannot be read: bad operator, bad regular expression, no name. */
export class MatcherError extends AppError {
  constructor(message: string) {
    super("matcher_invalid", "invalid", message);
  }
}

/** The lease went to another process: what was being written under it is refused. */
export class LeaseLostError extends AppError {
  constructor(leaseName: string, term: number) {
    super(
      "lease_lost",
      "conflict",
      `the lease ${leaseName} of term ${term} is held by another process now: nothing was written`,
    );
  }
}
