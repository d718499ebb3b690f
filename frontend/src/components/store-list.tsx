import { TextInput } from "@mantine/core";
import { IconCheck, IconSearch } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Store } from "../lib/api-types.ts";
import { describeStore } from "../lib/describe-store.ts";
import { plural } from "../lib/format.ts";
import { searchStores } from "../lib/search-stores.ts";
import classes from "./store-list.module.css";

interface StoreListProps {
  stores: readonly Store[];
  /** What is chosen: one store or several; null = all of them as a whole. */
  chosen: readonly (number | null)[];
  canBeAll?: boolean;
  /** Several can be chosen: the list says so to those who do not see the ticks. */
  isMultiple?: boolean;
  onChoose: (store: number | null) => void;
  /** Which stores a text asks for. */
  find?: typeof searchStores;
  /** What can be done with the stores that a text found. */
  withFound?: (found: readonly Store[], text: string) => ReactNode;
}

const ROW_HEIGHT = 44;
/** Rows that Page up and Page down walk. */
const PAGE = 6;

/** A search field over a list that draws only what is in view, however many stores there are. */
export default function StoreList(props: StoreListProps) {
  const { stores, chosen, canBeAll = false, isMultiple, onChoose, find = searchStores, withFound } = props;
  const [text, setText] = useState("");
  const found = find(stores, text);
  const isChosen = (option: Store | null) => chosen.includes(option?.store_id ?? null);
  const options: (Store | null)[] = canBeAll && text === "" ? [null, ...found] : [...found];
  const chosenIndex = options.findIndex(isChosen);
  const [active, setActive] = useState(Math.max(0, chosenIndex));
  const field = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const rows = useVirtualizer({
    count: options.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    // Before the list is laid out (and where nothing is laid out at all) a screenful is drawn.
    initialRect: { width: 300, height: 280 },
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list opens
  useEffect(() => {
    // The list comes after the popover has looked for something to focus.
    field.current?.focus();
    if (chosenIndex > 0) rows.scrollToIndex(chosenIndex, { align: "center" });
  }, []);

  const move = (to: number) => {
    const next = Math.min(options.length - 1, Math.max(0, to));
    setActive(next);
    rows.scrollToIndex(next);
  };
  const choose = (index: number) => {
    const option = options[index];
    if (option !== undefined) onChoose(option?.store_id ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    switch (event.key) {
      case "ArrowDown":
        move(active + 1);
        break;
      case "ArrowUp":
        move(active - 1);
        break;
      case "PageDown":
        move(active + PAGE);
        break;
      case "PageUp":
        move(active - PAGE);
        break;
      case "Enter":
        choose(active);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <div>
      <TextInput
        ref={field}
        aria-label="Search stores"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={options.length > 0 ? `${id}-${active}` : undefined}
        placeholder="Number, type or assortment"
        leftSection={<IconSearch size={16} stroke={1.6} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
          scroller.current?.scrollTo({ top: 0 });
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={scroller} className={classes.scroller}>
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label="Stores"
          aria-multiselectable={isMultiple}
          tabIndex={-1}
          style={{ height: rows.getTotalSize(), position: "relative" }}
        >
          {rows.getVirtualItems().map((item) => {
            const option = options[item.index];
            if (option === undefined) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the search field above
              <div
                key={option?.store_id ?? "all"}
                id={`${id}-${item.index}`}
                role="option"
                tabIndex={-1}
                aria-selected={isChosen(option)}
                aria-setsize={options.length}
                aria-posinset={item.index + 1}
                className={classes.option}
                data-active={item.index === active || undefined}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                onClick={() => choose(item.index)}
                onMouseMove={() => setActive(item.index)}
              >
                <span className={classes.name}>
                  {option === null ? "All stores" : `Store ${option.store_id}`}
                </span>
                <span className={classes.about}>
                  {option === null ? "The chain as a whole" : describeStore(option)}
                </span>
                {isChosen(option) && <IconCheck size={16} aria-hidden className={classes.check} />}
              </div>
            );
          })}
        </div>
        {options.length === 0 && (
          <p className={classes.none}>No store fits “{text}”. Try a number, “type c” or “extended”.</p>
        )}
      </div>
      <div className={classes.foot}>
        <p className={classes.count} role="status">
          {plural(found.length, "store")}
        </p>
        {withFound?.(found, text)}
      </div>
    </div>
  );
}
