"""Train and forecast every part of a panel on a Spark cluster, each in one task, with the platform's own trainer.

    spark-submit spark/forecast_panel.py --export EXPORT --out OUT [--clusters N] [--profile quick|full]

EXPORT is what `rossmann export --parquet` wrote, on a file system that all workers read (a folder on one machine, s3a://,
hdfs://). A part is a data source, or with --clusters N one of N clusters of its stores (store_id modulo N): each part gets a
model of its own. The rows of a part travel to its task through Spark; the task runs `rossmann shard` on them, so that every
worker needs the repository with its dependencies (`npm ci`) at --rossmann.

OUT/forecast  Parquet by data source: store_id, date, sales, lower80, upper80, lower95, upper95, cluster
OUT/model     Parquet by data source: cluster, model_type, origin, stores, rows, model (JSON, for `rossmann model import`)
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import pandas as pd
from pyarrow import csv
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

HISTORY, FUTURE, STORE = "history", "future", "store"
STORE_COLUMNS = [
    "store_type",
    "assortment",
    "competition_distance",
    "competition_open_since_month",
    "competition_open_since_year",
    "promo2",
    "promo2_since_week",
    "promo2_since_year",
    "promo_interval",
]
DAY_COLUMNS = ["date", "promo", "state_holiday", "school_holiday", "open"]
FORECAST_COLUMNS = ["store_id", "date", "sales", "lower80", "upper80", "lower95", "upper95"]
RESULT = (
    "data_source_id int, cluster int, model_type string, origin string, stores long, rows long, model string,"
    " forecast array<struct<store_id:int,date:string,sales:double,lower80:double,upper80:double,lower95:double,upper95:double>>"
)


def panel_of(spark: SparkSession, export: str, clusters: int) -> DataFrame:
    """History, coming days and stores of all data sources as rows of one table, marked by what they are."""
    read = lambda table: spark.read.parquet(f"{export}/{table}")
    parts = [
        read("fact_sales_daily").withColumn("kind", F.lit(HISTORY)),
        read("known_future").withColumn("kind", F.lit(FUTURE)),
        read("dim_store").withColumn("kind", F.lit(STORE)),
    ]
    whole = parts[0].unionByName(parts[1], allowMissingColumns=True).unionByName(parts[2], allowMissingColumns=True)
    return whole.withColumn("cluster", F.col("store_id") % F.lit(clusters))


def task(root: str, profile: str, seed: int):
    """What one task does with the rows of its part."""

    def run(key, rows: pd.DataFrame) -> pd.DataFrame:
        data_source_id, cluster = (int(value) for value in key)
        with tempfile.TemporaryDirectory(prefix="rossmann-shard-") as name:
            folder = pathlib.Path(name)
            write(rows, HISTORY, ["store_id", *DAY_COLUMNS, "sales", "customers"], folder / "sales.parquet")
            write(rows, FUTURE, ["store_id", *DAY_COLUMNS, "source_row_id"], folder / "future.parquet")
            write(rows, STORE, ["store_id", *STORE_COLUMNS], folder / "stores.parquet")
            command = [
                "node", f"{root}/cli/bin/rossmann.js", "shard",
                "--sales", folder / "sales.parquet", "--stores", folder / "stores.parquet",
                "--future", folder / "future.parquet", "--out", folder / "out",
                "--data-source-id", str(data_source_id), "--profile", profile, "--seed", str(seed),
            ]
            done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
            if done.returncode != 0:
                last = (done.stderr.strip() or "no word from it").splitlines()[-1]
                raise RuntimeError(f"data source {data_source_id}, cluster {cluster}: {last}")
            summary = json.loads((folder / "out" / "summary.json").read_text())
            # Arrow reads every digit of the amounts; the parser of older pandas loses the last one
            forecast = csv.read_csv(folder / "out" / "forecast.csv").to_pandas()
            forecast["date"] = forecast["date"].astype(str)
            return pd.DataFrame(
                {
                    "data_source_id": [data_source_id],
                    "cluster": [cluster],
                    "model_type": [summary["model_type"]],
                    "origin": [summary["origin"]],
                    "stores": [summary["stores"]],
                    "rows": [summary["rows"]],
                    "model": [(folder / "out" / "model.json").read_text()],
                    "forecast": [forecast[FORECAST_COLUMNS].to_dict("records")],
                }
            )

    return run


def write(rows: pd.DataFrame, kind: str, columns: list[str], path: pathlib.Path) -> None:
    rows.loc[rows["kind"] == kind, columns].to_parquet(path, index=False)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--export", required=True)
    words.add_argument("--out", required=True)
    words.add_argument("--clusters", type=int, default=1, help="parts of each data source; default 1")
    words.add_argument("--profile", choices=["quick", "full"], default="quick")
    words.add_argument("--seed", type=int, default=42)
    words.add_argument("--rossmann", default=str(pathlib.Path(__file__).resolve().parent.parent))
    options = words.parse_args()
    if options.clusters < 1:
        words.error(f"--clusters must be 1 or more, got {options.clusters}")

    spark = SparkSession.builder.appName("rossmann forecasts").getOrCreate()
    # one part is minutes of work: small parts must not be put together into one task
    spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", "false")
    panel = panel_of(spark, options.export, options.clusters)
    results = (
        panel.groupBy("data_source_id", "cluster")
        .applyInPandas(task(options.rossmann, options.profile, options.seed), RESULT)
        .cache()
    )
    results.drop("forecast").write.partitionBy("data_source_id").parquet(f"{options.out}/model")
    points = results.select("data_source_id", "cluster", F.explode("forecast").alias("point"))
    (
        points.select("data_source_id", "cluster", "point.*")
        .withColumn("date", F.to_date("date"))
        .write.partitionBy("data_source_id")
        .parquet(f"{options.out}/forecast")
    )
    for row in results.drop("model", "forecast").orderBy("data_source_id", "cluster").collect():
        print(f"data source {row.data_source_id}, cluster {row.cluster}: {row.model_type} from {row.rows} rows of {row.stores} stores")
    spark.stop()


if __name__ == "__main__":
    main()
