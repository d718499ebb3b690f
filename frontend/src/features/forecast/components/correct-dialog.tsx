import { Button, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import { fieldLabel } from "../../../components/field-label.ts";
import { Segments } from "../../../components/segments.tsx";
import type { ForecastPoint } from "../../../lib/api-types.ts";
import { money, plural } from "../../../lib/format.ts";
import { useAction } from "../../../lib/use-action.ts";
import { addOverride } from "../api/overrides.ts";
import { type CorrectionForm, corrected, correctionFaults, toOverride } from "../correction-form.ts";
import classes from "./correct-dialog.module.css";

interface CorrectDialogProps {
  source: number | null;
  store: number;
  points: readonly ForecastPoint[];
  /** The day that is selected; the form begins with it. */
  day: string;
  onClose: () => void;
}

/** Asks for a correction of days: which, to what, and why. The model's figure stays beside it. */
export function CorrectDialog({ source, store, points, day, onClose }: CorrectDialogProps) {
  const client = useQueryClient();
  const [form, setForm] = useState<CorrectionForm>({
    from: day,
    to: day,
    kind: "change",
    value: "",
    reason: "",
  });
  const [isTried, setTried] = useState(false);
  const save = useAction<CorrectionForm>(
    (filled) => addOverride(toOverride(filled, store, source)),
    () => client.invalidateQueries({ queryKey: ["overrides"] }),
  );
  const faults = correctionFaults(form, points);
  const shown = isTried ? faults : {};
  const set = (change: Partial<CorrectionForm>) => setForm({ ...form, ...change });
  const effect = corrected(form, points);
  const formElement = useRef<HTMLFormElement>(null);
  const submit = () => {
    setTried(true);
    if (Object.keys(faults).length === 0) save.run(form, onClose);
    // The first field at fault, once it is marked as one.
    else
      requestAnimationFrame(() =>
        formElement.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
      );
  };
  const [first, last] = [points[0]?.date, points.at(-1)?.date];
  return (
    <Dialog title={`Correct the forecast of store ${store}`} onClose={onClose}>
      <form
        ref={formElement}
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className={classes.pair}>
          <TextInput
            type="date"
            labelProps={fieldLabel}
            label="From"
            min={first}
            max={last}
            value={form.from}
            error={shown.from}
            onChange={(event) => set({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            labelProps={fieldLabel}
            label="To"
            min={first}
            max={last}
            value={form.to}
            error={shown.to}
            onChange={(event) => set({ to: event.currentTarget.value })}
          />
        </div>
        <div className={classes.pair}>
          <Segments
            label="Say it as"
            options={[
              { value: "change", name: "Change in %" },
              { value: "sales", name: "€ per day" },
            ]}
            value={form.kind}
            onChange={(kind) => set({ kind })}
          />
          <TextInput
            labelProps={fieldLabel}
            label={form.kind === "change" ? "Change of the model's figure, %" : "Sales of each open day, €"}
            inputMode="decimal"
            placeholder={form.kind === "change" ? "-10" : "8000"}
            value={form.value}
            error={shown.value}
            onChange={(event) => set({ value: event.currentTarget.value })}
          />
        </div>
        <Textarea
          labelProps={fieldLabel}
          label="Reason"
          description="Others read it beside your figure."
          rows={2}
          maxLength={500}
          value={form.reason}
          error={shown.reason}
          onChange={(event) => set({ reason: event.currentTarget.value })}
        />
        <p className={parts.note}>
          {effect === null
            ? "The model's figure is kept beside yours; once the sales are known, both are held against them."
            : `${plural(effect.days, "open day")}: ${money(effect.before)} by the model, ${money(effect.after)} by you.`}
        </p>
        <DialogFailure what="It was not kept" error={save.error} />
        <div className={parts.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Keep the correction
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
