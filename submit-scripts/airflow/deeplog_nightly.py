"""DeepLog every night, as an Airflow DAG: copy this file into the DAGs folder.

Needs the provider package ``apache-airflow-providers-apache-spark``, a Spark 3.5 for Scala 2.12 on the
workers, and

* a connection ``spark_default`` that names the master (its deploy mode too: on ``cluster``, the paths and
  the jar must be visible to the cluster);
* the Variables

  ===================  ==========================================================================
  ``deeplog_jar``      the application jar, ``deeplog.jar``
  ``deeplog_train``    logs of an ordinary time, to learn from
  ``deeplog_input``    the logs to check, one directory a day: ``deeplog_input``/2026-01-31
  ``deeplog_output``   where the tables go
  ``deeplog_format``   optional: ``hdfs`` (the default), ``syslog``, ``log4j`` or a pattern such as
                       ``<Date> <Time> <Level>: <Content>``
  ``deeplog_session``  optional: the regular expression of a session's name; default: HDFS block ids
  ===================  ==========================================================================

The run of a day starts at 01:30 UTC of the day after, when its logs are complete. ``--overwrite`` replaces
what that date has in the tables, and nothing else: a retry, or clearing a past task, gives the same
tables as one run. Past days: a backfill over their dates.
"""

from datetime import datetime, timedelta, timezone

from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.timetables.interval import CronDataIntervalTimetable

# ND4J's arrays live outside the heap: the overhead must hold them (maxbytes) and some more for the JVM.
NATIVE_MEMORY = "-Dorg.bytedeco.javacpp.maxbytes=2g -Dorg.bytedeco.javacpp.maxphysicalbytes=0"

with DAG(
    dag_id="deeplog_nightly",
    description="Finds anomalous lines, sessions and values in the day's logs",
    # By name, as Airflow 3 reads a cron string otherwise: {{ ds }} is the day that has just ended.
    schedule=CronDataIntervalTimetable("30 1 * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    # Two days at once would write to the same tables.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
    doc_md=__doc__,
    tags=["deeplog"],
):
    SparkSubmitOperator(
        task_id="run",
        conn_id="spark_default",
        name="deeplog {{ ds }}",
        application="{{ var.value.deeplog_jar }}",
        java_class="io.deeplog.jobs.Main",
        driver_memory="4g",
        executor_memory="4g",
        executor_cores=2,
        num_executors=8,
        conf={
            "spark.driver.memoryOverhead": "3g",
            "spark.executor.memoryOverhead": "3g",
            "spark.driver.extraJavaOptions": NATIVE_MEMORY,
            "spark.executor.extraJavaOptions": NATIVE_MEMORY,
            # One thread a task: Spark uses every core already, and repeatable training needs it.
            "spark.executorEnv.OMP_NUM_THREADS": "1",
            "spark.kryo.registrator": "org.nd4j.kryo.Nd4jRegistrator",
            "spark.sql.session.timeZone": "UTC",
        },
        # The driver's. (The operator refuses it for one mode only, a standalone cluster's cluster mode.)
        env_vars={"OMP_NUM_THREADS": "1"},
        application_args=[
            "run",
            "--train", "{{ var.value.deeplog_train }}",
            "--input", "{{ var.value.deeplog_input }}/{{ ds }}",
            "--format", "{{ var.value.get('deeplog_format', 'hdfs') }}",
            "--session", "{{ var.value.get('deeplog_session', '(blk_-?[0-9]+)') }}",
            "--output", "{{ var.value.deeplog_output }}",
            "--table-format", "parquet",
            "--date", "{{ ds }}",
            "--overwrite",
        ],
    )
