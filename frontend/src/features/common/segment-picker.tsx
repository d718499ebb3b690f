import { Choice } from "../../components/choice.tsx";
import type { Store } from "../../lib/api-types.ts";
import { assortmentName } from "../../lib/describe-store.ts";
import { type Segment, valuesOf } from "./segment.ts";

interface SegmentPickerProps {
  stores: readonly Store[];
  value: Segment;
  onChange: (change: Partial<Segment>) => void;
}

/** What the stores have in common: type, assortment, whether they take part in Promo2. */
export function SegmentPicker({ stores, value, onChange }: SegmentPickerProps) {
  const letters = (attribute: "store_type" | "assortment", kept: string) => {
    const values = valuesOf(stores, attribute);
    // What the address says stays visible, also when no store is like that.
    return kept === "" || values.includes(kept) ? values : [...values, kept];
  };
  return (
    <>
      <Choice
        label="Type"
        width={104}
        value={value.type}
        options={[
          { value: "", name: "Any" },
          ...letters("store_type", value.type).map((letter) => ({ value: letter, name: letter })),
        ]}
        onChange={(type) => onChange({ type })}
      />
      <Choice
        label="Assortment"
        width={136}
        value={value.assortment}
        options={[
          { value: "", name: "Any" },
          ...letters("assortment", value.assortment).map((letter) => ({
            value: letter,
            name: assortmentName(letter) ?? letter,
          })),
        ]}
        onChange={(assortment) => onChange({ assortment })}
      />
      <Choice
        label="Promo2"
        width={104}
        value={value.promo2 ?? ""}
        options={[
          { value: "", name: "Any" },
          { value: "1", name: "With" },
          { value: "0", name: "Without" },
        ]}
        onChange={(promo2) => onChange({ promo2: promo2 === "" ? null : promo2 })}
      />
    </>
  );
}
