import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { channelsOf } from "../../test/parts.ts";
import { type SunkDelivery, startWebhookSink } from "../webhook-sink.ts";
import type { HttpChannel } from "./channels.ts";
import { createPostman } from "./deliver.ts";
import { createGuard } from "./guard.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const request = {
  eventId: "e1",
  deliveryId: "d1",
  replayedFromId: null,
  payload: '{"version":"v1","event_id":"e1"}',
};
const guard = createGuard(["127.0.0.1/32"]);
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function receiver(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=geheim`;
}

async function send(url: string, more: Partial<HttpChannel> = {}) {
  const channel = {
    ...(channelsOf({ id: "hook", yaml: "timeout_seconds: 0.4" })[0] as HttpChannel),
    url: new URL(url),
    secrets: [SECRET],
    ...more,
  };
  const postman = createPostman({ guard, logFolder: "/nowhere", nowMs: Date.now });
  const startedAt = performance.now();
  try {
    const result = await postman.deliver(channel, request);
    expect(JSON.stringify(result)).not.toMatch(/geheim|127\.0\.0\.1/);
    return { ...result, ms: performance.now() - startedAt };
  } finally {
    await postman.close();
  }
}

describe("a delivery over HTTP", () => {
  test("arrives with both signatures, the ids in headers and body, and the stored text unchanged", async () => {
    const seen: SunkDelivery[] = [];
    const sink = await startWebhookSink({ secret: SECRET, onDelivery: (delivery) => seen.push(delivery) });
    closing.push(sink.close);
    expect(await send(sink.url)).toMatchObject({ delivered: true, httpStatus: 204, errorCode: null });
    expect(seen[0]).toMatchObject({
      eventId: "e1",
      deliveryId: "d1",
      standard: { accepted: true },
      preflight: { accepted: true },
      body: '{"version":"v1","event_id":"e1","delivery":{"delivery_id":"d1"}}',
    });
  });

  test("that is signed with another secret is refused by the sink", async () => {
    const sink = await startWebhookSink({ secret: "another", onDelivery: () => {} });
    closing.push(sink.close);
    expect(await send(sink.url)).toMatchObject({ delivered: false, httpStatus: 401 });
  });

  test.each([
    [200, { delivered: true }],
    [301, { errorCode: "HTTP_ERROR", errorMessage: "HTTP 301: redirects are not followed" }],
    [404, { errorCode: "HTTP_ERROR", isOverload: false }],
    [410, { errorCode: "ENDPOINT_GONE", isGone: true }],
    [429, { errorCode: "HTTP_ERROR", isOverload: true, retryAfterMs: 7_000 }],
    [500, { errorCode: "HTTP_ERROR", isOverload: false }],
    [503, { errorCode: "HTTP_ERROR", retryAfterMs: 7_000 }],
    [504, { errorCode: "HTTP_ERROR", isOverload: true }],
  ])("that is answered with %i", async (status, expected) => {
    const url = await receiver((_, response) =>
      response.writeHead(status, { "retry-after": "7", location: "http://127.0.0.1/" }).end("x"),
    );
    expect(await send(url)).toMatchObject({ httpStatus: status, ...expected });
  });

  test("that is never answered ends at the deadline", async () => {
    const result = await send(await receiver(() => {}));
    expect(result).toMatchObject({ delivered: false, errorCode: "TIMEOUT", isOverload: true });
    expect(result.ms).toBeLessThan(800);
  });

  test.each(["garbage\r\n\r\n", "HTTP/1.1 999999 x\r\n\r\n", "SSH-2.0-OpenSSH\r\n", ""])(
    "that is answered with %j is a failure",
    async (text) => {
      const server = createTcpServer((socket: Socket) => {
        socket.on("error", () => {});
        socket.once("data", () => socket.end(text));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      closing.push(() => new Promise((resolve) => server.close(resolve)));
      const result = await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      expect(result).toMatchObject({ delivered: false, errorCode: "NETWORK_ERROR" });
    },
  );

  test("to a port where nobody listens is a failure without names", async () => {
    expect(await send("http://127.0.0.1:1/")).toMatchObject({
      errorCode: "NETWORK_ERROR",
      errorMessage: "the connection was refused",
    });
  });
});

describe("W7: answers without end", () => {
  test("100 MB at once are cut at 20,000 bytes, and memory stays flat", async () => {
    let written = 0;
    const url = await receiver((_, response) => {
      const chunk = Buffer.alloc(64 * 1024, "x");
      const pump = () => {
        while (!response.destroyed && written < 100e6) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", pump);
        }
        response.end();
      };
      response.on("error", () => {});
      pump();
    });
    const before = process.memoryUsage().rss;
    const result = await send(url);
    expect(result).toMatchObject({ delivered: true });
    expect(result.responseExcerpt).toHaveLength(20_000);
    expect(written).toBeLessThan(20e6);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  test("a drip that never ends is cut at the deadline; the status has said that it arrived", async () => {
    const url = await receiver((_, response) => {
      const timer = setInterval(() => response.write("x"), 10);
      response.on("close", () => clearInterval(timer));
    });
    const result = await send(url);
    expect(result).toMatchObject({ delivered: true, httpStatus: 200 });
    expect(result.ms).toBeLessThan(1_000);
  });

  test("headers without end are a failure", async () => {
    const server = createTcpServer((socket: Socket) => {
      socket.on("error", () => {});
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write(`x-filler: ${"x".repeat(4_000)}\r\n`), 1);
      socket.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const result = await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(result.delivered).toBe(false);
    expect(result.ms).toBeLessThan(1_000);
  });
});
