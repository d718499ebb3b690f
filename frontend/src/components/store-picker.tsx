import { Popover, Skeleton } from "@mantine/core";
import { IconBuildingStore } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Store } from "../lib/api-types.ts";
import { Field } from "./field.tsx";
import { PickerButton } from "./picker-button.tsx";

const StoreList = lazy(() => import("./store-list.tsx"));

interface StorePickerProps {
  stores: readonly Store[];
  /** null = all stores. */
  value: number | null;
  /** Whether "all stores" can be chosen; default true. */
  canBeAll?: boolean;
  onChange: (store: number | null) => void;
}

/** Choice of one store among many, by number, type or assortment. */
export function StorePicker({ stores, value, canBeAll = true, onChange }: StorePickerProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Field label="Store">
      <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <PickerButton
            miw={150}
            icon={<IconBuildingStore size={16} stroke={1.6} aria-hidden />}
            onClick={() => setOpen(!isOpen)}
          >
            {value === null ? (canBeAll ? "All stores" : "Choose a store") : `Store ${value}`}
          </PickerButton>
        </Popover.Target>
        <Popover.Dropdown p={8} w={320} aria-label="Choose a store">
          <Suspense fallback={<Skeleton height={332} />}>
            <StoreList
              stores={stores}
              chosen={[value]}
              canBeAll={canBeAll}
              onChoose={(store) => {
                setOpen(false);
                onChange(store);
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </Field>
  );
}
