import { TrainingInputError } from "./errors.ts";

/** What is minimised. Every loss but `RmspeLog` bears the name and the parameters that official CatBoost gives it. */
export type Loss =
  | { name: "RMSE" }
  | { name: "MAE" }
  | { name: "Quantile"; alpha: number }
  /** one output per level, all from one tree structure; levels ascending */
  | { name: "MultiQuantile"; alpha: number[] }
  | { name: "MAPE" }
  /** counts with a log link: the raw forecast is the logarithm of the mean */
  | { name: "Poisson" }
  /** log link; power strictly between 1 and 2 */
  | { name: "Tweedie"; power: number }
  /** the target is a logarithm; the squared *relative* error of exp(forecast) against exp(target) is minimised */
  | { name: "RmspeLog" };

export type Bootstrap =
  | { type: "None" }
  /** minimal variance sampling: rows with large gradients are kept more often and weigh less */
  | { type: "MVS"; rate: number; lambda?: number }
  /** every row is kept with probability `rate` */
  | { type: "Bernoulli"; rate: number };

export type LeafMethod = "Newton" | "Gradient" | "Exact";

/** Parameters of a training; what is left out takes the default of {@link defaultParams}. */
export interface BoosterParams {
  loss: Loss;
  iterations: number;
  learningRate: number;
  /** 0–16 */
  depth: number;
  l2LeafReg: number;
  /** borders per feature, 1–255 */
  borderCount: number;
  /** where missing values go; `Forbidden` refuses them */
  nanMode: "Min" | "Max" | "Forbidden";
  scoreFunction: "Cosine" | "L2";
  bootstrap: Bootstrap;
  /** noise on split scores; 0 = none */
  randomStrength: number;
  /** share of features tried at each level, in (0, 1] */
  rsm: number;
  /** default by loss, see `lossDefaults` */
  leafMethod?: LeafMethod;
  /** steps per leaf; default by loss */
  leafIterations?: number;
  /** start from the best constant; default true where the loss allows it */
  boostFromAverage?: boolean;
  /** by column name: +1 = the forecast never falls when the column rises, −1 = never rises */
  monotone: Record<string, 1 | -1>;
  /** stop when the eval metric has not improved for so many trees; 0 = never */
  earlyStoppingRounds: number;
  /** cut the model after its best tree on the eval set; only with an eval set */
  useBestModel: boolean;
  seed: number;
}

export const defaultParams: BoosterParams = {
  loss: { name: "RMSE" },
  iterations: 1000,
  learningRate: 0.03,
  depth: 6,
  l2LeafReg: 3,
  borderCount: 254,
  nanMode: "Min",
  scoreFunction: "Cosine",
  bootstrap: { type: "MVS", rate: 0.8 },
  randomStrength: 1,
  rsm: 1,
  monotone: {},
  earlyStoppingRounds: 0,
  useBestModel: true,
  seed: 0,
};

/** Numbers per row that a model of this loss gives. */
export function outputsOf(loss: Loss): number {
  return loss.name === "MultiQuantile" ? loss.alpha.length : 1;
}

/**
 * Fills in the defaults and refuses what cannot be trained.
 *
 * @throws {TrainingInputError} naming the parameter, its value and the range
 */
export function completeParams(given: Partial<BoosterParams>): BoosterParams {
  const params = { ...defaultParams, ...given };
  requireRange("iterations", params.iterations, 1, 1_000_000, { whole: true });
  requireRange("learningRate", params.learningRate, 1e-9, 10);
  requireRange("depth", params.depth, 0, 16, { whole: true });
  requireRange("l2LeafReg", params.l2LeafReg, 0, Number.MAX_VALUE);
  requireRange("borderCount", params.borderCount, 1, 255, { whole: true });
  requireRange("randomStrength", params.randomStrength, 0, Number.MAX_VALUE);
  requireRange("rsm", params.rsm, 1e-9, 1);
  requireRange("earlyStoppingRounds", params.earlyStoppingRounds, 0, 1_000_000, { whole: true });
  requireRange("seed", params.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, { whole: true });
  if (params.leafIterations !== undefined)
    requireRange("leafIterations", params.leafIterations, 1, 1000, { whole: true });
  if (params.bootstrap.type !== "None") requireRange("bootstrap.rate", params.bootstrap.rate, 1e-9, 1);
  const { loss } = params;
  if (loss.name === "Quantile") requireRange("loss.alpha", loss.alpha, 1e-9, 1 - 1e-9);
  if (loss.name === "Tweedie") requireRange("loss.power", loss.power, 1 + 1e-9, 2 - 1e-9);
  if (loss.name === "MultiQuantile") {
    if (loss.alpha.length === 0)
      throw new TrainingInputError("loss.alpha must name at least one level, got none");
    for (const [i, alpha] of loss.alpha.entries()) {
      requireRange(`loss.alpha[${i}]`, alpha, 1e-9, 1 - 1e-9);
      if (i > 0 && alpha <= loss.alpha[i - 1])
        throw new TrainingInputError(`loss.alpha must ascend, got ${alpha} after ${loss.alpha[i - 1]}`);
    }
  }
  return params;
}

function requireRange(
  name: string,
  value: number,
  low: number,
  high: number,
  options?: { whole: boolean },
): void {
  const isRight = value >= low && value <= high && (!options?.whole || Number.isInteger(value));
  if (!isRight)
    throw new TrainingInputError(
      `${name} must be ${options?.whole ? "a whole number " : ""}from ${low} to ${high}, got ${value}`,
    );
}
