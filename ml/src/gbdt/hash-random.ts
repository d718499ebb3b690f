/**
 * Randomness that depends on *where* it is used and not on what was drawn before: the same (seed, tree, place) gives the same
 * number on every thread, in any order.
 *
 * Two rounds of MurmurHash3's 32-bit finaliser (Appleby, public domain) over a key and a counter.
 */
export function randomKey(seed: number, ...places: number[]): number {
  let key = mix((seed | 0) ^ 0x9e3779b9) ^ mix(Math.floor(seed / 2 ** 32) | 0);
  for (const place of places) key = mix(key + Math.imul(place + 1, 0x85ebca6b));
  return key;
}

/** Uniform in [0, 1), 32 bits. */
export function uniformAt(key: number, counter: number): number {
  return (mix(mix(key ^ Math.imul(counter + 1, 0x9e3779b1)) + key) >>> 0) / 4294967296;
}

/** No draw of `normalAt` is farther from 0: sqrt(−2 ln 2^−32), rounded up. */
export const LARGEST_NORMAL = 6.67;

/** Standard normal (Box and Muller, 1958). */
export function normalAt(key: number, counter: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(key, 2 * counter)));
  return radius * Math.cos(2 * Math.PI * uniformAt(key, 2 * counter + 1));
}

function mix(value: number): number {
  value ^= value >>> 16;
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return value ^ (value >>> 16);
}
