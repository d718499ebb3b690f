import { IconX } from "@tabler/icons-react";
import classes from "./compared-stores.module.css";

/** The stores that are drawn beside the chosen one; a click on one takes it out. */
export function ComparedStores({
  ids,
  onChange,
}: {
  ids: readonly number[];
  onChange: (ids: number[]) => void;
}) {
  return (
    <div className={classes.row}>
      <span>Compared with</span>
      {ids.map((id) => (
        <button key={id} type="button" onClick={() => onChange(ids.filter((other) => other !== id))}>
          Store {id}
          <IconX size={14} stroke={1.8} aria-label=", take it out of the comparison" />
        </button>
      ))}
    </div>
  );
}
