import type { IncomingHttpHeaders } from "node:http";
import { KEY_PATTERN } from "@rossmann/warehouse";
import { HttpRefusal } from "./errors.ts";

/** What a request shows to say who asks. */
export type Credential = { kind: "key" | "session"; secret: string };

export const SESSION_COOKIE = "rossmann_session";
const KEY_PARAMETER = /[?&](?:x[-_])?(?:api[-_]?key|access[-_]?token)=/i;

/** The key of `X-API-Key`, else of `Authorization: Bearer`, else the session of the cookie; null when there is none. */
export function credentialOf(headers: IncomingHttpHeaders): Credential | null {
  const key = String(headers["x-api-key"] ?? "").trim();
  if (key !== "") return { kind: "key", secret: key };
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return { kind: "key", secret: bearer };
  const session = cookieOf(headers.cookie, SESSION_COOKIE);
  return session === null ? null : { kind: "session", secret: session };
}

/** @throws {HttpRefusal} 400 when the address holds a key: addresses are kept in logs and histories */
export function refuseKeyInAddress(url: string): void {
  if (!KEY_PARAMETER.test(url) && withoutKeys(url) === url) return;
  throw new HttpRefusal(
    400,
    "key_in_url",
    "a key does not belong into an address, where logs and histories keep it: send it in the header X-API-Key, and revoke this one (rossmann keys revoke), since it may have been seen",
  );
}

/** A text for the log or for an answer, with every key in it blotted out. */
export const withoutKeys = (text: string): string => text.replaceAll(KEY_PATTERN, "[key]");

/** The header that gives a browser its session, or takes it away when `maxAgeSeconds` is 0. */
export function sessionCookie(token: string, maxAgeSeconds: number, isSecure: boolean): string {
  const secure = isSecure ? "; Secure" : "";
  return `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`;
}

function cookieOf(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? "").split(";")) {
    const [key, value] = pair.split("=", 2);
    if (key?.trim() === name && value !== undefined && value.trim() !== "") return value.trim();
  }
  return null;
}
