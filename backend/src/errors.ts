/**
 * A refusal that only HTTP knows: too many requests, wrong method, no such route. Refusals about shops and forecasts are
 * `AppError`s of the rooms behind the counter.
 */
export class HttpRefusal extends Error {
  readonly status: number;
  /** stable, snake_case, part of the public interface */
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HttpRefusal";
    this.status = status;
    this.code = code;
  }
}

/** `date_from` lies after `date_to`, or only one end of a period was given. */
export class PeriodRefused extends HttpRefusal {
  constructor(message: string) {
    super(400, "period_invalid", message);
  }
}
