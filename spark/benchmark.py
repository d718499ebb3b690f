"""Run the job on local[2] and on a standalone master with two workers on loopback, and compare with one machine.

    python spark/benchmark.py [--stores 6] [--days 200] [--export DIR]

Without --export a sample chain is written, loaded and exported. The forecasts of every part are compared with those of
`rossmann shard` run here on the same exported files: they must be equal to the last digit.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import pandas as pd
from pyarrow import csv

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROSSMANN = ["node", str(ROOT / "cli" / "bin" / "rossmann.js")]


def run(words: list, folder: pathlib.Path, **environment: str) -> float:
    began = time.monotonic()
    done = subprocess.run(
        [str(word) for word in words], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(word) for word in words[:4])} failed:\n{done.stdout}\n{done.stderr[-3000:]}")
    return time.monotonic() - began


def read(path: pathlib.Path) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    for name in ("data_source_id", "store_id"):
        frame[name] = frame[name].astype("int64")
    frame["date"] = frame["date"].astype(str)
    columns = ["data_source_id", "store_id", "date", "sales", "lower80", "upper80", "lower95", "upper95"]
    return frame[columns].sort_values(columns[:3]).reset_index(drop=True)


def single_machine(export: pathlib.Path, folder: pathlib.Path) -> tuple[pd.DataFrame, float]:
    frames, seconds = [], 0.0
    for part in sorted((export / "fact_sales_daily").iterdir()):
        source = int(part.name.split("=")[1])
        path = lambda table: export / table / part.name / "part-0.parquet"
        out = folder / f"single-{source}"
        seconds += run(
            [*ROSSMANN, "shard", "--sales", path("fact_sales_daily"), "--stores", path("dim_store"),
             "--future", path("known_future"), "--out", out, "--data-source-id", source],
            folder,
        )
        frame = csv.read_csv(out / "forecast.csv").to_pandas()
        frame["data_source_id"] = source
        frame.to_parquet(out / "forecast.parquet")
        frames.append(read(out / "forecast.parquet"))
    return pd.concat(frames).reset_index(drop=True), seconds


def start(name: str, words: list[str], folder: pathlib.Path) -> subprocess.Popen:
    import pyspark

    home = pathlib.Path(pyspark.__file__).parent
    log = open(folder / f"{name}.log", "w")
    environment = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return subprocess.Popen([str(home / "bin" / "spark-class"), *words], stdout=log, stderr=log, env=environment)


def wait_for(log: pathlib.Path, text: str, times: int, process: subprocess.Popen) -> None:
    while log.read_text().count(text) < times:
        if process.poll() is not None:
            sys.exit(f"{log.name} ended:\n{log.read_text()[-2000:]}")
        time.sleep(0.2)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--stores", type=int, default=6)
    words.add_argument("--days", type=int, default=400)
    words.add_argument("--export")
    options = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="rossmann-spark-") as name:
        folder = pathlib.Path(name)
        export = pathlib.Path(options.export).resolve() if options.export else make_export(folder, options)
        expected, seconds = single_machine(export, folder)
        print(f"one machine: {len(expected)} store-days of {expected.data_source_id.nunique()} data sources in {seconds:.1f} s")

        import pyspark

        submit = [str(pathlib.Path(pyspark.__file__).parent / "bin" / "spark-submit")]
        common = ["--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=4",
                  str(ROOT / "spark" / "forecast_panel.py"), "--export", export]
        spark = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
        seconds = run([*submit, "--master", "local[2]", *common, "--out", folder / "local"], folder, **spark)
        compare("local[2]", read(folder / "local" / "forecast"), expected, seconds)

        master = start("master", ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "7077", "--webui-port", "0"], folder)
        workers = []
        try:
            wait_for(folder / "master.log", "I have been elected leader", 1, master)
            for number in (1, 2):
                workers.append(start(f"worker{number}", ["org.apache.spark.deploy.worker.Worker", "--cores", "1", "--memory", "1g",
                                                         "--webui-port", "0", "--work-dir", str(folder / f"work{number}"), "spark://127.0.0.1:7077"], folder))
            wait_for(folder / "master.log", "Registering worker", 2, master)
            seconds = run([*submit, "--master", "spark://127.0.0.1:7077", *common, "--out", folder / "cluster"], folder, **spark)
            compare("standalone, two workers", read(folder / "cluster" / "forecast"), expected, seconds)
        finally:
            for process in [*workers, master]:
                process.terminate()
                process.wait()


def make_export(folder: pathlib.Path, options) -> pathlib.Path:
    """Two sample chains, each loaded and exported by an installation of its own, side by side as two data sources."""
    export = folder / "export"
    for source in (1, 2):
        home = {"ROSSMANN_HOME": str(folder / f"home{source}"), "LOG_LEVEL": "warn"}
        data = folder / f"data{source}"
        run([*ROSSMANN, "sample", "--out", data, "--stores", options.stores, "--days", options.days, "--seed", source], folder)
        files = ["--train", data / "train.csv", "--store", data / "store.csv", "--future", data / "test.csv"]
        run([*ROSSMANN, "etl", *files], folder, **home)
        run([*ROSSMANN, "export", "--parquet", folder / f"export{source}"], folder, **home)
        for table in ("fact_sales_daily", "dim_store", "known_future"):
            (export / table).mkdir(parents=True, exist_ok=True)
            (folder / f"export{source}" / table / "data_source_id=1").rename(export / table / f"data_source_id={source}")
    return export


def compare(where: str, got: pd.DataFrame, expected: pd.DataFrame, seconds: float) -> None:
    equal = got.equals(expected)
    print(f"{where}: {len(got)} store-days in {seconds:.1f} s; {'equal to one machine in every digit' if equal else 'DIFFERENT'}")
    if not equal:
        sys.exit(f"first differences:\n{got.compare(expected).head() if got.shape == expected.shape else (got.shape, expected.shape)}")


if __name__ == "__main__":
    main()
