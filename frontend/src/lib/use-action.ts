import { useState } from "react";

/** Something a reader does: whether it is under way, and what went wrong the last time. */
export interface Action<Input> {
  isPending: boolean;
  error: Error | null;
  /** @param onDone called only when it succeeded */
  run: (input: Input, onDone?: () => void) => void;
}

/**
 * Does something on a click, once at a time.
 *
 * @param act     the request
 * @param settled what to do after it, failed or not: the picture on the screen may be old either way
 */
export function useAction<Input>(
  act: (input: Input) => Promise<unknown>,
  settled: () => Promise<unknown> = async () => {},
): Action<Input> {
  const [state, setState] = useState<{ isPending: boolean; error: Error | null }>({
    isPending: false,
    error: null,
  });
  const run = async (input: Input, onDone?: () => void) => {
    if (state.isPending) return;
    setState({ isPending: true, error: null });
    let error: Error | null = null;
    try {
      await act(input);
    } catch (cause) {
      error = cause instanceof Error ? cause : new Error(String(cause));
    }
    await settled();
    setState({ isPending: false, error });
    if (error === null) onDone?.();
  };
  return { ...state, run: (input, onDone) => void run(input, onDone) };
}
