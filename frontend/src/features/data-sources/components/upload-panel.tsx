import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Segments } from "../../../components/segments.tsx";
import type { DataSourceItem } from "../../../lib/api-types.ts";
import { fileSize } from "../../../lib/file-size.ts";
import { useContracts, useContractVersion } from "../../contracts/api/contracts.ts";
import type { LoadKind, LoadMode } from "../api/uploads.ts";
import { PROFILE_OF } from "../preview-file.ts";
import { chosenProblem, useChosenFiles } from "../use-chosen-files.ts";
import { useSending } from "../use-sending.ts";
import { DropZone } from "./drop-zone.tsx";
import { ProgressLine } from "./progress-line.tsx";
import { UploadList } from "./upload-list.tsx";
import classes from "./upload-panel.module.css";

const ChosenFile = lazy(() => import("./chosen-file.tsx"));

const MODES: Record<LoadMode, { name: string; words: string }> = {
  enforce: {
    name: "Enforce",
    words:
      "A file that breaks its contract is turned away and nothing changes; single broken rows are set aside.",
  },
  report_only: {
    name: "Report only",
    words:
      "The files are examined and loaded as they are, whatever is found. The load itself still refuses what it cannot read.",
  },
  off: {
    name: "Off",
    words: "The files are loaded without an examination. The load itself still refuses what it cannot read.",
  },
};

const KINDS: Record<LoadKind, { name: string; words: string }> = {
  full: { name: "Replace everything", words: "What these files do not hold is gone afterwards." },
  incremental: {
    name: "Add and correct",
    words: "Days that are there already are corrected, all others stay.",
  },
};

/** Brings files in: chosen or dropped, looked at, sent with progress, examined and loaded in the background. */
export function UploadPanel({ source, canChange }: { source: DataSourceItem; canChange: boolean }) {
  const contracts = useContracts();
  const contract = source.related_contract_id ?? contracts.data?.[0]?.id ?? null;
  const version =
    source.related_contract_version ??
    contracts.data?.find((each) => each.id === contract)?.latest_version ??
    null;
  const profiles = useContractVersion(contract, version).data?.profiles ?? {};
  const files = useChosenFiles(profiles);
  const [mode, setMode] = useState<LoadMode>("enforce");
  const [kind, setKind] = useState<LoadKind>("full");
  const sending = useSending(source.id);
  const { chosen } = files;
  const problem = chosenProblem(chosen, kind);
  const isSending = sending.progress !== null;
  const closed = !canChange
    ? "Your key may not load files: that needs the right data:write."
    : !source.is_active
      ? `${source.name} is switched off. Switch it on to load files.`
      : isSending
        ? "Wait until these files have left."
        : null;
  return (
    <Panel
      title={`Bring in files of ${source.name}`}
      summary="Daily sales (train.csv) and stores (store.csv); beside them, if you know them, promotions and holidays of coming days (test.csv)."
    >
      <DropZone closed={closed} onFiles={(list) => void files.add(list)}>
        Drop CSV files here. They are held against the contract before anything is loaded.
      </DropZone>
      {chosen.length > 0 && (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (problem === null && !isSending) sending.send(chosen, { mode, kind }, files.clear);
          }}
        >
          <ul className={classes.files}>
            <Suspense fallback={null}>
              {chosen.map((each) => (
                <ChosenFile
                  key={each.id}
                  chosen={each}
                  profile={each.kind === null ? null : (profiles[PROFILE_OF[each.kind]] ?? null)}
                  isDoubled={
                    each.kind !== null && chosen.some((other) => other !== each && other.kind === each.kind)
                  }
                  onKind={(kind) => files.setKind(each.id, kind)}
                  onRemove={() => files.remove(each.id)}
                />
              ))}
            </Suspense>
          </ul>
          <div className={classes.mode}>
            <Segments
              label="What becomes of earlier sales"
              options={(Object.keys(KINDS) as LoadKind[]).map((value) => ({
                value,
                name: KINDS[value].name,
              }))}
              value={kind}
              onChange={setKind}
            />
            <p className={classes.note}>{KINDS[kind].words}</p>
          </div>
          <div className={classes.mode}>
            <Segments
              label="What the contract does"
              options={(Object.keys(MODES) as LoadMode[]).map((value) => ({
                value,
                name: MODES[value].name,
              }))}
              value={mode}
              onChange={setMode}
            />
            <p className={classes.note}>{MODES[mode].words}</p>
          </div>
          <DialogFailure what="Not sent" error={sending.error} />
          {sending.progress ? (
            <ProgressLine
              label="Sending the files"
              share={sending.progress.total === 0 ? 0 : sending.progress.sent / sending.progress.total}
              words={`${fileSize(sending.progress.sent)} of ${fileSize(sending.progress.total)} sent`}
              onCancel={sending.cancel}
            />
          ) : (
            <div className={classes.buttons}>
              {problem !== null && <p className={classes.problem}>{problem}</p>}
              <Button variant="default" onClick={files.clear}>
                Leave them out
              </Button>
              <Button type="submit" disabled={problem !== null || closed !== null}>
                Check and load
              </Button>
            </div>
          )}
        </form>
      )}
      <UploadList source={source} canChange={canChange} />
    </Panel>
  );
}
