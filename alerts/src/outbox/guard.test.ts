import type { LookupAddress } from "node:dns";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channelsOf } from "../../test/parts.ts";
import type { HttpChannel } from "./channels.ts";
import { createPostman } from "./deliver.ts";
import { createGuard, type Resolve } from "./guard.ts";

const request = { eventId: "e1", deliveryId: "d1", replayedFromId: null, payload: '{"version":"v1"}' };

/** Something local that must never be reached; it counts who comes. */
let trap: Server;
let port: number;
let connections = 0;
beforeAll(async () => {
  trap = createServer((_, response) => response.end("secret"));
  trap.on("connection", () => connections++);
  await new Promise<void>((resolve) => trap.listen(0, "::", resolve));
  port = (trap.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => trap.close(resolve)));

function channelTo(url: string, more: Partial<HttpChannel> = {}): HttpChannel {
  const channel = channelsOf({
    id: "hook",
    url: "https://receiver.example/hook",
    yaml: "timeout_seconds: 1",
  })[0] as HttpChannel;
  return { ...channel, url: new URL(url), allowHttp: true, ...more };
}

async function send(
  url: string,
  parts: { allowed?: string[]; resolve?: Resolve; channel?: Partial<HttpChannel> } = {},
) {
  const postman = createPostman({
    guard: createGuard(parts.allowed ?? [], parts.resolve),
    logFolder: "/nowhere",
    nowMs: Date.now,
  });
  try {
    return await postman.deliver(channelTo(url, parts.channel), request);
  } finally {
    await postman.close();
  }
}

describe("W4: nothing local is reached", () => {
  const hosts = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:a9fe:a9fe]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[::ffff:0:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[100::1]",
    "[2001:db8::1]",
    "[2001::1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::]",
    "[3fff::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "LocalHost.",
  ];

  test(`${hosts.length} hostile forms of hosts`, async () => {
    connections = 0;
    for (const host of hosts) {
      const result = await send(`http://${host}:${port}/`);
      expect([host, result.errorCode]).toEqual([host, "ADDRESS_BLOCKED"]);
      expect(result.responseExcerpt).toBeNull();
    }
    expect(connections).toBe(0);
  });

  test("a name with any bad address among good ones, whatever the order", async () => {
    connections = 0;
    const mixed: LookupAddress[] = [
      { address: "93.184.216.34", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ];
    for (const addresses of [mixed, mixed.toReversed(), [{ address: "::1", family: 6 }]]) {
      const result = await send(`http://receiver.example:${port}/`, {
        resolve: (_, callback) => callback(null, addresses),
      });
      expect(result.errorCode).toBe("ADDRESS_BLOCKED");
    }
    expect(connections).toBe(0);
  });

  test("a resolver that answers differently each time: the address that is used is the one that was checked", async () => {
    connections = 0;
    let asked = 0;
    const rebinding: Resolve = (_, callback) => {
      asked++;
      callback(null, [{ address: asked % 2 === 1 ? "198.51.101.1" : "127.0.0.1", family: 4 }]);
    };
    const postman = createPostman({
      guard: createGuard([], rebinding),
      logFolder: "/nowhere",
      nowMs: Date.now,
    });
    for (let i = 0; i < 4; i++) {
      const result = await postman.deliver(
        channelTo(`http://receiver.example:${port}/`, { timeoutMs: 150 }),
        request,
      );
      expect(result.delivered).toBe(false);
    }
    await postman.close();
    expect(asked).toBeGreaterThanOrEqual(4);
    expect(connections).toBe(0);
  });

  test("a redirect to something local is a failure and is not followed", async () => {
    connections = 0;
    const redirecting = createServer((_, response) =>
      response.writeHead(302, { location: `http://localhost:${port}/` }).end(),
    );
    await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.2", resolve));
    const from = (redirecting.address() as AddressInfo).port;
    for (const status of [302]) {
      const result = await send(`http://127.0.0.2:${from}/`, { allowed: ["127.0.0.2/32"] });
      expect(result).toMatchObject({ delivered: false, httpStatus: status, errorCode: "HTTP_ERROR" });
    }
    expect(connections).toBe(0);
    await new Promise((resolve) => redirecting.close(resolve));
  });
});

test("a network that is allowed by name is reached, its neighbours are not", async () => {
  expect(await send(`http://127.0.0.1:${port}/`, { allowed: ["127.0.0.1/32"] })).toMatchObject({
    delivered: true,
    httpStatus: 200,
  });
  expect((await send(`http://127.0.0.2:${port}/`, { allowed: ["127.0.0.1/32"] })).errorCode).toBe(
    "ADDRESS_BLOCKED",
  );
});

test("plain HTTP is refused unless the network or the channel allows it", async () => {
  const tcp = createTcpServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  const open = { ...createGuard(["127.0.0.1/32"]), isAllowedByName: () => false };
  const postman = createPostman({ guard: open, logFolder: "/nowhere", nowMs: Date.now });
  const url = `http://127.0.0.1:${(tcp.address() as AddressInfo).port}/`;
  expect(await postman.deliver(channelTo(url, { allowHttp: false }), request)).toMatchObject({
    errorCode: "ADDRESS_BLOCKED",
    errorMessage: expect.stringContaining("plain HTTP"),
  });
  await postman.close();
  await new Promise((resolve) => tcp.close(resolve));
});

test.each(["10.0.0.0", "10.0.0.0/33", "fc00::/129", "example.com/8", "1.2.3.4/", "/8"])(
  "%j is not a network",
  (cidr) => {
    expect(() => createGuard([cidr])).toThrow(/is not a network/);
  },
);

test.each(["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])(
  "the public address %s may be reached",
  (address) => {
    expect(createGuard().refusal(address)).toBeNull();
  },
);
