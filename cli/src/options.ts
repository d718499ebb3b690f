import { parseIsoDate } from "@rossmann/core";
import { InvalidArgumentError } from "commander";

/** Option parser for a whole number within bounds; a wrong value is a usage error that names what was expected. */
export const wholeNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}.`);
    }
    return value;
  };

/** Option parser for one of a few words. */
export const oneOf =
  <Word extends string>(...words: Word[]) =>
  (text: string): Word => {
    if (!(words as string[]).includes(text)) throw new InvalidArgumentError(`expected ${words.join(", ")}.`);
    return text as Word;
  };

/** Option parser for a business day, `YYYY-MM-DD`. */
export function isoDay(text: string): string {
  if (parseIsoDate(text) === null) throw new InvalidArgumentError("expected a real date as YYYY-MM-DD.");
  return text;
}

/** Parser for a model: an alias or a version number. */
export function modelReference(text: string): "champion" | "challenger" | number {
  if (text === "champion" || text === "challenger") return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected champion, challenger or a version number.");
}
