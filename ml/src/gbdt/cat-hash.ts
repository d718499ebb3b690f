/**
 * The hash by which model files know a category: the low 32 bits of 64-bit CityHash 1.0 of its UTF-8 text, signed.
 *
 * Source: Pike & Alakuijala, CityHash 1.0 (MIT). All arithmetic is modulo 2^64, loads are little-endian.
 *
 * @param text whole numbers are written without decimals ("3", not "3.0")
 */
export function categoryHash(text: string): number {
  return Number(BigInt.asIntN(32, cityHash64(new TextEncoder().encode(text))));
}

/**
 * Key of a combination of categories and conditions in a table of target statistics.
 *
 * @param hashes     of the member categories, ascending by feature
 * @param conditions results of the member float and equality tests, in their order
 */
export function combinationKey(hashes: readonly number[], conditions: readonly boolean[] = []): bigint {
  let key = 0n;
  for (const hash of hashes) key = chain(key, BigInt(hash));
  for (const condition of conditions) key = chain(key, condition ? 1n : 0n);
  return key;
}

const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;
const K3 = 0xc949d7c7509e6557n;
const MIX = 0x9ddfea08eb382d69n;
const CHAIN = 0x4906ba494954cb65n;

const wrap = (value: bigint) => BigInt.asUintN(64, value);
const chain = (key: bigint, member: bigint) => wrap(CHAIN * wrap(key + CHAIN * member));
const rotate = (value: bigint, bits: number) =>
  bits === 0 ? value : wrap((value >> BigInt(bits)) | (value << BigInt(64 - bits)));
const shiftMix = (value: bigint) => value ^ (value >> 47n);

function mix(u: bigint, v: bigint): bigint {
  const a = shiftMix(wrap((u ^ v) * MIX));
  const b = shiftMix(wrap((v ^ a) * MIX));
  return wrap(b * MIX);
}

/** @returns the whole 64-bit hash */
export function cityHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  const size = BigInt(length);
  const word = (at: number) => view.getBigUint64(at, true);
  if (length === 0) return K2;
  if (length < 4) {
    const first = BigInt(bytes[0] + 256 * bytes[length >> 1]);
    const last = size + 4n * BigInt(bytes[length - 1]);
    return wrap(shiftMix(wrap(first * K2) ^ wrap(last * K3)) * K2);
  }
  if (length <= 8) {
    const first = BigInt(view.getUint32(0, true));
    return mix(wrap(size + (first << 3n)), BigInt(view.getUint32(length - 4, true)));
  }
  if (length <= 16) {
    const last = word(length - 8);
    return mix(word(0), rotate(wrap(last + size), length)) ^ last;
  }
  if (length <= 32) {
    const a = wrap(word(0) * K1);
    const b = word(8);
    const c = wrap(word(length - 8) * K2);
    const d = wrap(word(length - 16) * K0);
    return mix(wrap(rotate(wrap(a - b), 43) + rotate(c, 30) + d), wrap(a + rotate(b ^ K3, 20) - c + size));
  }
  return length <= 64 ? hash33to64(word, length) : hashLong(word, length);
}

function hash33to64(word: (at: number) => bigint, length: number): bigint {
  const half = (first: bigint, second: bigint, third: bigint, fourth: bigint): [bigint, bigint] => {
    const b = rotate(wrap(first + fourth), 52);
    let c = rotate(first, 37);
    let a = wrap(first + second);
    c = wrap(c + rotate(a, 7));
    a = wrap(a + third);
    return [wrap(a + fourth), wrap(b + rotate(a, 31) + c)];
  };
  const start = wrap(word(0) + wrap((BigInt(length) + word(length - 16)) * K0));
  const [vFirst, vSecond] = half(start, word(8), word(16), word(24));
  const end = wrap(word(16) + word(length - 32));
  const [wFirst, wSecond] = half(end, word(length - 24), word(length - 16), word(length - 8));
  const r = shiftMix(wrap(wrap((vFirst + wSecond) * K2) + wrap((wFirst + vSecond) * K0)));
  return wrap(shiftMix(wrap(r * K0 + vSecond)) * K2);
}

function hashLong(word: (at: number) => bigint, length: number): bigint {
  const weak = (at: number, a: bigint, b: bigint): [bigint, bigint] => {
    const last = word(at + 24);
    a = wrap(a + word(at));
    b = rotate(wrap(b + a + last), 21);
    const c = a;
    a = wrap(a + word(at + 8) + word(at + 16));
    b = wrap(b + rotate(a, 44));
    return [wrap(a + last), wrap(b + c)];
  };
  let x = word(0);
  let y = word(length - 16) ^ K1;
  let z = word(length - 56) ^ K0;
  let v = weak(length - 64, BigInt(length), y);
  let w = weak(length - 32, wrap(BigInt(length) * K1), K0);
  z = wrap(z + wrap(shiftMix(v[1]) * K1));
  x = wrap(rotate(wrap(z + x), 39) * K1);
  y = wrap(rotate(y, 33) * K1);
  const end = (length - 1) & ~63;
  for (let at = 0; at < end; at += 64) {
    x = wrap(rotate(wrap(x + y + v[0] + word(at + 16)), 37) * K1);
    y = wrap(rotate(wrap(y + v[1] + word(at + 48)), 42) * K1);
    x ^= w[1];
    y ^= v[0];
    z = rotate(z ^ w[0], 33);
    v = weak(at, wrap(v[1] * K1), wrap(x + w[0]));
    w = weak(at + 32, wrap(z + w[1]), y);
    [z, x] = [x, z];
  }
  return mix(wrap(mix(v[0], w[0]) + wrap(shiftMix(y) * K1) + z), wrap(mix(v[1], w[1]) + x));
}
