import { type TrainOptions, type TrainProgress, type TrainResult, train } from "@rossmann/ml";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** Train with progress on the terminal; says what was chosen, how good it was on the past, and whether it serves. */
export async function trainModels(
  session: Session,
  dataSourceId: number,
  options: Omit<TrainOptions, "dataSourceId" | "onProgress">,
  terminal: Terminal,
): Promise<TrainResult> {
  const result = await train(
    session.db,
    { ...options, dataSourceId, onProgress: showProgress(terminal) },
    session.effects,
  );
  terminal.note(`trained version ${result.version}: ${result.modelType} (${result.choice}); ${result.gate}`);
  return result;
}

/** Shows how far a training or a backtest is. */
export const showProgress =
  (terminal: Terminal) =>
  ({ stage, message, share, remainingMs }: TrainProgress): void => {
    const left = remainingMs === null ? "" : `, about ${Math.ceil(remainingMs / 1000)} s left`;
    terminal.progress(`train: ${stage}`, `${message}, ${Math.round(100 * share)} %${left}`);
  };
