import { NumberField } from "../../../components/number-field.tsx";
import { Segments } from "../../../components/segments.tsx";
import { StoresPicker } from "../../../components/stores-picker.tsx";
import type { Store } from "../../../lib/api-types.ts";
import { SegmentPicker } from "../../common/segment-picker.tsx";
import { MOST_TOP, type Way } from "../params.ts";
import type { Selection } from "../selection.ts";

const OPTIONS: { value: Way; name: string }[] = [
  { value: "top", name: "Best sellers" },
  { value: "segment", name: "Segment" },
  { value: "search", name: "By search" },
  { value: "all", name: "All" },
];

interface SelectionPickerProps {
  stores: readonly Store[];
  value: Selection;
  onChange: (change: Partial<Selection>) => void;
}

/** Which stores are planned together: the best sellers, a segment, stores one by one, or all. */
export function SelectionPicker({ stores, value, onChange }: SelectionPickerProps) {
  return (
    <>
      <Segments
        label="Which stores"
        options={OPTIONS}
        value={value.pick}
        onChange={(pick) => onChange({ pick })}
      />
      {value.pick === "top" && (
        <NumberField
          label="How many"
          value={value.top}
          min={1}
          max={Math.max(1, Math.min(MOST_TOP, stores.length || MOST_TOP))}
          onChange={(top) => onChange({ top })}
        />
      )}
      {value.pick === "segment" && <SegmentPicker stores={stores} value={value} onChange={onChange} />}
      {value.pick === "search" && (
        <StoresPicker
          stores={stores}
          chosen={value.stores}
          onChange={(chosen) => onChange({ stores: chosen.toSorted((a, b) => a - b) })}
        />
      )}
    </>
  );
}
