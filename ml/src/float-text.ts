/** Arrays of floats as text inside JSON: little-endian bytes in base64, exact and a third of the length of digits. */
import { ArtifactError } from "./errors.ts";

/** @returns base64 of the little-endian bytes */
export function floatsToText(values: Float64Array | Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

/** @throws {ArtifactError} when `text` is no text or does not hold exactly `length` finite values */
export function textToFloat64(text: unknown, length: number, what: string): Float64Array {
  return new Float64Array(bytesOf(text, length * 8, what));
}

/** @throws {ArtifactError} when `text` is no text or does not hold exactly `length` values */
export function textToFloat32(text: unknown, length: number, what: string): Float32Array {
  return new Float32Array(bytesOf(text, length * 4, what));
}

function bytesOf(text: unknown, length: number, what: string): ArrayBuffer {
  if (typeof text !== "string") throw new ArtifactError(`${what} is missing`);
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== length) {
    throw new ArtifactError(`${what} holds ${bytes.length} bytes, expected ${length}`);
  }
  const copy = new ArrayBuffer(length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
