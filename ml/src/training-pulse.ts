import type { TrainProgress } from "./train.ts";

/** Often enough for a progress bar to move, and for a cancelled training to stop while somebody looks. */
const PULSE_MS = 1_000;

export interface TrainingPulse {
  /** fires when nobody waits for the training any more */
  signal: AbortSignal;
  /** what the next beat tells */
  progress(progress: TrainProgress): void;
  stop(): void;
}

/**
 * Says every second that a training works and how far it is.
 *
 * @param beat      tells it on; false when the training was closed from outside, and should stop
 * @param onFailure a beat that failed is left out
 */
export function startPulse(
  beat: (progress: TrainProgress | undefined) => Promise<boolean>,
  onFailure: (error: unknown) => void,
): TrainingPulse {
  const closed = new AbortController();
  let latest: TrainProgress | undefined;
  let isBeating = false;
  async function tell(): Promise<void> {
    // The thread may be busy for longer than a beat: never two at once.
    if (isBeating) return;
    isBeating = true;
    try {
      if (!(await beat(latest))) closed.abort();
    } catch (error) {
      onFailure(error);
    } finally {
      isBeating = false;
    }
  }
  const timer = setInterval(tell, PULSE_MS);
  timer.unref();
  return {
    signal: closed.signal,
    progress(progress) {
      latest = progress;
    },
    stop: () => clearInterval(timer),
  };
}
