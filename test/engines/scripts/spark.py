"""Makes the tables in Spark, with two workers of their own processes, and prints the rows and the time of each question."""

import json
import os
import sys
import time

import pyspark
from pyspark.sql import SparkSession

task = json.load(sys.stdin)
out, folder = os.dup(1), task["folder"]
# Spark's processes print to standard output too.
os.dup2(2, 1)
# Workers keep their files in the folder of Spark, so it gets one for this run.
home, installed = f"{folder}/spark", os.path.dirname(pyspark.__file__)
os.mkdir(home)
for name in ["bin", "jars", "python"]:
    if os.path.exists(f"{installed}/{name}"):
        os.symlink(f"{installed}/{name}", f"{home}/{name}")
os.environ.update(
    SPARK_HOME=home,
    PYSPARK_PYTHON=sys.executable,
    SPARK_LOCAL_IP="127.0.0.1",
    SPARK_LOCAL_DIRS=f"{folder}/local",
)
java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" if task["isBrief"] else ""
settings = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "768m",
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": java,
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.warehouse.dir": f"{folder}/warehouse",
    "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder}/derby {java}",
    "spark.sql.catalogImplementation": "in-memory" if task["isBrief"] else "hive",
}
if task["isBrief"]:
    # To compile code for each question takes longer than to answer it from a few rows.
    settings |= {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
    }
builder = SparkSession.builder.master("local-cluster[2,1,512]")
for name, value in settings.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
for statement in task["statements"]:
    spark.sql(statement)
spark.sql("USE ssm_archive")
answers, seconds = [], []
for question in task["questions"]:
    begin = time.perf_counter()
    rows = spark.sql(question).collect()
    seconds.append(time.perf_counter() - begin)
    answers.append([list(row) for row in rows])
executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
spark.stop()
os.write(out, json.dumps({"executors": executors, "answers": answers, "seconds": seconds}).encode())
