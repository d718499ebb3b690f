import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { Choice } from "../../../components/choice.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import type { DataSourceItem } from "../../../lib/api-types.ts";
import { useContract, useContracts } from "../../contracts/api/contracts.ts";
import { type SourceFields, useDeleteSource, useSaveSource } from "../api/changes.ts";
import classes from "./source-dialog.module.css";

interface SourceDialogProps {
  /** null = a new one */
  source: DataSourceItem | null;
  onSaved: (source: DataSourceItem) => void;
  onDeleted: () => void;
  onClose: () => void;
}

const MOST_CHARACTERS = 128;

const fieldsOf = (source: DataSourceItem | null): SourceFields => ({
  name: source?.name ?? "",
  description: source?.description ?? null,
  source_type: source?.source_type ?? "cms",
  related_contract_id: source?.related_contract_id ?? null,
  related_contract_version: source?.related_contract_version ?? null,
  is_active: source?.is_active ?? true,
  is_default: source?.is_default ?? false,
});

/** Names a client, and says by which contract its files are judged. */
export default function SourceDialog({ source, onSaved, onDeleted, onClose }: SourceDialogProps) {
  const [fields, setFields] = useState(() => fieldsOf(source));
  const [isAsked, setAsked] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const contracts = useContracts();
  const contract = useContract(fields.related_contract_id);
  const save = useSaveSource(source?.id ?? null, onSaved);
  const remove = useDeleteSource();
  const set = (change: Partial<SourceFields>) => setFields((current) => ({ ...current, ...change }));
  const nameProblem = fields.name.trim() === "" ? "A data source needs a name." : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (nameProblem !== null) {
      nameField.current?.focus();
      return;
    }
    save.run(changesOf(source, fields), onClose);
  };
  return (
    <Dialog title={source === null ? "New data source" : `Edit ${source.name}`} onClose={onClose}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          ref={nameField}
          label="Name"
          value={fields.name}
          maxLength={MOST_CHARACTERS}
          error={isAsked ? nameProblem : null}
          errorProps={{ role: "alert" }}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          rows={2}
          maxLength={2000}
          value={fields.description ?? ""}
          onChange={(event) => set({ description: event.currentTarget.value || null })}
        />
        <div className={classes.pair}>
          <Choice
            label="Contract"
            value={fields.related_contract_id ?? ""}
            options={[
              { value: "", name: "The usual one" },
              ...(contracts.data ?? [])
                .filter((each) => each.is_active || each.id === fields.related_contract_id)
                .map((each) => ({ value: each.id, name: each.name })),
              ...unlisted(
                fields.related_contract_id,
                contracts.data?.map((each) => each.id),
              ),
            ]}
            onChange={(id) => set({ related_contract_id: id || null, related_contract_version: null })}
          />
          <Choice
            label="Version"
            value={fields.related_contract_version ?? ""}
            options={[
              { value: "", name: "Always the newest" },
              ...(contract.data?.versions ?? []).map(({ version }) => ({ value: version, name: version })),
              ...unlisted(
                fields.related_contract_version,
                contract.data?.versions.map(({ version }) => version),
              ),
            ]}
            onChange={(version) => set({ related_contract_version: version || null })}
          />
        </div>
        <TextInput
          label="Where its files come from"
          description="One word, such as cms, erp or till"
          value={fields.source_type}
          maxLength={64}
          onChange={(event) => set({ source_type: event.currentTarget.value })}
        />
        <Checkbox
          label="Shown first, and meant when no data source is named"
          checked={fields.is_default}
          disabled={source?.is_default === true}
          onChange={(event) => set({ is_default: event.currentTarget.checked })}
        />
        {source !== null && (
          <Checkbox
            label="In use: can be loaded and shown"
            checked={fields.is_active}
            disabled={source.is_default}
            description={
              source.is_default
                ? "The default cannot be switched off; make another one the default first."
                : undefined
            }
            onChange={(event) => set({ is_active: event.currentTarget.checked })}
          />
        )}
        <DialogFailure what="Not saved" error={save.error} />
        <DialogFailure what="Not deleted" error={remove.error} />
        <div className={parts.buttons}>
          {source !== null && !source.is_default && source.sales_rows_count === 0 && (
            <Button
              className={classes.delete}
              variant="subtle"
              color="red"
              loading={remove.isPending}
              onClick={() => remove.run(source.id, onDeleted)}
            >
              Delete
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {source === null ? "Create" : "Save"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A value that is set and not (or not yet) in the list, so that the choice shows it. */
const unlisted = (value: string | null, known: readonly string[] = []) =>
  value === null || known.includes(value) ? [] : [{ value, name: value }];

/** For a new source everything; else only what changed, so that two people can change different things. */
function changesOf(source: DataSourceItem | null, fields: SourceFields): Partial<SourceFields> {
  const trimmed = { ...fields, name: fields.name.trim(), source_type: fields.source_type.trim() || "cms" };
  if (source === null) return trimmed;
  const before = fieldsOf(source);
  return Object.fromEntries(
    Object.entries(trimmed).filter(([name, value]) => before[name as keyof SourceFields] !== value),
  );
}
