import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Choice } from "../../../components/choice.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import type { Alert } from "../../../lib/api-types.ts";
import { useSilence } from "../api/actions.ts";
import { LENGTHS, type Length, type Reach, silenceOf } from "../silence-body.ts";
import classes from "./alerts.module.css";

/** Asks for quiet about an alert. Enter is enough: an hour, only this one. */
export default function SilenceDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [hours, setHours] = useState<Length>("1");
  const [reach, setReach] = useState<Reach>("alert");
  const silence = useSilence();
  return (
    <Dialog title="Ask for quiet" onClose={onClose}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          silence.run(silenceOf(alert, reach, Number(hours), reason, Date.now()), onClose);
        }}
      >
        <TextInput
          label="Why, for whoever wonders"
          value={reason}
          maxLength={1_000}
          autoFocus
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Choice label="For" options={LENGTHS} value={hours} onChange={setHours} />
        <Choice
          label="What is kept quiet"
          options={[
            { value: "alert", name: "Only this alert" },
            { value: "policy", name: `Every alert of ${alert.policy_id}` },
          ]}
          value={reach}
          onChange={setReach}
        />
        <p className={parts.note}>
          The alert still fires and stays on this page; only its notifications are held back.
        </p>
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
