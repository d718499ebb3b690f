import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { Choice } from "../../../components/choice.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import { useSilence } from "../api/actions.ts";
import { usePolicies } from "../api/alerts.ts";
import { endOf, LENGTHS, type Length, matcherLines } from "../silence-body.ts";
import classes from "./alerts.module.css";

/** Asks for quiet about what is not firing yet: a maintenance window, a delivery that is known to be late. */
export function PlannedSilenceDialog({ onClose }: { onClose: () => void }) {
  const policies = usePolicies();
  const [policy, setPolicy] = useState("");
  const [matchers, setMatchers] = useState("");
  const [start, setStart] = useState("");
  const [hours, setHours] = useState<Length>("4");
  const [reason, setReason] = useState("");
  const [isEverything, setEverything] = useState(false);
  const silence = useSilence();
  const conditions = matcherLines(matchers);
  const namesNothing = policy === "" && conditions.length === 0;
  return (
    <Dialog title="Plan a silence" onClose={onClose}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          const from = start === "" ? Date.now() : new Date(start).getTime();
          silence.run(
            {
              policy_id: policy || null,
              matchers: conditions,
              starts_at: start === "" ? null : new Date(from).toISOString(),
              ends_at: endOf(Number(hours), from),
              reason: reason.trim(),
              match_everything: namesNothing && isEverything,
            },
            onClose,
          );
        }}
      >
        <Choice
          label="Policy"
          value={policy}
          options={[
            { value: "", name: "Any policy" },
            ...(policies.data?.items ?? []).map(({ id }) => ({ value: id, name: id })),
          ]}
          onChange={setPolicy}
        />
        <Textarea
          label="Further conditions on labels, one a line"
          description="source_name=train, severity!=HIGH, rule_id=~sales.*"
          rows={2}
          value={matchers}
          onChange={(event) => setMatchers(event.currentTarget.value)}
        />
        <TextInput
          label="From (now when empty)"
          type="datetime-local"
          value={start}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
        <Choice label="For" options={LENGTHS} value={hours} onChange={setHours} />
        <TextInput
          label="Why, for whoever wonders"
          value={reason}
          maxLength={1_000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {namesNothing && (
          <Checkbox
            label="This names nothing, so it keeps every alert quiet. I mean that."
            checked={isEverything}
            onChange={(event) => setEverything(event.currentTarget.checked)}
          />
        )}
        <DialogFailure what="Still told" error={silence.error} />
        <div className={parts.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={silence.isPending}>
            Silence
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
