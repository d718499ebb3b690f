import { Button, Textarea, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import classes from "../../../components/dialog-parts.module.css";
import { fieldLabel } from "../../../components/field-label.ts";
import { ApiError } from "../../../lib/api.ts";
import type { SavedScenario, ScenarioCompareBody } from "../../../lib/api-types.ts";
import { ago } from "../../../lib/format.ts";
import { useAction } from "../../../lib/use-action.ts";
import { changeScenario, savedScenario, saveScenario } from "../api/saved-scenarios.ts";

interface SaveDialogProps {
  source: number | null;
  content: ScenarioCompareBody;
  /** What it is called when nobody says otherwise. */
  usualName: string;
  /** The saved one that is open: saving makes its next version. */
  open: SavedScenario | null;
  onSaved: (saved: SavedScenario) => void;
  onClose: () => void;
}

/** Keeps the scenarios under a name: as a new comparison, or as the next version of the one that is open. */
export function SaveDialog({ source, content, usualName, open, onSaved, onClose }: SaveDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState(open?.name ?? usualName);
  const [note, setNote] = useState(open?.note ?? "");
  const [isTouched, setTouched] = useState(false);
  const save = useAction<{ version: number | null }>(
    async ({ version }) => {
      const body = { name: name.trim(), note: note.trim(), content, data_source_id: source };
      onSaved(
        open !== null && version !== null
          ? await changeScenario(open.scenario_id, { ...body, version })
          : await saveScenario(body),
      );
    },
    () => client.invalidateQueries({ queryKey: ["saved-scenarios"] }),
  );
  const isConflict = save.error instanceof ApiError && save.error.status === 409;
  const theirs = useQuery({
    ...savedScenario(open?.scenario_id ?? ""),
    enabled: isConflict && open !== null,
    staleTime: 0,
  });
  const nameFault = name.trim() === "" ? "Give it a name." : null;
  const run = (version: number | null) => {
    setTouched(true);
    if (nameFault === null) save.run({ version }, onClose);
  };
  return (
    <Dialog title={open === null ? "Save these scenarios" : `Save “${open.name}”`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(open?.version ?? null);
        }}
      >
        <TextInput
          labelProps={fieldLabel}
          label="Name"
          data-autofocus
          maxLength={120}
          value={name}
          error={isTouched ? nameFault : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          mt={12}
          labelProps={fieldLabel}
          label="Note"
          description="What it is for; optional."
          maxLength={2000}
          rows={3}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <p className={classes.note}>
          Kept are the stores, the days ahead and what each scenario changes; the figures are computed anew
          when it is opened. No data is changed.
        </p>
        {isConflict ? (
          <p className={classes.failure} role="alert">
            {theirs.data
              ? `${theirs.data.changed_by} saved version ${theirs.data.version} ${ago(theirs.data.changed_at)}, after you opened version ${open?.version}. Nothing was overwritten, and yours is still on this page.`
              : "Somebody saved another version meanwhile. Nothing was overwritten, and yours is still on this page."}
          </p>
        ) : (
          <DialogFailure what="It was not saved" error={save.error} />
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {open !== null && (
            <Button variant="default" disabled={save.isPending} onClick={() => run(null)}>
              Save as a new one
            </Button>
          )}
          {isConflict && theirs.data ? (
            <Button loading={save.isPending} onClick={() => run(theirs.data.version)}>
              Save mine as version {theirs.data.version + 1}
            </Button>
          ) : (
            <Button type="submit" loading={save.isPending}>
              {open === null ? "Save" : `Save as version ${open.version + 1}`}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
