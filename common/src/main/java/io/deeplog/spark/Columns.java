package io.deeplog.spark;

import io.deeplog.UserException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** A stage's columns: their checks and values. */
public final class Columns {
  private Columns() {}

  /**
   * A schema with a stage's outputs appended.
   *
   * @throws UserException when the input is missing or an output is there already
   */
  public static StructType append(StructType schema, String input, StructField... outputs) {
    List<String> names = Arrays.asList(schema.fieldNames());
    if (!names.contains(input)) {
      throw UserException.input(
          "no column '" + input + "' (there are " + String.join(", ", names) + ")");
    }
    StructType result = schema;
    for (StructField output : outputs) {
      if (names.contains(output.name())) {
        throw UserException.input(
            "column '" + output.name() + "' is there already (rename it, or the stage's output)");
      }
      result = result.add(output);
    }
    return result;
  }

  /** The integers of an array column. */
  public static int[] ints(Row row, int column) {
    List<Integer> list = row.getList(column);
    int[] result = new int[list.size()];
    int i = 0;
    for (int value : list) {
      result[i++] = value;
    }
    return result;
  }

  /**
   * What a method gives for a column's value as Spark itself holds it, which saves the conversions
   * of a user-defined function; null where the value is.
   *
   * @param object shipped to the executors; of a public class, since generated code calls it
   * @param method its public method, without overloads
   * @param outcome type of what it returns as Spark holds it, or null
   */
  public static Column invoked(Object object, String method, DataType outcome, Column argument) {
    return new Column(
        new Invoke(
            Literal.fromObject(object),
            method,
            outcome,
            seq(List.of(argument.expr())),
            seq(List.of()),
            true,
            true,
            true));
  }

  private static <T> Seq<T> seq(List<T> items) {
    return JavaConverters.asScalaBuffer(items).toSeq();
  }
}
