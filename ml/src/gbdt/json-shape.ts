/** Small readers of parsed JSON: each gives the typed value or says what stands there instead. */
import { ModelFileError } from "./errors.ts";

export function object(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(place, "an object", value);
  return value as Record<string, unknown>;
}

export function array(value: unknown, place: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(place, "a list", value);
  return value;
}

export function text(value: unknown, place: string): string {
  if (typeof value !== "string") throw wrong(place, "a text", value);
  return value;
}

export function finite(value: unknown, place: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(place, "a number", value);
  return value;
}

export function whole(value: unknown, place: string, low: number, high: number): number {
  const number = finite(value, place);
  if (!Number.isInteger(number) || number < low || number > high)
    throw wrong(
      place,
      high < low ? "absent, for nothing is there to refer to" : `a whole number from ${low} to ${high}`,
      value,
    );
  return number;
}

export function finiteArray(value: unknown, place: string): Float64Array {
  const items = array(value, place);
  const numbers = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) numbers[i] = finite(items[i], `${place}[${i}]`);
  return numbers;
}

/** Float32 numbers, each larger than the one before. */
export function ascending(value: unknown, place: string): Float32Array {
  const borders = Float32Array.from(finiteArray(value, place));
  for (let i = 1; i < borders.length; i++)
    if (!(borders[i] > borders[i - 1]))
      throw new ModelFileError(`${place} is out of order: ${borders[i]} follows ${borders[i - 1]}`);
  return borders;
}

function wrong(place: string, expected: string, value: unknown): ModelFileError {
  const found = value === undefined ? "nothing" : (JSON.stringify(value)?.slice(0, 60) ?? String(value));
  return new ModelFileError(`${place} must be ${expected}, got ${found}`);
}
