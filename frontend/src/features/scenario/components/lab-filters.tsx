import { HorizonPicker } from "../../../components/horizon-picker.tsx";
import { type Level, LevelPicker } from "../../../components/level-picker.tsx";
import { Segments } from "../../../components/segments.tsx";
import { StorePicker } from "../../../components/store-picker.tsx";
import type { Store } from "../../../lib/api-types.ts";
import type { Segment } from "../../common/segment.ts";
import { SegmentPicker } from "../../common/segment-picker.tsx";
import type { LabQuestion } from "../lab-body.ts";

interface LabFiltersProps {
  stores: readonly Store[];
  question: LabQuestion;
  onLab: (change: Partial<Segment & { mode: LabQuestion["mode"]; horizon: number; level: Level }>) => void;
  onStore: (store: number | null) => void;
}

/** Of which stores, over how many days, and how sure the intervals are to be. */
export function LabFilters({ stores, question, onLab, onStore }: LabFiltersProps) {
  return (
    <>
      <Segments
        label="For"
        options={[
          { value: "store", name: "A store" },
          { value: "segment", name: "A segment" },
        ]}
        value={question.mode}
        onChange={(mode) => onLab({ mode })}
      />
      {question.mode === "segment" ? (
        <SegmentPicker stores={stores} value={question.segment} onChange={onLab} />
      ) : (
        <StorePicker stores={stores} value={question.store} canBeAll={false} onChange={onStore} />
      )}
      <HorizonPicker value={question.horizon} onChange={(horizon) => onLab({ horizon })} />
      <LevelPicker value={question.level} onChange={(level) => onLab({ level })} />
    </>
  );
}
