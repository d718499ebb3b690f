import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * A secret as people see it: `<kind>_`, 160 random bits and the CRC-32 of all before it, in Crockford's base 32. The kind lets
 * scanners of repositories recognise it, the checksum tells a mistyped one without asking anybody.
 */
export type SecretKind = "ros" | "roslink" | "rossession";

const RANDOM_BYTES = 20;
const RANDOM_CHARACTERS = 32;
const CHECKSUM_CHARACTERS = 7;
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

/** Any key within a text: what must never be written down. */
export const KEY_PATTERN = /ros(?:link|session)?_[0-9a-z]{20,60}/g;

export function newSecret(kind: SecretKind): string {
  const body = `${kind}_${base32(randomBytes(RANDOM_BYTES))}`;
  return body + checksum(body);
}

/** Whether a text has the form of a secret of this kind, checksum included. It says nothing of whether anybody gave it out. */
export function isSecret(kind: SecretKind, text: string): boolean {
  const start = kind.length + 1;
  if (text.length !== start + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS || !text.startsWith(`${kind}_`))
    return false;
  const body = text.slice(0, -CHECKSUM_CHARACTERS);
  return checksum(body) === text.slice(-CHECKSUM_CHARACTERS);
}

/**
 * What is stored and looked up. An index may search for it openly: how long the search takes tells of the hash, and whoever knows
 * a hash knows no key.
 */
export const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

function checksum(text: string): string {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(crc32(text), 1);
  return base32(bytes).slice(-CHECKSUM_CHARACTERS);
}

function base32(bytes: Buffer): string {
  let text = "";
  let bits = 0;
  let waiting = 0;
  for (const byte of bytes) {
    waiting = (waiting << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += DIGITS[(waiting >>> bits) & 31];
    }
    waiting &= (1 << bits) - 1;
  }
  return text;
}
