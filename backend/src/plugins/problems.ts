import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { GUESS_WINDOW_SECONDS } from "@rossmann/warehouse";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { withoutKeys } from "../credentials.ts";
import { HttpRefusal } from "../errors.ts";
import { problemDocument, problemOf } from "../problem-of.ts";

const PROBLEM_TYPE = "application/problem+json";
const RETRY_AFTER_SECONDS = 2;

/** Every refusal and failure leaves as one form, and a failure is written to the log once. */
export function addProblems(app: FastifyInstance): void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook("onRoute", (route) => {
    const methods = methodsOf.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) methods.add(method);
    methodsOf.set(route.url, methods);
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf.get(pathOf(request.url).replace(/(?<=.)\/$/, ""));
    if (methods === undefined || methods.has(request.method)) {
      return sendProblem(
        new HttpRefusal(
          404,
          "route_not_found",
          `there is nothing at ${request.method} ${pathOf(request.url)}; /docs lists what there is`,
        ),
        request,
        reply,
      );
    }
    const allowed = [...methods].join(", ");
    reply.header("allow", allowed);
    return sendProblem(
      new HttpRefusal(405, "method_not_allowed", `${request.method} is not possible here, only ${allowed}`),
      request,
      reply,
    );
  });
}

/** Answer with the problem that `error` is. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  const path = withoutKeys(pathOf(request.url));
  if (problem.status >= 500) {
    request.log.error({ err: error, method: request.method, path, code: problem.code }, "request failed");
  }
  if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="rossmann"');
  if (problem.code === "too_many_wrong_keys") reply.header("retry-after", GUESS_WINDOW_SECONDS);
  if (problem.status === 503) reply.header("retry-after", RETRY_AFTER_SECONDS);
  return reply
    .code(problem.status)
    .removeHeader("etag")
    .header("cache-control", "no-store")
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemDocument(problem, path, request.id)));
}

/** An address that cannot be routed at all never meets the hooks: its answer gets the essential headers here. */
export function onUnroutable(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  reply.header("x-request-id", request.id).header("x-content-type-options", "nosniff");
  sendProblem(error, request, reply);
}

/** What arrives on the socket is no HTTP: answered by hand, since there is no request to reply to. */
export function onClientError(
  error: Error & { code?: string },
  socket: Socket & { _httpMessage?: ServerResponse },
): void {
  const started = socket._httpMessage?.headersSent === true;
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable || started) {
    socket.destroy();
    return;
  }
  const [status, code, detail] = UNREADABLE[error.code ?? ""] ?? [
    400,
    "http_invalid",
    "the request is not valid HTTP",
  ];
  const document = problemDocument({ status, code, detail, errors: [] }, "", "");
  const text = JSON.stringify(document);
  socket.end(
    `HTTP/1.1 ${status} ${document.title}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n` +
      `connection: close\r\n\r\n${text}`,
  );
}

const UNREADABLE: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, "headers_too_large", "the address and headers together are too long"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "request_timeout", "the request did not arrive in time"],
};

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}
