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

const STAGES: Record<TrainProgress["stage"], string> = {
  read: "reading the history",
  tune: "looking for when to stop",
  backtest: "backtest",
  long_backtest: "backtest of long horizons",
  score: "scoring",
  refit: "refit on all days",
  save: "saving",
};

/** Shows how far a training or a backtest is. */
export const showProgress =
  (terminal: Terminal) =>
  ({ stage, message, share, remainingMs }: TrainProgress): void => {
    const what = stage === "backtest" || stage === "long_backtest" ? `${message}, ` : "";
    const left = remainingMs === null ? "" : `, about ${Math.ceil(remainingMs / 1000)} s left`;
    terminal.progress(`train: ${STAGES[stage]}`, `${what}${Math.round(100 * share)} %${left}`);
  };
