import { Agent, errors } from "undici";
import { parseRetryAfter } from "./backoff.ts";
import type { HttpChannel } from "./channels.ts";
import { type DeliveryRequest, type DeliveryResult, delivered, failed } from "./deliver.ts";
import { AddressBlockedError, type Guard, guardedConnector } from "./guard.ts";
import { bodyOf, type NotificationMessage, textOf } from "./message.ts";
import { signedHeaders } from "./sign.ts";

/** What is read and kept of an answer; the connection is cut there. */
const MAX_RESPONSE_BYTES = 20_000;
const MAX_HEADER_BYTES = 16_384;
const OVERLOADED = new Set([429, 502, 504]);

/** Reasons as people may read them: error texts of the system name hosts and addresses. */
const NETWORK_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  EPIPE: "the connection was cut",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up now",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  HPE_INVALID_CONSTANT: "the answer is not HTTP",
};

/** Posts JSON over connections that are kept per channel, never follows a redirect, and ignores proxy variables. */
export function createHttpSender(guard: Guard, nowMs: () => number) {
  const agents = new Map<string, Agent>();

  const agentOf = (channel: HttpChannel): Agent => {
    const key = `${channel.id} ${channel.concurrency} ${channel.allowHttp} ${channel.timeoutMs}`;
    const known = agents.get(key);
    if (known !== undefined) return known;
    const agent = new Agent({
      connect: guardedConnector(guard, { timeoutMs: channel.timeoutMs, allowHttp: channel.allowHttp }),
      connections: channel.concurrency,
      pipelining: 1,
      keepAliveTimeout: 10_000,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    agents.set(key, agent);
    return agent;
  };

  return {
    async send(channel: HttpChannel, request: DeliveryRequest): Promise<DeliveryResult> {
      const { headers, body } = requestOf(channel, request, nowMs());
      const deadline = AbortSignal.timeout(channel.timeoutMs);
      try {
        const response = await agentOf(channel).request({
          origin: channel.url.origin,
          path: `${channel.url.pathname}${channel.url.search}`,
          method: "POST",
          headers,
          body,
          signal: deadline,
          headersTimeout: channel.timeoutMs,
          bodyTimeout: channel.timeoutMs,
        });
        const excerpt = await excerptOf(response.body);
        return resultOf(response.statusCode, excerpt, single(response.headers["retry-after"]), nowMs());
      } catch (error) {
        return deadline.aborted ? timedOut(channel) : failureOf(error, channel);
      }
    },

    async close(): Promise<void> {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
      agents.clear();
    },
  };
}

function requestOf(channel: HttpChannel, request: DeliveryRequest, nowMs: number) {
  const common = { "content-type": "application/json", "user-agent": "rossmann-notifications" };
  if (channel.type === "slack") {
    const { subject, text } = textOf(JSON.parse(request.payload) as NotificationMessage);
    return { headers: common, body: JSON.stringify({ text: `*${subject}*\n${text}` }) };
  }
  const body = bodyOf(request.payload, request.deliveryId, request.replayedFromId);
  const signable = { ...request, timestampSeconds: Math.floor(nowMs / 1_000), body };
  return { headers: { ...common, ...signedHeaders(signable, channel.secrets) }, body };
}

function resultOf(
  status: number,
  excerpt: string,
  retryAfter: string | undefined,
  nowMs: number,
): DeliveryResult {
  if (status >= 200 && status < 300) return delivered(status, excerpt);
  const more = {
    httpStatus: status,
    isOverload: OVERLOADED.has(status),
    retryAfterMs: parseRetryAfter(retryAfter, nowMs),
    responseExcerpt: excerpt,
  };
  if (status === 410)
    return failed("ENDPOINT_GONE", "HTTP 410: the receiver wants no more notifications", {
      ...more,
      isGone: true,
    });
  const redirect = status >= 300 && status < 400 ? ": redirects are not followed" : "";
  return failed("HTTP_ERROR", `HTTP ${status}${redirect}`, more);
}

function timedOut(channel: HttpChannel): DeliveryResult {
  return failed("TIMEOUT", `no complete answer within ${channel.timeoutMs / 1_000} s`, { isOverload: true });
}

function failureOf(error: unknown, channel: HttpChannel): DeliveryResult {
  const cause = rootOf(error);
  if (cause instanceof AddressBlockedError) return failed("ADDRESS_BLOCKED", cause.message);
  if (
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  ) {
    return timedOut(channel);
  }
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/.test(code))
    return failed("TLS_ERROR", `the TLS connection failed (${code})`);
  return failed(
    "NETWORK_ERROR",
    NETWORK_REASONS[code] ?? `the connection failed${code === "" ? "" : ` (${code})`}`,
  );
}

/** Node reports tries over IPv6 and IPv4 in one AggregateError. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError) return error.errors[0] ?? error;
  if (error instanceof Error && error.cause instanceof AddressBlockedError) return error.cause;
  return error;
}

/**
 * The beginning of the body as text. Stops reading at the cap, and the rest never leaves the socket. The status has already said
 * how the delivery went: a body that breaks off, or goes on until the deadline, changes nothing.
 */
async function excerptOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk.subarray(0, MAX_RESPONSE_BYTES - size));
      size += chunk.length;
      // Leaving the loop destroys the stream, and with it the connection.
      if (size >= MAX_RESPONSE_BYTES) break;
    }
  } catch {
    // Kept as far as it came.
  }
  // PostgreSQL keeps no NUL in a text.
  return Buffer.concat(chunks).toString("utf8").replaceAll("\0", "\uFFFD");
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
