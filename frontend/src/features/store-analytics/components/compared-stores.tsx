import { Pill } from "@mantine/core";
import classes from "./compared-stores.module.css";

/** The stores that are drawn beside the chosen one, each with a way to take it out. */
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
        <Pill
          key={id}
          size="md"
          withRemoveButton
          removeButtonProps={{
            "aria-label": `Take store ${id} out of the comparison`,
            "aria-hidden": false,
            tabIndex: 0,
          }}
          onRemove={() => onChange(ids.filter((other) => other !== id))}
        >
          Store {id}
        </Pill>
      ))}
    </div>
  );
}
