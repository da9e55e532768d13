/** Networks: their configuration, training by parameter averaging over Spark, and their bytes. */
package io.deeplog.nn;
