import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Verdict, verifyPreflightSignature, verifyStandardWebhook } from "./outbox/sign.ts";

/** One delivery as the sink saw it. */
export interface SunkDelivery {
  receivedAt: Date;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  eventId: string | null;
  deliveryId: string | null;
  /** null without a secret: nothing was checked */
  standard: Verdict | null;
  preflight: Verdict | null;
  /** the event id has been here before */
  isRepeated: boolean;
}

export interface WebhookSink {
  url: string;
  close(): Promise<void>;
}

export interface WebhookSinkOptions {
  /** default 127.0.0.1 */
  host?: string;
  /** default: any free one */
  port?: number;
  /** checks signatures and answers 401 to what they do not cover; without it everything is taken */
  secret?: string;
  onDelivery: (delivery: SunkDelivery) => void;
  /** status to answer with; default 204 */
  answer?: (delivery: SunkDelivery) => number;
  nowMs?: () => number;
}

const MAX_BODY_BYTES = 1_000_000;
const REMEMBERED_IDS = 100_000;

/** A small receiver for trying notifications out: it verifies both signatures, says what came, and remembers event ids. */
export async function startWebhookSink(options: WebhookSinkOptions): Promise<WebhookSink> {
  const nowMs = options.nowMs ?? Date.now;
  const seen = new Set<string>();

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    if (body === null) return end(response, 413);
    if (request.method !== "POST") return end(response, 405);
    const nowSeconds = Math.floor(nowMs() / 1_000);
    const { secret } = options;
    const eventId = first(request.headers["webhook-id"]) ?? first(request.headers["x-preflight-event-id"]);
    const delivery: SunkDelivery = {
      receivedAt: new Date(nowMs()),
      path: request.url ?? "/",
      headers: request.headers,
      body,
      eventId,
      deliveryId: first(request.headers["x-preflight-delivery-id"]),
      standard:
        secret === undefined ? null : verifyStandardWebhook(request.headers, body, secret, nowSeconds),
      preflight:
        secret === undefined ? null : verifyPreflightSignature(request.headers, body, secret, nowSeconds),
      isRepeated: eventId !== null && seen.has(eventId),
    };
    const isGenuine = delivery.standard?.accepted !== false && delivery.preflight?.accepted !== false;
    options.onDelivery(delivery);
    const status = isGenuine ? (options.answer?.(delivery) ?? 204) : 401;
    if (status < 300 && eventId !== null) {
      if (seen.size >= REMEMBERED_IDS) seen.clear();
      seen.add(eventId);
    }
    end(response, status);
  };

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

function first(header: string | string[] | undefined): string | null {
  return typeof header === "string" ? header : null;
}
