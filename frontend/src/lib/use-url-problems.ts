import { useSearchParams } from "react-router";
import { findUrlProblems } from "./url-state.ts";

/**
 * What in the address cannot be read by a page's parsers, as sentences, and a way to take it out.
 *
 * @param parsers the page's parameters
 * @param extra   problems that only show against the data: the parameters at fault and the sentence for them
 */
export function useUrlProblems(
  parsers: Parameters<typeof findUrlProblems>[1],
  extra: readonly { names: readonly string[]; sentence: string }[] = [],
): { sentences: string[]; clean: () => void } {
  const [search, setSearch] = useSearchParams();
  const unreadable = findUrlProblems(search, parsers);
  const names = new Set([
    ...unreadable.map(({ name }) => name),
    ...extra.flatMap((problem) => problem.names),
  ]);
  return {
    sentences: [
      ...unreadable.map(
        ({ name, value }) =>
          `The address says ${name}=${shorten(value)}, which is not possible; the usual value is shown instead.`,
      ),
      ...extra.map((problem) => problem.sentence),
    ],
    clean: () => {
      setSearch(
        (current) => {
          const kept = new URLSearchParams(current);
          for (const name of names) kept.delete(name);
          return kept;
        },
        { replace: true, preventScrollReset: true },
      );
    },
  };
}

const shorten = (text: string): string => (text.length > 40 ? `“${text.slice(0, 40)}…”` : `“${text}”`);
