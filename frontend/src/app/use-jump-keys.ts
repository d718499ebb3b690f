import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { useSharedSearch } from "../lib/use-shared-search.ts";
import { pages } from "./pages.ts";

const SEQUENCE_MS = 1200;

/** `g` and then a page's letter jumps to that page, filters carried along. Never while one types. */
export function useJumpKeys(): void {
  const navigate = useNavigate();
  const search = useSharedSearch();
  // Outlives a new run of the effect, which a page that is still loading may cause between the two keys.
  const startedAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "g") {
        startedAt.current = event.timeStamp;
        return;
      }
      const page =
        event.timeStamp - startedAt.current < SEQUENCE_MS
          ? pages.find((entry) => entry.key === event.key)
          : undefined;
      startedAt.current = Number.NEGATIVE_INFINITY;
      if (page === undefined) return;
      event.preventDefault();
      navigate({ pathname: `/${page.path}`, search });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate, search]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}
