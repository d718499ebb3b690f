import { useState } from "react";
import type { ContractProfile } from "../../lib/api-types.ts";
import type { LoadKind } from "./api/uploads.ts";
import type { Chosen } from "./components/chosen-file.tsx";
import { type DeliveryFile, guessFile, PREVIEW_BYTES } from "./preview-file.ts";

/**
 * The files that were picked and not sent yet, each with its beginning and what it is taken for.
 *
 * @param profiles what headers may mean
 */
export function useChosenFiles(profiles: Readonly<Record<string, ContractProfile>>) {
  const [picked, setPicked] = useState<Picked[]>([]);
  const add = async (files: readonly File[]) => {
    const added = await Promise.all(
      files.map(async (file): Promise<Picked> => {
        const head = await file.slice(0, PREVIEW_BYTES).text();
        return { id: crypto.randomUUID(), file, head };
      }),
    );
    setPicked((current) => [
      // The same file again takes the place of the one before.
      ...current.filter((each) => !added.some((other) => other.file.name === each.file.name)),
      ...added,
    ]);
  };
  return {
    chosen: picked.map(
      ({ said, ...rest }): Chosen => ({
        ...rest,
        kind: said === undefined ? guessFile(rest.head, profiles) : said,
      }),
    ),
    add,
    setKind: (id: string, said: DeliveryFile | null) =>
      setPicked((current) => current.map((each) => (each.id === id ? { ...each, said } : each))),
    remove: (id: string) => setPicked((current) => current.filter((each) => each.id !== id)),
    clear: () => setPicked([]),
  };
}

/** What a person says of a file outweighs what its headers tell; the contract that explains these may come later. */
type Picked = Omit<Chosen, "kind"> & { said?: DeliveryFile | null };

/** Why these files cannot be sent as they are; null when they can. */
export function chosenProblem(
  chosen: readonly Pick<Chosen, "kind" | "file">[],
  loadKind: LoadKind,
): string | null {
  const unsaid = chosen.find((each) => each.kind === null);
  if (unsaid !== undefined) return `Say what ${unsaid.file.name} holds.`;
  const kinds = new Set(chosen.map((each) => each.kind));
  if (kinds.size < chosen.length) return "Two files are taken for the same; one of them has to go.";
  const empty = chosen.find((each) => each.file.size === 0);
  if (empty !== undefined) return `${empty.file.name} is empty.`;
  if (!kinds.has("train")) return "The daily sales are missing: add their file.";
  if (loadKind === "full" && !kinds.has("store"))
    return "To replace everything, the file of stores has to come along; or add to what is there.";
  return null;
}
