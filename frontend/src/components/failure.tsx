import { Button } from "@mantine/core";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { ApiError } from "../lib/api.ts";
import { CopyText } from "./copy-text.tsx";
import { Notice } from "./notice.tsx";

interface FailureProps {
  /** What could not be shown, as the start of a sentence: "The trend". */
  what: string;
  error: Error;
  onRetry: () => void;
  level?: "page" | "panel";
}

/** A failed panel or page: what failed, why, the request id to quote, and a way to try again. */
export function Failure({ what, error, onRetry, level = "panel" }: FailureProps) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  const isRefusedAccess = error instanceof ApiError && (error.status === 401 || error.status === 403);
  return (
    <Notice
      level={level}
      tone={isRefusedAccess ? "calm" : "bad"}
      icon={
        isRefusedAccess ? (
          <IconLock aria-hidden stroke={1.5} />
        ) : (
          <IconAlertTriangle aria-hidden stroke={1.5} />
        )
      }
      title={isRefusedAccess ? `${what} needs a key that may read it` : `${what} could not be loaded`}
      action={
        <Button variant="default" size="xs" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p role="alert">{error.message}</p>
      {requestId && (
        <p>
          Request <CopyText text={requestId} label="Copy the request id" />
        </p>
      )}
    </Notice>
  );
}
