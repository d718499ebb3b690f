import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** Who this process is in leases and claims: host, process and a random part, since process ids come back. */
export function newOwnerId(): string {
  return `${hostname().slice(0, 80)}:${process.pid}:${randomBytes(4).toString("hex")}`;
}
