import { Button, Popover, Skeleton } from "@mantine/core";
import { IconBuildingStore } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Store } from "../lib/api-types.ts";
import { count, plural } from "../lib/format.ts";
import { searchStores } from "../lib/search-stores.ts";
import { Field } from "./field.tsx";
import { PickerButton } from "./picker-button.tsx";

const StoreList = lazy(() => import("./store-list.tsx"));

interface StoresPickerProps {
  stores: readonly Store[];
  chosen: readonly number[];
  onChange: (chosen: number[]) => void;
}

/** Choice of several stores: by search one after the other, all that a search found, or a list of numbers pasted in. */
export function StoresPicker({ stores, chosen, onChange }: StoresPickerProps) {
  const [isOpen, setOpen] = useState(false);
  const toggle = (store: number | null) => {
    if (store === null) return;
    onChange(chosen.includes(store) ? chosen.filter((id) => id !== store) : [...chosen, store]);
  };
  return (
    <Field label="Stores">
      <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <PickerButton
            miw={170}
            icon={<IconBuildingStore size={16} stroke={1.6} aria-hidden />}
            onClick={() => setOpen(!isOpen)}
          >
            {chosen.length === 0
              ? "Choose stores"
              : chosen.length === 1
                ? `Store ${chosen[0]}`
                : `${plural(chosen.length, "store")} chosen`}
          </PickerButton>
        </Popover.Target>
        <Popover.Dropdown p={8} w={320} aria-label="Choose stores">
          <Suspense fallback={<Skeleton height={332} />}>
            <StoreList
              stores={stores}
              chosen={chosen}
              isMultiple
              find={findStores}
              onChoose={toggle}
              withFound={(found, text) => {
                const missing = found.filter((store) => !chosen.includes(store.store_id));
                return (
                  <span>
                    {text.trim() !== "" && missing.length > 0 && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => onChange([...chosen, ...missing.map((store) => store.store_id)])}
                      >
                        Add {missing.length === 1 ? "it" : `all ${count(missing.length)}`}
                      </Button>
                    )}{" "}
                    {chosen.length > 0 && (
                      <Button size="compact-sm" variant="default" onClick={() => onChange([])}>
                        Clear
                      </Button>
                    )}
                  </span>
                );
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </Field>
  );
}

/** A list of numbers (`1, 5 9`) finds exactly those stores; any other text is searched for as usual. */
export function findStores(stores: readonly Store[], text: string): readonly Store[] {
  if (!/^\s*\d+([\s,;]+\d+)+[\s,;]*$/.test(text)) return searchStores(stores, text);
  const wanted = new Set(text.split(/[\s,;]+/).map(Number));
  return stores.filter((store) => wanted.has(store.store_id));
}
