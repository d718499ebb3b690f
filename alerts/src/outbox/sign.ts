import { createHmac, timingSafeEqual } from "node:crypto";

/** What is signed: the bytes that go over the wire, as they go. */
export interface Signable {
  /** the same over retries and replays; no dots */
  eventId: string;
  deliveryId: string;
  /** of this attempt, whole seconds since 1970-01-01 UTC */
  timestampSeconds: number;
  body: string;
}

export type Verdict =
  | { accepted: true }
  | {
      accepted: false;
      reason: "header_missing" | "header_malformed" | "timestamp_out_of_tolerance" | "signature_mismatch";
    };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const TOLERANCE_SECONDS = 300;
const STANDARD_PREFIX = "whsec_";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Headers of one delivery, in both schemes.
 *
 * - `X-Preflight-Signature: sha256=<hex>`: HMAC-SHA256 over `<timestamp>.<body>`, keyed with the newest secret as UTF-8 text.
 * - `webhook-signature: v1,<base64> …`: Standard Webhooks 1.0 over `<id>.<timestamp>.<body>`, one signature per secret, so
 *   that receivers may change theirs while the old one still signs.
 *
 * @param secrets newest first; without any the delivery is not signed
 */
export function signedHeaders(signable: Signable, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(signable.timestampSeconds);
  const headers: Record<string, string> = {
    "X-Preflight-Delivery-Id": signable.deliveryId,
    "X-Preflight-Event-Id": signable.eventId,
    "X-Preflight-Timestamp": timestamp,
    "webhook-id": signable.eventId,
    "webhook-timestamp": timestamp,
  };
  const newest = secrets[0];
  if (newest === undefined) return headers;
  headers["X-Preflight-Signature"] =
    `sha256=${preflightMac(newest, timestamp, signable.body).toString("hex")}`;
  headers["webhook-signature"] = secrets
    .map(
      (secret) => `v1,${standardMac(secret, signable.eventId, timestamp, signable.body).toString("base64")}`,
    )
    .join(" ");
  return headers;
}

/**
 * Check a received delivery by the Standard Webhooks headers: id, timestamp and body are covered by the signature.
 *
 * @param headers    names in lower case
 * @param body       the bytes received, before any parsing
 * @param nowSeconds the receiver's clock; timestamps further than 300 s away are refused, in both directions
 */
export function verifyStandardWebhook(
  headers: Headers,
  body: string,
  secret: string,
  nowSeconds: number,
): Verdict {
  const id = single(headers["webhook-id"]);
  const timestamp = single(headers["webhook-timestamp"]);
  const signatures = single(headers["webhook-signature"]);
  if (id === null || timestamp === null || signatures === null)
    return { accepted: false, reason: "header_missing" };
  if (!/^\d{1,12}$/.test(timestamp) || id === "" || id.includes("."))
    return { accepted: false, reason: "header_malformed" };
  if (Math.abs(nowSeconds - Number(timestamp)) > TOLERANCE_SECONDS)
    return { accepted: false, reason: "timestamp_out_of_tolerance" };

  const expected = standardMac(secret, id, timestamp, body).toString("base64");
  const isSigned = signatures.split(" ").some((signature) => {
    const [version, value] = splitOnce(signature, ",");
    // Compared as text after a check of its form: Node's base64 decoder would accept other spellings of the same bytes.
    return version === "v1" && BASE64.test(value) && sameText(value, expected);
  });
  return isSigned ? { accepted: true } : { accepted: false, reason: "signature_mismatch" };
}

/**
 * Check a received delivery by the `X-Preflight-*` headers: timestamp and body are covered by the signature, the ids are not.
 *
 * @param headers names in lower case
 */
export function verifyPreflightSignature(
  headers: Headers,
  body: string,
  secret: string,
  nowSeconds: number,
): Verdict {
  const timestamp = single(headers["x-preflight-timestamp"]);
  const signature = single(headers["x-preflight-signature"]);
  if (timestamp === null || signature === null) return { accepted: false, reason: "header_missing" };
  if (!/^\d{1,12}$/.test(timestamp) || !/^sha256=[0-9a-f]{64}$/.test(signature))
    return { accepted: false, reason: "header_malformed" };
  if (Math.abs(nowSeconds - Number(timestamp)) > TOLERANCE_SECONDS)
    return { accepted: false, reason: "timestamp_out_of_tolerance" };
  const expected = `sha256=${preflightMac(secret, timestamp, body).toString("hex")}`;
  return sameText(signature, expected)
    ? { accepted: true }
    : { accepted: false, reason: "signature_mismatch" };
}

function preflightMac(secret: string, timestamp: string, body: string): Buffer {
  return createHmac("sha256", secret).update(`${timestamp}.${body}`).digest();
}

function standardMac(secret: string, id: string, timestamp: string, body: string): Buffer {
  const encoded = secret.startsWith(STANDARD_PREFIX) ? secret.slice(STANDARD_PREFIX.length) : null;
  const key =
    encoded !== null && BASE64.test(encoded) ? Buffer.from(encoded, "base64") : Buffer.from(secret, "utf8");
  return createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
}

/** Constant time for texts of one length; the length of a signature is no secret, and timingSafeEqual throws on two lengths. */
function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function single(header: string | string[] | undefined): string | null {
  return typeof header === "string" ? header : null;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
