import { Button } from "@mantine/core";
import { EmptyState } from "../../../components/empty-state.tsx";
import type { Way } from "../params.ts";

/** Stands in place of the forecast while no store is picked, and says how one is. */
export function NothingChosen({ pick, onReset }: { pick: Way; onReset: () => void }) {
  const reset = (
    <Button variant="default" onClick={onReset}>
      Show the best sellers
    </Button>
  );
  if (pick === "search")
    return (
      <EmptyState kind="not-computed" title="Choose the stores to plan" action={reset}>
        Open “Choose stores” above: search by number, type or assortment, or paste a list of numbers.
      </EmptyState>
    );
  if (pick === "segment")
    return (
      <EmptyState kind="no-match" title="Choose a segment that stores have" action={reset}>
        A type, an assortment, or whether they take part in Promo2.
      </EmptyState>
    );
  return (
    <EmptyState kind="no-match" title="No store can be ranked" action={reset}>
      None has sales yet.
    </EmptyState>
  );
}
