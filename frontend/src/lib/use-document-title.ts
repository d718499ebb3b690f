import { useEffect } from "react";

export const PRODUCT = "Rossmann Sales Forecasting";

/** Names the browser tab: page, main filter, product. */
export function useDocumentTitle(...parts: (string | null | undefined)[]): void {
  const title = [...parts.filter(Boolean), PRODUCT].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
