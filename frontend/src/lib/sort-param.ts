import { createParser } from "nuqs";

/** A table's order in the address: a column out of `keys`, and `-` in front of it for descending. */
export const parseAsSort = (keys: readonly string[]) =>
  createParser<{ key: string; desc: boolean }>({
    parse: (text) => {
      const desc = text.startsWith("-");
      const key = desc ? text.slice(1) : text;
      return keys.includes(key) ? { key, desc } : null;
    },
    serialize: ({ key, desc }) => `${desc ? "-" : ""}${key}`,
    eq: (a, b) => a.key === b.key && a.desc === b.desc,
  });
