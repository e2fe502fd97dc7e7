"""A job on a Spark cluster: computes pi, then writes a table into the shared folder and reads it back."""

import os
import random

from pyspark.sql import SparkSession

POINTS = 100_000
PARTS = 4


def inside(seed):
    """How many of so many random points of a square are in the circle within it."""
    generator = random.Random(seed)
    return sum(generator.random() ** 2 + generator.random() ** 2 < 1 for _ in range(POINTS))


spark = SparkSession.builder.appName("pi").getOrCreate()
hits = spark.sparkContext.parallelize(range(PARTS), PARTS).map(inside).sum()
print(f"Pi is roughly {4 * hits / (POINTS * PARTS):.3f}")

table = os.environ["CDSW_SHARED_FOLDER"] + "/numbers"
spark.range(1000).repartition(PARTS).write.mode("overwrite").csv(table)
print(f"Wrote 1000 rows and read {spark.read.csv(table).count()} back from {table}")
spark.stop()
