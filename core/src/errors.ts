/**
 * A refusal: something a person asked for cannot be done, and the message says what was found, where, and what to do.
 *
 * One code is one failure; edges translate the code (HTTP status, exit code) and never the text. Each room lists its own
 * subclasses in its `errors.ts`.
 */
export class AppError extends Error {
  /** Stable, snake_case, part of the public interface. */
  readonly code: string;
  /** Which kind of answer an edge gives. */
  readonly kind: RefusalKind;

  constructor(code: string, kind: RefusalKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.kind = kind;
  }
}

/**
 * - `invalid`      what was asked breaks a rule (HTTP 400)
 * - `not_found`    the thing named does not exist (HTTP 404)
 * - `conflict`     the thing is in another state, or somebody else holds it (HTTP 409)
 * - `unavailable`  a part we depend on does not answer now (HTTP 503)
 */
export type RefusalKind = "invalid" | "not_found" | "conflict" | "unavailable";

/** Two arrays that belong together have different lengths: a bug of the caller, not of the data. */
export class ShapeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ShapeError";
  }
}

/** @throws {ShapeError} when the lengths differ */
export function assertSameLength(a: ArrayLike<unknown>, b: ArrayLike<unknown>): void {
  if (a.length !== b.length)
    throw new ShapeError(`arrays must have the same length, got ${a.length} and ${b.length}`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
