import { isConnectionFailure } from "@rossmann/warehouse";
import type { FastifyRequest } from "fastify";
import type { Caller } from "./access.ts";
import type { Callers } from "./callers.ts";
import { credentialOf } from "./credentials.ts";

const REMEMBERED_MS = 15 * 60_000;
const MOST_REMEMBERED = 100;

/**
 * Whoever read the metrics with a good key lately may go on while the database, which alone knows the keys, is away: that is when
 * they are needed most.
 *
 * @param now milliseconds since 1970
 */
export function rememberScrapers(
  callers: Pick<Callers, "identify">,
  now: () => number = Date.now,
): (request: FastifyRequest) => Promise<Caller> {
  const lately = new Map<string, { caller: Caller; at: number }>();
  return async (request) => {
    const secret = credentialOf(request.headers)?.secret;
    try {
      const caller = await callers.identify(request, true);
      if (secret !== undefined && caller.kind === "key") {
        if (lately.size >= MOST_REMEMBERED) lately.clear();
        lately.set(secret, { caller, at: now() });
      }
      return caller;
    } catch (error) {
      const known = secret === undefined ? undefined : lately.get(secret);
      if (!isConnectionFailure(error)) {
        if (secret !== undefined) lately.delete(secret);
        throw error;
      }
      if (known === undefined || now() - known.at > REMEMBERED_MS) throw error;
      return known.caller;
    }
  };
}
