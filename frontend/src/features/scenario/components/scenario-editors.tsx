import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type Draft, draftName, MOST_SCENARIOS, UNCHANGED } from "../draft.ts";
import classes from "./scenario-editor.module.css";
import { ScenarioEditor } from "./scenario-editor.tsx";

/** Questions that planners ask, to begin with. */
const PRESETS: Partial<Draft>[] = [
  { promo: "always_on" },
  { promo: "off" },
  { weekendOpen: false },
  { demand: 10 },
  { price: -5 },
];

interface ScenarioEditorsProps {
  drafts: readonly Draft[];
  shown: number;
  usualElasticity: number | null;
  onChange: (drafts: Draft[]) => void;
  onShow: (index: number) => void;
  /** The days of the plan of one scenario, drawn inside its editor. */
  daysOf: (index: number) => ReactNode;
}

/** The scenarios side by side, and room for a further one. */
export function ScenarioEditors({
  drafts,
  shown,
  usualElasticity,
  onChange,
  onShow,
  daysOf,
}: ScenarioEditorsProps) {
  const add = (draft: Draft) => onChange([...drafts, draft]);
  const canAdd = drafts.length < MOST_SCENARIOS;
  return (
    <div className={classes.editors}>
      {drafts.map((draft, index) => (
        <ScenarioEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: a scenario is its place: colour and number go with it
          key={index}
          {...{ index, draft, usualElasticity }}
          isShown={index === shown}
          canBeRemoved={drafts.length > 1}
          canBeCopied={canAdd}
          onChange={(changed) => onChange(drafts.map((other, i) => (i === index ? changed : other)))}
          onShow={() => onShow(index)}
          onCopy={() => add({ ...draft, name: "" })}
          onRemove={() => onChange(drafts.filter((_, i) => i !== index))}
        >
          {daysOf(index)}
        </ScenarioEditor>
      ))}
      {canAdd && (
        <section className={classes.add} aria-label="Add a scenario">
          <p>
            {drafts.length === 1
              ? "Up to two more scenarios can stand beside this one."
              : "One more scenario can stand beside these."}
          </p>
          <div className={classes.presets}>
            {PRESETS.map((preset) => {
              const draft = { ...UNCHANGED, ...preset };
              return (
                <Button
                  key={draftName(draft)}
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconPlus size={14} stroke={1.8} aria-hidden />}
                  onClick={() => add(draft)}
                >
                  {draftName(draft)}
                </Button>
              );
            })}
          </div>
        </section>
      )}
    </div>
  );
}
