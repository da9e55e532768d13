package io.deeplog.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Entries as Spark holds its rows: made here at once, they cost half of what a bean and its encoder
 * do. Not for use by several threads.
 */
final class EntryRows {
  /** Of every entry, accepted or rejected. */
  static final StructType SCHEMA =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("offset", DataTypes.LongType, false)
          .add("micros", DataTypes.LongType)
          .add("level", DataTypes.StringType)
          .add("component", DataTypes.StringType)
          .add("host", DataTypes.StringType)
          .add("pid", DataTypes.StringType)
          .add("fields", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
          .add("content", DataTypes.StringType)
          .add("line", DataTypes.StringType)
          .add("reason", DataTypes.StringType);

  /** Of the accepted ones, as much as templates are learned from. */
  static final StructType CONTENT_SCHEMA =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("offset", DataTypes.LongType, false)
          .add("content", DataTypes.StringType);

  private final Repeated source = new Repeated();
  private final Repeated level = new Repeated();
  private final Repeated component = new Repeated();
  private final Repeated host = new Repeated();

  /** A text that is often the same as in the row before. */
  private static final class Repeated {
    private String last;
    private UTF8String encoded;

    UTF8String of(String text) {
      if (text == null) {
        return null;
      }
      if (!text.equals(last)) {
        last = text;
        encoded = UTF8String.fromString(text);
      }
      return encoded;
    }
  }

  /** The row of {@link #SCHEMA}. */
  InternalRow row(RawLine line) {
    return new GenericInternalRow(
        new Object[] {
          source.of(line.getSource()),
          line.getOffset(),
          line.getMicros(),
          level.of(line.getLevel()),
          component.of(line.getComponent()),
          host.of(line.getHost()),
          UTF8String.fromString(line.getPid()),
          map(line.getFields()),
          UTF8String.fromString(line.getContent()),
          UTF8String.fromString(line.getLine()),
          UTF8String.fromString(line.getReason())
        });
  }

  /** The row of {@link #CONTENT_SCHEMA} of an accepted line. */
  InternalRow content(RawLine line) {
    return new GenericInternalRow(
        new Object[] {
          source.of(line.getSource()), line.getOffset(), UTF8String.fromString(line.getContent())
        });
  }

  private static ArrayBasedMapData map(Map<String, String> fields) {
    if (fields == null) {
      return null;
    }
    List<UTF8String> names = new ArrayList<>(fields.size());
    List<UTF8String> values = new ArrayList<>(fields.size());
    fields.forEach(
        (name, value) -> {
          names.add(UTF8String.fromString(name));
          values.add(UTF8String.fromString(value));
        });
    return new ArrayBasedMapData(
        new GenericArrayData(names.toArray()), new GenericArrayData(values.toArray()));
  }
}
