import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { Badge } from "../../../components/badge.tsx";
import type { DataSourceItem, UploadItem } from "../../../lib/api-types.ts";
import { ago } from "../../../lib/format.ts";
import { forgetFigures, isWorking, useCancelUpload, useRetryUpload, useUploads } from "../api/uploads.ts";
import { STATES, uploadShare, uploadWords } from "../upload-words.ts";
import { ProgressLine } from "./progress-line.tsx";
import classes from "./upload-list.module.css";

/** The last uploads of a source: the one at work with its progress, the others with what came of them. */
export function UploadList({ source, canChange }: { source: DataSourceItem; canChange: boolean }) {
  const uploads = useUploads(source.id);
  const client = useQueryClient();
  const items = uploads.data?.items ?? [];
  const working = items.filter(isWorking).length;
  const before = useRef(working);
  useEffect(() => {
    // Something that was at work has ended: figures, runs and verdicts may be others now.
    if (working < before.current) void forgetFigures(client);
    before.current = working;
  }, [working, client]);
  if (items.length === 0) return null;
  return (
    <section className={classes.uploads} aria-label="Uploads">
      <h3>Last uploads</h3>
      <ul>
        {items.map((upload) => (
          <Upload key={upload.upload_id} upload={upload} canChange={canChange} />
        ))}
      </ul>
    </section>
  );
}

function Upload({ upload, canChange }: { upload: UploadItem; canChange: boolean }) {
  const cancel = useCancelUpload(upload.data_source_id);
  const retry = useRetryUpload(upload.data_source_id);
  const { tone, word } = STATES[upload.status];
  const names = upload.files.map((file) => file.name).join(", ");
  return (
    <li className={classes.upload} data-status={upload.status}>
      <Badge tone={tone}>{word}</Badge>
      <div className={classes.words}>
        <strong>{names}</strong> <span className={classes.quiet}>{ago(upload.created_at)}</span>
        {isWorking(upload) ? (
          <ProgressLine
            label={`Loading ${names}`}
            share={uploadShare(upload)}
            words={uploadWords(upload)}
            isCancelling={cancel.isPending}
            onCancel={canChange ? () => cancel.run(upload) : undefined}
          />
        ) : (
          <p role="status">{uploadWords(upload)}</p>
        )}
        {(cancel.error ?? retry.error) && (
          <p className={classes.failed} role="alert">
            That failed: {(cancel.error ?? retry.error)?.message}
          </p>
        )}
      </div>
      <div className={classes.actions}>
        {upload.etl_run_id !== null && upload.preflight_mode !== "off" && !isWorking(upload) && (
          <Button
            component={Link}
            to={{
              pathname: "/preflight-diagnostics",
              search: `?source=${upload.data_source_id}&run=${encodeURIComponent(upload.etl_run_id)}`,
            }}
            size="xs"
            variant="default"
          >
            {upload.status === "FAILED" ? "See every fault" : "Report"}
          </Button>
        )}
        {upload.status === "COMPLETED" && (
          <Button
            component={Link}
            to={{ pathname: "/", search: `?source=${upload.data_source_id}` }}
            size="xs"
            variant="default"
          >
            Show its figures
          </Button>
        )}
        {upload.can_retry && canChange && (
          <Button size="xs" variant="subtle" loading={retry.isPending} onClick={() => retry.run(upload)}>
            Try again
          </Button>
        )}
      </div>
    </li>
  );
}
