import { IconAlertTriangle } from "@tabler/icons-react";
import type { StoreFailure } from "../../../lib/api-types.ts";
import { plural } from "../../../lib/format.ts";
import classes from "./failed-stores.module.css";

const SHOWN = 5;

/** Stores that could not be forecast, with the reason of each; the sums are without them. */
export function FailedStores({ failures }: { failures: readonly StoreFailure[] }) {
  const [first] = failures;
  if (first === undefined) return null;
  return (
    <section className={classes.notice} aria-label="Stores without a forecast">
      <IconAlertTriangle size={18} stroke={1.6} aria-hidden />
      <div>
        <strong>
          {plural(failures.length, "store")} could not be forecast; the figures below are without{" "}
          {failures.length === 1 ? "it" : "them"}.
        </strong>
        <Reasons failures={failures.slice(0, SHOWN)} />
        {failures.length > SHOWN && (
          <details>
            <summary>{plural(failures.length - SHOWN, "more store")}</summary>
            <Reasons failures={failures.slice(SHOWN)} />
          </details>
        )}
      </div>
    </section>
  );
}

function Reasons({ failures }: { failures: readonly StoreFailure[] }) {
  return (
    <ul>
      {failures.map((failure) => (
        <li key={failure.store_id}>
          Store {failure.store_id}: {failure.detail}
        </li>
      ))}
    </ul>
  );
}
