#!/usr/bin/env bash
# One night's run on Kubernetes: kubernetes.sh 2026-01-31
#
#   SPARK_HOME         a Spark 3.5 for Scala 2.12, on this machine, to submit with
#   DEEPLOG_K8S        the API server: https://HOST:PORT
#   DEEPLOG_IMAGE      an image of Spark 3.5 for Scala 2.12 on Java 17 that holds deeplog.jar, such as
#                        FROM apache/spark:3.5.5-scala2.12-java17-ubuntu
#                        COPY deeplog.jar /opt/deeplog/deeplog.jar
#   DEEPLOG_NAMESPACE  default: default
#   DEEPLOG_ACCOUNT    a service account that may create pods; default: spark
#   DEEPLOG_CLAIM      a persistent volume claim, mounted at /data in driver and executors; more than one
#                      node writes to it (ReadWriteMany)
#   DEEPLOG_TRAIN      logs of an ordinary time, to learn from, for example /data/logs/train
#   DEEPLOG_INPUT      the logs to check: one directory a day, DEEPLOG_INPUT/2026-01-31
#   DEEPLOG_OUTPUT     where the tables go
#
# With an object store in place of the claim, drop the volume settings, put the store's Hadoop connector
# into the image and name s3a:// or the like as paths.
set -euo pipefail

date=${1:?usage: kubernetes.sh YYYY-MM-DD}

# mount ROLE: the claim as /data in driver or executor.
mount() {
  local volume=spark.kubernetes.$1.volumes.persistentVolumeClaim.data
  volumes+=(
    --conf "$volume.mount.path=/data"
    --conf "$volume.mount.readOnly=false"
    --conf "$volume.options.claimName=${DEEPLOG_CLAIM:?}"
  )
}
volumes=()
mount driver
mount executor

# A pod that outgrows memory + overhead is killed: the overhead must hold ND4J's native memory (maxbytes)
# and some more for the JVM. local:// is a file in the image.
exec "${SPARK_HOME:?}/bin/spark-submit" \
  --master "k8s://${DEEPLOG_K8S:?}" \
  --deploy-mode cluster \
  --name "deeplog-$date" \
  --driver-memory 4g \
  --num-executors 8 \
  --executor-memory 4g \
  --executor-cores 2 \
  --conf spark.kubernetes.container.image="${DEEPLOG_IMAGE:?}" \
  --conf spark.kubernetes.namespace="${DEEPLOG_NAMESPACE:-default}" \
  --conf spark.kubernetes.authenticate.driver.serviceAccountName="${DEEPLOG_ACCOUNT:-spark}" \
  "${volumes[@]}" \
  --conf spark.driver.memoryOverhead=3g \
  --conf spark.executor.memoryOverhead=3g \
  --conf 'spark.driver.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=2g -Dorg.bytedeco.javacpp.maxphysicalbytes=0' \
  --conf 'spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=2g -Dorg.bytedeco.javacpp.maxphysicalbytes=0' \
  --conf spark.kubernetes.driverEnv.OMP_NUM_THREADS=1 \
  --conf spark.executorEnv.OMP_NUM_THREADS=1 \
  --conf spark.kryo.registrator=org.nd4j.kryo.Nd4jRegistrator \
  --conf spark.sql.session.timeZone=UTC \
  --class io.deeplog.jobs.Main \
  local:///opt/deeplog/deeplog.jar \
  run \
  --train "${DEEPLOG_TRAIN:?}" \
  --input "${DEEPLOG_INPUT:?}/$date" \
  --format hdfs \
  --session '(blk_-?\d+)' \
  --output "${DEEPLOG_OUTPUT:?}" \
  --table-format parquet \
  --date "$date" \
  --overwrite # a second run of a date replaces the first
