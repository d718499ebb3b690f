import { ApiError } from "../../lib/api.ts";
import { settings } from "../../lib/settings.ts";

export interface Sending {
  /** bytes that have left, of all */
  onProgress: (sent: number, total: number) => void;
  signal: AbortSignal;
}

/**
 * Sends a form with files and gives the answer's JSON. `fetch` cannot tell how far an upload is, so this is the older way.
 *
 * @throws {ApiError} for every answer that is not 2xx, and without an answer
 * @throws {DOMException} `AbortError` when it was called off
 */
export function sendFiles<T>(path: string, form: FormData, { onProgress, signal }: Sending): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${settings.apiBase}${path}`);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded, event.total));
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T);
      else reject(refusal(request));
    });
    request.addEventListener("error", () =>
      reject(new ApiError("The upload broke off: the server cannot be reached.", 0, "unreachable", null)),
    );
    request.addEventListener("abort", () => reject(new DOMException("called off", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

function refusal(request: XMLHttpRequest): ApiError {
  const problem = (request.response ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof problem[name] === "string" ? (problem[name] as string) : null);
  return new ApiError(
    text("detail") ?? text("title") ?? `The server answered ${request.status}.`,
    request.status,
    text("code"),
    text("request_id") ?? request.getResponseHeader("X-Request-ID"),
  );
}
