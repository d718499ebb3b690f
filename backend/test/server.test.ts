import { once } from "node:events";
import { connect } from "node:net";
import { createLogger } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import { closeDatabase, openDatabase } from "@rossmann/warehouse";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ListenError, type RunningServer, type ServerOptions, startServer } from "../src/index.ts";
import { settingsWith } from "./parts.ts";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.close();
});

async function serve(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const logger = createLogger("silent");
  const db = openDatabase("postgresql://nobody@127.0.0.1:1/nothing", { logger });
  running.push({ close: () => closeDatabase(db) });
  const settings = settingsWith();
  const server = await startServer({
    db,
    forecaster: createForecaster(db),
    settings,
    effects: { now: Date.now, logger },
    host: "127.0.0.1",
    port: 0,
    ...options,
  });
  running.push(server);
  return server;
}

/** What comes back for bytes that no HTTP client would send. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.setEncoding("utf8");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.end(text);
  await once(socket, "close");
  return answer;
}

describe("startServer", () => {
  test("listens on a free port and says where", async () => {
    const server = await serve();
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect(await (await fetch(`${server.url}/api/v1/health`)).json()).toEqual({ status: "ok" });
  });

  test("says which port is taken and what to do", async () => {
    const { port } = await serve();
    const error = await serve({ port }).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ code: "port_busy", kind: "conflict" });
    expect(String(error)).toContain(`port ${port} on 127.0.0.1 is taken`);
  });

  test("says that an address is not ours", async () => {
    await expect(serve({ host: "203.0.113.1" })).rejects.toMatchObject({ code: "address_unusable" });
  });

  test("answers what is no HTTP with a problem", async () => {
    const { port } = await serve();
    expect(await raw(port, "HELLO\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"http_invalid"/);
    const long = `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    expect(await raw(port, long)).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/);
  });

  test("stops: not ready at once, requests under way finish, new connections are refused", async () => {
    const server = await serve({ balancerPauseMs: 100 });
    const socket = connect(server.port, "127.0.0.1");
    socket.setEncoding("utf8");
    socket.write(
      "POST /api/v1/forecast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n",
    );
    socket.write("{");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    // Answered after the half request was read: from here on that one is under way.
    expect((await fetch(`${server.url}/api/v1/health/live`)).status).toBe(200);

    const stopped = server.close();
    const ready = await fetch(`${server.url}/api/v1/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: "draining" });
    await vi.waitFor(() => expect(server.app.server.listening).toBe(false));
    await expect(fetch(`${server.url}/api/v1/health`)).rejects.toThrow();
    socket.write("}");
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1\.1 422 /);
    await stopped;
  });

  test("stops: a kept connection gets its last answer or a quiet end, and one that asks nothing holds nothing up", async () => {
    const server = await serve();
    const question = "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const open = () => {
      const socket = connect(server.port, "127.0.0.1").setEncoding("utf8");
      const line = { socket, heard: "", closed: once(socket, "close") };
      socket.on("data", (chunk) => {
        line.heard += chunk;
      });
      return line;
    };
    const [busy, idle, mute] = [open(), open(), open()];
    for (const { socket } of [busy, idle]) socket.write(question);
    await vi.waitFor(() => {
      for (const { heard } of [busy, idle]) expect(heard).toMatch(/\{"status":"ok"\}$/);
    });

    const stopped = server.close();
    busy.socket.write(question);
    // `once` rejects when a connection is reset
    await Promise.all([busy.closed, idle.closed, mute.closed, stopped]);
    expect(busy.heard.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(busy.heard.split("HTTP/1.1 200").at(-1)).toMatch(/connection: close/i);
    expect(idle.heard.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(mute.heard).toBe("");
  });

  test("ends at the hard limit even when something never finishes", async () => {
    const server = await serve({ graceMs: 50 });
    const start = performance.now();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.app.server.close = (done) => {
      promise.then(() => done?.());
      return server.app.server;
    };
    await server.close();
    expect(performance.now() - start).toBeGreaterThan(1000);
    resolve();
  });

  test("cuts what is still under way at the hard limit", async () => {
    const server = await serve({ graceMs: 100 });
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      "POST /api/v1/forecast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{",
    );
    await fetch(`${server.url}/api/v1/health`);
    const start = performance.now();
    const closed = once(socket, "close");
    await server.close();
    await closed;
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
