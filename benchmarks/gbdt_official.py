"""The official library's side of gbdt.bench.ts: reads one JSON request per line, answers with one JSON line.

    pip install catboost==1.2.10
"""

import json
import sys
import time

import catboost
import numpy as np

QUIET = dict(verbose=0, allow_writing_files=False, random_seed=1)
state = {}


def load(request):
    rows, features = request["rows"], request["features"]
    flat = np.fromfile(request["file"], dtype=np.float32)
    matrix = np.ascontiguousarray(flat[: rows * features].reshape(features, rows).T)
    state.update(matrix=matrix, target=flat[rows * features:])
    pool = catboost.Pool(matrix, state["target"])
    pool.quantize(border_count=request["borders"])
    state["pool"] = pool
    return {"version": catboost.__version__}


def train(request):
    """Seconds per tree: a long training less a short one, so that preparation does not count."""
    params = dict(depth=request["depth"], learning_rate=0.1, bootstrap_type=request["bootstrap"],
                  random_strength=request["randomStrength"], thread_count=request["threads"], **QUIET)
    if request["bootstrap"] == "MVS":
        params["subsample"] = 0.8
    seconds = []
    for trees in (request["skip"], request["trees"]):
        model = catboost.CatBoostRegressor(iterations=trees, **params)
        started = time.perf_counter()
        model.fit(state["pool"])
        seconds.append(time.perf_counter() - started)
    return {"secondsPerTree": (seconds[1] - seconds[0]) / (request["trees"] - request["skip"]),
            "metric": model.evals_result_["learn"]["RMSE"][-1]}


def predict(request):
    """Raw forecasts of a model file of ours: how fast on one thread, and what they are."""
    model = catboost.CatBoost()
    model.load_model(request["model"], format="json")
    matrix = state["matrix"][: request["rows"]]
    best = float("inf")
    for _ in range(request["repeats"]):
        started = time.perf_counter()
        raw = model.predict(matrix, prediction_type="RawFormulaVal", thread_count=1)
        best = min(best, time.perf_counter() - started)
    np.ascontiguousarray(raw, dtype=np.float64).tofile(request["out"])
    return {"seconds": best}


HANDLERS = {"load": load, "train": train, "predict": predict}
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(HANDLERS[request["task"]](request)), flush=True)
