import { settings } from "./settings.ts";

/** A refusal of the API, or no answer at all, in words that can be shown. */
export class ApiError extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Stable word for the kind of failure, such as `store_not_found`; null when the answer had none. */
  readonly code: string | null;
  /** Id to give to whoever looks into it; null when the server was not reached. */
  readonly requestId: string | null;

  constructor(message: string, status: number, code: string | null, requestId: string | null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** Values of a query string; null and undefined are left out. */
export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Answer<T> {
  body: T;
  headers: Headers;
}

interface RequestOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** Default 15 s; long work such as forecasts passes more. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** `GET path` as JSON. @throws {ApiError} on any answer that is not 2xx, on a time-out, and without an answer */
export async function getJson<T>(path: string, options: Omit<RequestOptions, "body"> = {}): Promise<T> {
  return (await request<T>("GET", path, options)).body;
}

/** `POST path` with a JSON body; gives the headers too, where run ids travel. @throws {ApiError} as {@link getJson} */
export function postJson<T>(
  path: string,
  body: unknown,
  options: Omit<RequestOptions, "body"> = {},
): Promise<Answer<T>> {
  return request<T>("POST", path, { ...options, body });
}

/** `PATCH path` with the fields that change. @throws {ApiError} as {@link getJson} */
export async function patchJson<T>(path: string, body: unknown): Promise<T> {
  return (await request<T>("PATCH", path, { body })).body;
}

/** `PUT path` with the whole new state. @throws {ApiError} as {@link getJson} */
export async function putJson<T>(path: string, body: unknown): Promise<T> {
  return (await request<T>("PUT", path, { body })).body;
}

/** `DELETE path`, answered with JSON, or with nothing (204, then undefined). @throws {ApiError} as {@link getJson} */
export async function deleteJson<T>(path: string): Promise<T> {
  return (await request<T>("DELETE", path, {})).body;
}

async function request<T>(method: string, path: string, options: RequestOptions): Promise<Answer<T>> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(`${settings.apiBase}${path}${queryString(options.query)}`, {
      method,
      headers: options.body === undefined ? {} : { "Content-Type": "application/json" },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
  } catch (cause) {
    // A request that was called off is not a failure; the query client expects the original error.
    if (options.signal?.aborted) throw cause;
    if (timeout.aborted) {
      throw new ApiError(`The server did not answer within ${timeoutMs / 1000} seconds.`, 0, "timeout", null);
    }
    throw new ApiError("The server cannot be reached. Is it running?", 0, "unreachable", null);
  }
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return { body: undefined as T, headers: response.headers };
  try {
    return { body: (await response.json()) as T, headers: response.headers };
  } catch {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new ApiError(
      "The server's answer broke off or is not JSON.",
      response.status,
      "bad_answer",
      requestId(response),
    );
  }
}

/** The query string with a leading `?`, or nothing. */
export function queryString(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) params.set(name, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

async function refusal(response: Response): Promise<ApiError> {
  let problem: unknown = null;
  try {
    problem = await response.json();
  } catch {
    // A proxy in between answers with a page of its own; the status says enough.
  }
  const field = (name: string): string | null => {
    if (typeof problem !== "object" || problem === null) return null;
    const value = (problem as Record<string, unknown>)[name];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const message =
    field("detail") ?? field("title") ?? field("message") ?? `The server answered ${response.status}.`;
  return new ApiError(message, response.status, field("code"), field("request_id") ?? requestId(response));
}

const requestId = (response: Response): string | null => response.headers.get("X-Request-ID");
