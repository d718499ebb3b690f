import { EmptyState } from "../../components/empty-state.tsx";

/** Stands where a forecast would be while no model serves. */
export function NoModel() {
  return (
    <EmptyState kind="not-computed" title="There is no forecasting model yet">
      Train one with <code>npx rossmann train</code>; it takes about a minute. This page then shows the
      forecast.
    </EmptyState>
  );
}
