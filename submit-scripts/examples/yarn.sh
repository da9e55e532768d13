#!/usr/bin/env bash
# One night's run on YARN: yarn.sh 2026-01-31
#
#   SPARK_HOME       a Spark 3.5 for Scala 2.12
#   HADOOP_CONF_DIR  the cluster's core-site.xml, yarn-site.xml and so on
#   DEEPLOG_JAR      deeplog.jar; on hdfs:// it need not be uploaded every night
#   DEEPLOG_JAVA     Java 17 on the cluster's nodes, if their default is another: /path/to/jdk-17
#   DEEPLOG_QUEUE    default: default
#   DEEPLOG_TRAIN    logs of an ordinary time, to learn from, for example hdfs:///logs/train
#   DEEPLOG_INPUT    the logs to check: one directory a day, DEEPLOG_INPUT/2026-01-31
#   DEEPLOG_OUTPUT   where the tables go
set -euo pipefail

date=${1:?usage: yarn.sh YYYY-MM-DD}
: "${HADOOP_CONF_DIR:?}"

java_home=()
if [ -n "${DEEPLOG_JAVA:-}" ]; then
  java_home=(
    --conf "spark.yarn.appMasterEnv.JAVA_HOME=$DEEPLOG_JAVA"
    --conf "spark.executorEnv.JAVA_HOME=$DEEPLOG_JAVA"
  )
fi

# Cluster mode: the driver runs on YARN and does not depend on this machine; spark-submit waits for it
# and fails if the run fails, but its exit code is then 1, whatever the command's was.
# YARN ends a container that outgrows memory + overhead: the overhead must hold ND4J's native memory
# (maxbytes) and some more for the JVM.
exec "${SPARK_HOME:?}/bin/spark-submit" \
  --master yarn \
  --deploy-mode cluster \
  --queue "${DEEPLOG_QUEUE:-default}" \
  --name "deeplog $date" \
  --driver-memory 4g \
  --num-executors 8 \
  --executor-memory 4g \
  --executor-cores 2 \
  --conf spark.driver.memoryOverhead=3g \
  --conf spark.executor.memoryOverhead=3g \
  --conf 'spark.driver.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=2g -Dorg.bytedeco.javacpp.maxphysicalbytes=0' \
  --conf 'spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=2g -Dorg.bytedeco.javacpp.maxphysicalbytes=0' \
  --conf spark.yarn.appMasterEnv.OMP_NUM_THREADS=1 \
  --conf spark.executorEnv.OMP_NUM_THREADS=1 \
  --conf spark.yarn.maxAppAttempts=1 \
  --conf spark.kryo.registrator=org.nd4j.kryo.Nd4jRegistrator \
  --conf spark.sql.session.timeZone=UTC \
  ${java_home[@]+"${java_home[@]}"} \
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
