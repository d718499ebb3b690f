import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";

/** The address that a notification would go to is not one that it may go to. */
export class AddressBlockedError extends Error {
  readonly code = "ADDRESS_BLOCKED";

  constructor(reason: string) {
    super(reason);
    this.name = "AddressBlockedError";
  }
}

/** Every address a host name stands for, as `dns.lookup(name, {all: true})` gives them. */
export type Resolve = (
  hostname: string,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export interface Guard {
  /** null when a connection to this address may be made, else why not */
  refusal(address: string): string | null;
  /** true when the address lies in a network that was allowed by name */
  isAllowedByName(address: string): boolean;
  /** for anything that takes a `lookup`: gives addresses only when none of them is blocked */
  lookup: LookupFunction;
}

/** Private, local, reserved and documentation networks (IANA special-purpose registries). */
const BLOCKED_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
const BLOCKED_V6 = [
  "::/128",
  "::1/128",
  "::ffff:0:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/32",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

/**
 * Decides which addresses notifications may be sent to. It looks at the address that is being connected to, inside the
 * connection's own name lookup: a check beforehand would leave time for the name to change its address.
 *
 * @param allowedCidrs private networks that may be reached all the same, like `127.0.0.1/32`
 * @param resolve      the system's resolver by default
 * @throws {RangeError} when a CIDR cannot be read
 */
export function createGuard(allowedCidrs: readonly string[] = [], resolve: Resolve = systemResolve): Guard {
  const blocked = blockListOf([...BLOCKED_V4, ...BLOCKED_V6]);
  const allowed = blockListOf(allowedCidrs);
  const isAllowedByName = (address: string) => contains(allowed, plainAddress(address));
  const refusal = (address: string): string | null => {
    const plain = plainAddress(address);
    if (isIP(plain) === 0) return "is not an IP address";
    if (!contains(blocked, plain) || contains(allowed, plain)) return null;
    return "lies in a private or reserved network";
  };
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) return callback(error, "", 0);
      const family =
        options.family === 4 || options.family === "IPv4"
          ? 4
          : options.family === 6 || options.family === "IPv6"
            ? 6
            : 0;
      const usable = family === 0 ? addresses : addresses.filter((each) => each.family === family);
      const first = usable[0];
      if (first === undefined)
        return callback(
          Object.assign(new Error("the host name has no address"), { code: "ENOTFOUND" }),
          "",
          0,
        );
      // One bad address among good ones is refused too: which of them would be connected to is not ours to say.
      const bad = addresses.map((each) => refusal(each.address)).find((reason) => reason !== null);
      if (bad !== undefined) return callback(new AddressBlockedError(`the receiver's address ${bad}`), "", 0);
      if (options.all === true) return callback(null, usable);
      callback(null, first.address, first.family);
    });
  };
  return { refusal, isAllowedByName, lookup };
}

/**
 * A connector for undici that connects only where the guard lets it.
 *
 * @param allowHttp plain HTTP to any allowed address; without it only to networks that were allowed by name
 */
export function guardedConnector(
  guard: Guard,
  options: { timeoutMs: number; allowHttp: boolean },
): buildConnector.connector {
  const connect = buildConnector({
    timeout: options.timeoutMs,
    lookup: guard.lookup,
    autoSelectFamily: true,
  });
  return (asked, callback) => {
    // "localhost." is localhost to some resolvers and unknown to others.
    const target = { ...asked, hostname: asked.hostname.replace(/\.$/, "") };
    const host = target.hostname.replace(/^\[|\]$/g, "");
    // The socket looks no name up when it is given an address, so that the guard would not be asked.
    const reason = isIP(host) === 0 ? null : guard.refusal(host);
    if (reason !== null) return callback(new AddressBlockedError(`the receiver's address ${reason}`), null);

    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      const address = socket.remoteAddress ?? "";
      const late = guard.refusal(address);
      if (late !== null) {
        socket.destroy();
        return callback(new AddressBlockedError(`the receiver's address ${late}`), null);
      }
      if (target.protocol === "http:" && !options.allowHttp && !guard.isAllowedByName(address)) {
        socket.destroy();
        return callback(
          new AddressBlockedError(
            "the receiver speaks plain HTTP: use https, or set allow_http for the channel",
          ),
          null,
        );
      }
      callback(null, socket);
    });
  };
}

function systemResolve(
  hostname: string,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
): void {
  dnsLookup(hostname, { all: true }, (error, addresses) => callback(error, addresses ?? []));
}

function blockListOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", bits = ""] = cidr.split("/");
    const version = isIP(network);
    const length = Number(bits);
    if (version === 0 || !/^\d{1,3}$/.test(bits) || length > (version === 4 ? 32 : 128)) {
      throw new RangeError(`${JSON.stringify(cidr)} is not a network like 127.0.0.1/32 or fd00::/8`);
    }
    list.addSubnet(network, length, version === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
}

/** Without a zone index, and an IPv4 address inside an IPv6 one (`::ffff:…`, `::…`) as itself. */
function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, "");
  if (isIP(bare) !== 6) return bare;
  const groups = expandV6(bare);
  const isMapped =
    groups.slice(0, 5).every((group) => group === 0) && (groups[5] === 0xffff || groups[5] === 0);
  const high = groups[6]!;
  const low = groups[7]!;
  // `::` and `::1` are no IPv4 addresses; they stand in the list themselves.
  if (!isMapped || (groups[5] === 0 && high === 0)) return bare;
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function expandV6(address: string): number[] {
  // The URL parser writes every IPv6 address in its one canonical form, a dotted tail included.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = canonical.split("::");
  const parts = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const left = parts(head);
  const right = tail === undefined ? [] : parts(tail);
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}
