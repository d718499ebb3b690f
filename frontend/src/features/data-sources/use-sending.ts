import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type LoadKind, type LoadMode, uploads } from "./api/uploads.ts";
import type { Chosen } from "./components/chosen-file.tsx";
import { sendFiles } from "./send-files.ts";

export interface SendingState {
  /** bytes that have left, of all; null while nothing is sent */
  progress: { sent: number; total: number } | null;
  error: Error | null;
  send: (chosen: readonly Chosen[], how: { mode: LoadMode; kind: LoadKind }, onDone: () => void) => void;
  cancel: () => void;
}

/** Sends files to a data source, with progress, and a way to call it off. Leaving the page calls it off, too. */
export function useSending(source: number): SendingState {
  const client = useQueryClient();
  const [progress, setProgress] = useState<SendingState["progress"]>(null);
  const [error, setError] = useState<Error | null>(null);
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);
  const isSending = progress !== null;
  useEffect(() => {
    if (!isSending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isSending]);

  const send: SendingState["send"] = async (chosen, how, onDone) => {
    const form = new FormData();
    form.set("kind", how.kind);
    form.set("preflight_mode", how.mode);
    for (const { kind, file } of chosen) if (kind !== null) form.set(kind, file, file.name);
    const total = chosen.reduce((sum, { file }) => sum + file.size, 0);
    control.current = new AbortController();
    setError(null);
    setProgress({ sent: 0, total });
    try {
      await sendFiles(`/data-sources/${source}/uploads`, form, {
        onProgress: (sent) => setProgress({ sent: Math.min(sent, total), total }),
        signal: control.current.signal,
      });
      await client.invalidateQueries({ queryKey: uploads(source).queryKey });
      onDone();
    } catch (cause) {
      if (!(cause instanceof DOMException && cause.name === "AbortError")) setError(cause as Error);
    }
    setProgress(null);
  };
  return {
    progress,
    error,
    send,
    cancel: () => control.current?.abort(),
  };
}
