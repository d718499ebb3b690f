import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { Choice } from "../../../components/choice.tsx";
import type { ContractProfile } from "../../../lib/api-types.ts";
import { fileSize } from "../../../lib/file-size.ts";
import { type DeliveryFile, previewFile } from "../preview-file.ts";
import classes from "./chosen-file.module.css";

export interface Chosen {
  id: string;
  file: File;
  /** its beginning, as text */
  head: string;
  /** which file of the delivery it is; null = to be said */
  kind: DeliveryFile | null;
}

export const KIND_NAMES: Record<DeliveryFile, string> = {
  train: "Daily sales",
  store: "Stores",
  future: "Coming days",
};

interface ChosenFileProps {
  chosen: Chosen;
  /** what its headers may mean */
  profile: ContractProfile | null;
  /** another file is taken for the same */
  isDoubled: boolean;
  onKind: (kind: DeliveryFile | null) => void;
  onRemove: () => void;
}

/** A file before it is sent: what it is taken for, what its headers mean, and its first rows. */
export default function ChosenFile({ chosen, profile, isDoubled, onKind, onRemove }: ChosenFileProps) {
  const { file, kind } = chosen;
  const preview = previewFile(chosen.head, profile);
  const unknown = preview.columns.filter((column) => column.canonical === null);
  return (
    <li className={classes.chosen}>
      <div className={classes.head}>
        <span className={classes.name}>
          <strong>{file.name}</strong> <span className={classes.quiet}>{fileSize(file.size)}</span>
        </span>
        <Choice
          label={`What ${file.name} holds`}
          width={170}
          value={kind ?? ""}
          options={[
            { value: "", name: "Say what it holds" },
            ...(Object.keys(KIND_NAMES) as DeliveryFile[]).map((value) => ({
              value,
              name: KIND_NAMES[value],
            })),
          ]}
          onChange={(value) => onKind(value === "" ? null : (value as DeliveryFile))}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={`Leave ${file.name} out`}
          onClick={onRemove}
        >
          <IconX size={16} stroke={1.8} />
        </ActionIcon>
      </div>
      {isDoubled && (
        <p className={classes.problem}>Another file is taken for the same; one of them has to go.</p>
      )}
      {kind !== null && preview.missing.length > 0 && (
        <p className={classes.problem}>
          No header stands for {preview.missing.join(", ")}. The contract lists the spellings it understands.
        </p>
      )}
      {kind !== null && profile && unknown.length > 0 && preview.missing.length === 0 && (
        <p className={classes.quiet}>
          Not in the contract: {unknown.map((column) => column.header || "(no name)").join(", ")}.
        </p>
      )}
      {preview.columns.length > 1 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset holds inputs, this holds a table that scrolls
        <div
          className={classes.scroller}
          role="group"
          aria-label={`First rows of ${file.name}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
        >
          <table className={classes.table}>
            <thead>
              <tr>
                {preview.columns.map((column, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: headers may be doubled
                  <th key={i} scope="col">
                    {column.header || "(no name)"}
                    {profile && column.canonical !== column.header && (
                      <span className={classes.means} data-unknown={column.canonical === null || undefined}>
                        {column.canonical ?? "not known"}
                      </span>
                    )}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {preview.rows.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing else
                <tr key={i}>
                  {row.map((cell, j) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells have nothing else
                    <td key={j}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </li>
  );
}
