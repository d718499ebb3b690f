import type { Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { Encoding } from "../contract/contract-schema.ts";

export interface TextSource {
  file: FileHandle;
  encoding: Encoding;
  /** fed with the bytes as they lie on disk */
  hash: Hash;
}

/** UTF-8 bytes, those that were not used last time first. */
export interface TextBlock {
  buffer: Buffer;
  length: number;
  isLast: boolean;
}

const BLOCK_BYTES = 1024 * 1024;

/**
 * Stream a file as UTF-8, its byte-order mark taken off, other encodings translated on the way.
 *
 * @param use takes a block and returns how many of its bytes it used; the rest comes again at the front of the next one
 * @yields after each block, how many bytes of the file were read so far
 */
export async function* textChunks(
  source: TextSource,
  use: (block: TextBlock) => number,
): AsyncGenerator<{ bytesRead: number }> {
  const raw = Buffer.allocUnsafe(BLOCK_BYTES);
  // UTF-8 has no decoder: its bytes go through as they are, and broken ones are reported where they stand.
  const decoder = source.encoding === "utf-8" ? null : new TextDecoder(source.encoding, { ignoreBOM: true });
  let buffer = Buffer.allocUnsafe(4 * BLOCK_BYTES);
  let length = 0;
  let position = 0;
  let isFirst = true;
  for (;;) {
    const { bytesRead } = await source.file.read(raw, 0, raw.length, position);
    position += bytesRead;
    const isLast = bytesRead === 0;
    let bytes = raw.subarray(0, bytesRead);
    source.hash.update(bytes);
    if (decoder !== null) bytes = Buffer.from(decoder.decode(bytes, { stream: !isLast }), "utf8");
    if (isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    isFirst = false;
    if (length + bytes.length > buffer.length) {
      const larger = Buffer.allocUnsafe(2 * (length + bytes.length));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    bytes.copy(buffer, length);
    length += bytes.length;
    const used = use({ buffer, length, isLast });
    buffer.copyWithin(0, used, length);
    length -= used;
    yield { bytesRead: position };
    if (isLast) return;
  }
}
