import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiError } from "../lib/api.ts";
import { askToSignIn } from "../lib/ask-to-sign-in.ts";
import { CopyText } from "./copy-text.tsx";
import { EmptyState } from "./empty-state.tsx";
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
  const retry = (
    <Button variant="default" size="xs" onClick={onRetry}>
      Try again
    </Button>
  );
  const words = (
    <>
      <p role="alert">{error.message}</p>
      {requestId && (
        <p>
          Request id <CopyText text={requestId} label="Copy the request id" />
        </p>
      )}
    </>
  );
  if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
    return (
      <EmptyState
        level={level}
        kind="no-permission"
        title={
          error.status === 401
            ? `Sign in to see ${lowerFirst(what)}`
            : `Your key may not see ${lowerFirst(what)}`
        }
        action={
          <Button variant="default" size="xs" onClick={askToSignIn}>
            {error.status === 401 ? "Sign in" : "Use another key"}
          </Button>
        }
      >
        {words}
      </EmptyState>
    );
  }
  return (
    <Notice
      level={level}
      tone="bad"
      icon={<IconAlertTriangle aria-hidden stroke={1.5} />}
      title={`${what} could not be loaded`}
      action={retry}
    >
      {words}
    </Notice>
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
