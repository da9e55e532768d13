#!/usr/bin/env bash
# One night's run on a standalone cluster: standalone.sh 2026-01-31
#
# For an edge node that has Spark and deeplog.jar, and no sources. The paths must be visible to the
# driver and to every worker: a shared file system, or hdfs:// and the like.
#
#   SPARK_HOME      a Spark 3.5 for Scala 2.12, on Java 17
#   DEEPLOG_JAR     deeplog.jar
#   DEEPLOG_MASTER  spark://HOST:7077
#   DEEPLOG_TRAIN   logs of an ordinary time, to learn from
#   DEEPLOG_INPUT   the logs to check: one directory a day, DEEPLOG_INPUT/2026-01-31
#   DEEPLOG_OUTPUT  where the tables go
set -euo pipefail

date=${1:?usage: standalone.sh YYYY-MM-DD}

# Client mode: the driver is this process, its exit code the command's.
# Native memory, where ND4J keeps its arrays, is not part of the heap: a worker's machine needs
# executor-memory + 4g for each executor. One OpenMP thread a task: Spark uses every core already.
export OMP_NUM_THREADS=1
exec "${SPARK_HOME:?}/bin/spark-submit" \
  --master "${DEEPLOG_MASTER:?}" \
  --name "deeplog $date" \
  --driver-memory 4g \
  --executor-memory 4g \
  --executor-cores 2 \
  --total-executor-cores 8 \
  --driver-java-options '-Dorg.bytedeco.javacpp.maxbytes=4g -Dorg.bytedeco.javacpp.maxphysicalbytes=0' \
  --conf 'spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=4g -Dorg.bytedeco.javacpp.maxphysicalbytes=0' \
  --conf spark.executorEnv.OMP_NUM_THREADS=1 \
  --conf spark.kryo.registrator=org.nd4j.kryo.Nd4jRegistrator \
  --conf spark.sql.session.timeZone=UTC \
  --class io.deeplog.jobs.Main \
  "${DEEPLOG_JAR:?}" \
  run \
  --train "${DEEPLOG_TRAIN:?}" \
  --input "${DEEPLOG_INPUT:?}/$date" \
  --format hdfs \
  --session '(blk_-?\d+)' \
  --output "${DEEPLOG_OUTPUT:?}" \
  --table-format parquet \
  --date "$date" \
  --overwrite # a second run of a date replaces the first
