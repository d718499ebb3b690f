import type { BoosterParams, Loss } from "./params.ts";

/**
 * The `model_info` of a model of ours. Official clients read `params.flat_params` and `params.loss_function` back; there is no
 * time and no random id in it, so that the same training gives the same bytes.
 */
export function modelInfo(params: BoosterParams): Record<string, unknown> {
  return {
    params: {
      flat_params: {
        bootstrap_type: params.bootstrap.type === "None" ? "No" : params.bootstrap.type,
        border_count: params.borderCount,
        depth: params.depth,
        iterations: params.iterations,
        l2_leaf_reg: params.l2LeafReg,
        learning_rate: params.learningRate,
        loss_function: officialLoss(params.loss),
        nan_mode: params.nanMode,
        random_seed: params.seed,
        random_strength: params.randomStrength,
        rsm: params.rsm,
        score_function: params.scoreFunction,
        ...(params.bootstrap.type === "None" ? {} : { subsample: params.bootstrap.rate }),
      },
      loss_function: { params: lossParams(params.loss), type: officialName(params.loss) },
    },
    rossmann_loss: params.loss.name,
  };
}

/** The official library knows no squared relative error on a log scale; RMSE is what its raw values come nearest to. */
function officialName(loss: Loss): string {
  return loss.name === "RmspeLog" ? "RMSE" : loss.name;
}

function lossParams(loss: Loss): Record<string, string> {
  switch (loss.name) {
    case "Quantile":
      return { alpha: String(loss.alpha) };
    case "MultiQuantile":
      return { alpha: loss.alpha.join(",") };
    case "Tweedie":
      return { variance_power: String(loss.power) };
    default:
      return {};
  }
}

function officialLoss(loss: Loss): string {
  const params = Object.entries(lossParams(loss)).map(([key, value]) => `${key}=${value}`);
  return params.length === 0 ? officialName(loss) : `${officialName(loss)}:${params.join(";")}`;
}
