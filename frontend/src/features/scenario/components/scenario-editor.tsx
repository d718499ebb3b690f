import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Choice } from "../../../components/choice.tsx";
import { Segments } from "../../../components/segments.tsx";
import { SliderField } from "../../../components/slider-field.tsx";
import { percentSigned } from "../../../lib/format.ts";
import {
  cleanName,
  DEMAND_LIMIT,
  type Draft,
  draftName,
  PRICE_LIMIT,
  PROMO_MODES,
  PROMO_NAMES,
  SCHOOL_MODES,
  SCHOOL_NAMES,
} from "../draft.ts";
import { ElasticityField } from "./elasticity-field.tsx";
import classes from "./scenario-editor.module.css";
import { ScenarioMark } from "./scenario-mark.tsx";

interface ScenarioEditorProps {
  /** Counted from 0; gives the colour. */
  index: number;
  draft: Draft;
  /** What the server assumes when the scenario does not say. */
  usualElasticity: number | null;
  isShown: boolean;
  canBeRemoved: boolean;
  canBeCopied: boolean;
  onChange: (draft: Draft) => void;
  onShow: () => void;
  onCopy: () => void;
  onRemove: () => void;
  children?: ReactNode;
}

/** Everything that one scenario may change. */
export function ScenarioEditor(props: ScenarioEditorProps) {
  const { index, draft, usualElasticity, isShown, onChange, onShow } = props;
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  const name = draftName(draft);
  const setDemand = useCallback((demand: number) => onChange({ ...draft, demand }), [draft, onChange]);
  const setPrice = useCallback((price: number) => onChange({ ...draft, price }), [draft, onChange]);
  return (
    <section
      className={classes.editor}
      aria-label={`Scenario ${index + 1}: ${name}`}
      data-shown={isShown || undefined}
    >
      <header className={classes.head}>
        <label className={classes.show}>
          <input
            type="radio"
            name="shown-scenario"
            className="visually-hidden"
            checked={isShown}
            onChange={onShow}
          />
          <ScenarioMark index={index} />
          <span>{isShown ? `Scenario ${index + 1}, shown below` : `Scenario ${index + 1}`}</span>
        </label>
        {props.canBeCopied && (
          <Tooltip label="Copy it into a further scenario">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={28}
              aria-label={`Copy scenario ${index + 1}`}
              onClick={props.onCopy}
            >
              <IconCopy size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
        {props.canBeRemoved && (
          <Tooltip label="Remove this scenario">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={28}
              aria-label={`Remove scenario ${index + 1}`}
              onClick={props.onRemove}
            >
              <IconTrash size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
      </header>
      <NameField index={index} draft={draft} onChange={(typed) => set({ name: typed })} />
      <div className={classes.pair}>
        <Choice
          label="Promotion"
          value={draft.promo}
          options={PROMO_MODES.map((mode) => ({ value: mode, name: PROMO_NAMES[mode] }))}
          onChange={(promo) => set({ promo })}
        />
        <Choice
          label="School holidays"
          value={draft.school}
          options={SCHOOL_MODES.map((mode) => ({ value: mode, name: SCHOOL_NAMES[mode] }))}
          onChange={(school) => set({ school })}
        />
      </div>
      <Segments
        label="Weekends"
        options={[
          { value: "open", name: "As planned" },
          { value: "closed", name: "Closed" },
        ]}
        value={draft.weekendOpen ? "open" : "closed"}
        onChange={(weekend) => set({ weekendOpen: weekend === "open" })}
      />
      <SliderField
        label="Demand shift"
        value={draft.demand}
        min={-DEMAND_LIMIT}
        max={DEMAND_LIMIT}
        unit="%"
        valueText={(value) => percentSigned(value / 100)}
        onChange={setDemand}
      />
      <SliderField
        label="Price change"
        value={draft.price}
        min={-PRICE_LIMIT}
        max={PRICE_LIMIT}
        unit="%"
        valueText={(value) => percentSigned(value / 100)}
        onChange={setPrice}
      />
      {draft.price !== 0 && (
        <ElasticityField
          value={draft.elasticity}
          usual={usualElasticity}
          onChange={(elasticity) => set({ elasticity })}
        />
      )}
      {props.children}
    </section>
  );
}

function NameField({
  index,
  draft,
  onChange,
}: {
  index: number;
  draft: Draft;
  onChange: (name: string) => void;
}) {
  const [text, setText] = useState(draft.name);
  useEffect(() => setText(draft.name), [draft.name]);
  const commit = () => {
    const name = cleanName(text);
    setText(name);
    if (name !== draft.name) onChange(name);
  };
  return (
    <TextInput
      aria-label={`Name of scenario ${index + 1}`}
      placeholder={draftName({ ...draft, name: "" })}
      value={text}
      maxLength={60}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
