import type { Logger, Settings } from "@rossmann/core";
import {
  countWrongKey,
  type Db,
  GUESS_WINDOW_SECONDS,
  type Holder,
  holderOfKey,
  holderOfSession,
  isSecret,
  noteKeyUse,
} from "@rossmann/warehouse";
import type { FastifyRequest } from "fastify";
import {
  ANONYMOUS,
  type Caller,
  type CallerKind,
  DIAGNOSTICS_SCOPES,
  isLoopback,
  LOCAL_CALLER,
  LOCAL_SCOPES,
  rightsOf,
} from "./access.ts";
import { credentialOf } from "./credentials.ts";
import { HttpRefusal } from "./errors.ts";

/** Wrong keys one address may send within the window before its keys are not even looked at. */
export const GUESSES_ALLOWED = 10;
/** Keys that were found good lately: somebody who guesses at the same address does not lock their holders out. */
const KEPT_GOOD_KEYS = 1_000;
/** Headers by which proxies and tunnels say that they pass something on. */
const BY_WAY_OF_OTHERS = /^(forwarded|via|x-forwarded-.+|x-real-ip|x-client-ip|true-client-ip|cf-.+)$/;

/** A secret that nobody has, or has any more: the same words whatever the reason, so that they tell nothing. */
export class SecretRefused extends HttpRefusal {
  constructor(kind: "key" | "code") {
    super(
      401,
      `${kind}_invalid`,
      kind === "key"
        ? 'this key is not valid: it is unknown, revoked or expired; check the header X-API-Key, or make a new one with "rossmann keys create"'
        : 'this sign-in link is not valid: it opens one session, once, and not for long; "rossmann keys link" prints a new one',
    );
  }
}

/** Too many wrong keys from one address. */
export class GuessingRefused extends HttpRefusal {
  constructor() {
    super(
      429,
      "too_many_wrong_keys",
      `more than ${GUESSES_ALLOWED} wrong keys from this address; wait ${GUESS_WINDOW_SECONDS} s`,
    );
  }
}

/** Finds out who asks. */
export interface Callers {
  /**
   * Who a request comes from, by its key, its session, or the place it comes from.
   *
   * @param isDiagnostics the route belongs to the diagnostics, for which the mission's switches may open the door
   * @throws {SecretRefused} for a key that does not count; a session that has ended is only somebody who is not signed in
   */
  identify(request: FastifyRequest, isDiagnostics: boolean): Promise<Caller>;
  /** The holder of a key that was typed in. @throws {SecretRefused}, {GuessingRefused} */
  holderOf(secret: string, address: string): Promise<Holder>;
  /** Count a wrong secret of an address. @throws {GuessingRefused} when there were too many, else {SecretRefused} */
  refuse(address: string, kind?: "key" | "code"): Promise<never>;
  /** Nobody needs a key for business data: the server listens on loopback, and the request was sent to it there. */
  isLocal(request: FastifyRequest): boolean;
}

export function createCallers(db: Db, settings: Settings, host: string, logger: Logger): Callers {
  const isLoopbackOnly = isLoopback(host);
  const good = new Set<string>();

  async function holderOf(secret: string, address: string): Promise<Holder> {
    if (!isSecret("ros", secret)) return refuse(address);
    const { holder, failures } = await holderOfKey(db, secret, address);
    if (failures >= GUESSES_ALLOWED && !good.has(secret)) throw new GuessingRefused();
    if (holder === null) {
      good.delete(secret);
      return refuse(address);
    }
    if (good.size >= KEPT_GOOD_KEYS) good.clear();
    good.add(secret);
    return holder;
  }

  async function refuse(address: string, kind: "key" | "code" = "key"): Promise<never> {
    const failures = await countWrongKey(db, address);
    logger.warn({ address, failures }, `a wrong ${kind}`);
    throw failures > GUESSES_ALLOWED ? new GuessingRefused() : new SecretRefused(kind);
  }

  async function credited(request: FastifyRequest): Promise<Caller | null> {
    const credential = credentialOf(request.headers);
    if (credential === null) return null;
    const { kind, secret } = credential;
    const holder =
      kind === "key"
        ? await holderOf(secret, request.ip)
        : isSecret("rossession", secret)
          ? await holderOfSession(db, secret)
          : null;
    if (holder === null) return null;
    if (holder.isUseDue && holder.keyId !== null) {
      // Beside the answer: that a use could not be written down is no reason to refuse it.
      noteKeyUse(db, holder.keyId, request.ip).catch((error) =>
        logger.warn({ err: error, key_id: holder.keyId }, "the use of a key could not be written down"),
      );
    }
    return callerOf(kind, holder);
  }

  /** Hosts and proxies that forward to loopback bring people from elsewhere; so does a page that a foreign name leads here. */
  function isLocal({ headers }: FastifyRequest): boolean {
    if (!isLoopbackOnly || Object.keys(headers).some((name) => BY_WAY_OF_OTHERS.test(name))) return false;
    return isLoopback((headers.host ?? "").replace(/:\d+$/, ""));
  }

  return {
    holderOf,
    refuse,
    isLocal,
    async identify(request, isDiagnostics) {
      const isOpen = isDiagnostics && !settings.DIAGNOSTICS_AUTH_ENABLED;
      const known = await credited(request).catch((error) => {
        // Where nobody is asked for a key, a wrong one is as good as none.
        if (isOpen && error instanceof HttpRefusal) return null;
        throw error;
      });
      const granted = isLocal(request) ? LOCAL_SCOPES : [];
      if (known !== null) {
        const opened = isOpen ? DIAGNOSTICS_SCOPES : [];
        return { ...known, scopes: rightsOf([...known.scopes, ...granted, ...opened]) };
      }
      if (isDiagnostics && (isOpen || settings.DIAGNOSTICS_AUTH_ALLOW_LEGACY_ACTOR)) {
        return {
          ...ANONYMOUS,
          name: legacyName(request.headers["x-actor"]),
          scopes: new Set([...DIAGNOSTICS_SCOPES, ...granted]),
          kind: "legacy",
        };
      }
      return isLocal(request) ? LOCAL_CALLER : ANONYMOUS;
    },
  };
}

function callerOf(kind: CallerKind, { name, scopes, dataSourceIds, expiresAt }: Holder): Caller {
  return { name, scopes: rightsOf(scopes), dataSourceIds, kind, expiresAt };
}

/** The name an old client gives itself, marked as such: nobody must pass for the holder of a key in the audit trail. */
function legacyName(header: string | string[] | undefined): string {
  const name = String(header ?? "").trim();
  return /^[\w .@:-]{1,64}$/.test(name) && name !== "legacy-local" ? `legacy:${name}` : "legacy-local";
}
