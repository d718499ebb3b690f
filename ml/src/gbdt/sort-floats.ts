/** Three passes of eleven bits cover a float32. */
const BITS = 11;
const BUCKETS = 1 << BITS;

/**
 * Sorts float32 values without NaN, in place, ascending, −0 before 0: radix sort on their bits, several times as fast as the
 * built-in sort for the hundred thousands of values that borders are chosen from.
 *
 * @returns the same array
 */
export function sortFloats(values: Float32Array): Float32Array {
  if (values.length < BUCKETS) return values.sort();
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let from = new Uint32Array(values.length);
  let to = new Uint32Array(values.length);
  // Negative floats order backwards: turn all their bits over, and put the others above them.
  for (let i = 0; i < bits.length; i++) from[i] = bits[i] < 0 ? ~bits[i] : bits[i] ^ 0x80000000;
  for (let shift = 0; shift < 32; shift += BITS) {
    const places = new Uint32Array(BUCKETS + 1);
    for (let i = 0; i < from.length; i++) places[((from[i] >>> shift) & (BUCKETS - 1)) + 1]++;
    for (let bucket = 0; bucket < BUCKETS; bucket++) places[bucket + 1] += places[bucket];
    for (let i = 0; i < from.length; i++) to[places[(from[i] >>> shift) & (BUCKETS - 1)]++] = from[i];
    [from, to] = [to, from];
  }
  for (let i = 0; i < bits.length; i++) bits[i] = from[i] >>> 31 === 0 ? ~from[i] : from[i] ^ 0x80000000;
  return values;
}
