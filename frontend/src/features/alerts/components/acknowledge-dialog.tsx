import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import type { Alert } from "../../../lib/api-types.ts";
import { useAcknowledge } from "../api/actions.ts";

/** Takes an alert on. Enter is enough: the note is for those who come after. */
export default function AcknowledgeDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const [note, setNote] = useState("");
  const acknowledge = useAcknowledge(alert.alert_id);
  return (
    <Dialog title="Take this alert on?" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          acknowledge.run(note, onClose);
        }}
      >
        <TextInput
          label="Note, for whoever looks at it next"
          value={note}
          maxLength={1_000}
          data-autofocus
          autoFocus
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <p className={parts.note}>
          {alert.policy?.description || alert.message}. It is not told again until it has resolved; when it
          comes back after that, it is told as a new one.
        </p>
        <DialogFailure what="Not taken on" error={acknowledge.error} />
        <div className={parts.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={acknowledge.isPending}>
            Take on
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
