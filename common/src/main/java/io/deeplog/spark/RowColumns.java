package io.deeplog.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Takes rows apart into values of Parquet's columns, each with its two levels: at which list of the
 * path a value repeats, and how much of the path is there (Melnik et al., Dremel, VLDB 2010).
 */
final class RowColumns {
  private final Field[] fields;

  /** A field of a row, or what is in a list, a map or a struct. */
  private abstract static class Field {
    /** The level of a value that is there. */
    final int definition;

    private final Field[] inside;

    Field(int definition, Field... inside) {
      this.definition = definition;
      this.inside = inside;
    }

    /**
     * Writes what is at a place of a row or a list, or that nothing is.
     *
     * @param repetition of the first value
     */
    final void write(SpecializedGetters values, int place, int repetition) {
      if (values.isNullAt(place)) {
        none(repetition, definition - 1);
      } else {
        value(values, place, repetition);
      }
    }

    /** Writes what is at a place, which is not null. */
    abstract void value(SpecializedGetters values, int place, int repetition);

    /**
     * Writes that there is no value.
     *
     * @param present level of what there is of the path
     */
    void none(int repetition, int present) {
      for (Field field : inside) {
        field.none(repetition, present);
      }
    }
  }

  /**
   * Columns of rows.
   *
   * @param rows of types that {@link #takes}
   * @param parquet the same, as Spark converts it
   * @param writers of the columns
   */
  RowColumns(
      StructType rows, MessageType parquet, Function<ColumnDescriptor, ColumnWriter> writers) {
    fields = new Builder(parquet, writers).fields(rows, parquet, 0, 0);
  }

  /** Whether values of a type can be written. */
  static boolean takes(DataType type) {
    if (type instanceof ArrayType array) {
      return takes(array.elementType());
    }
    if (type instanceof MapType map) {
      return takes(map.keyType()) && takes(map.valueType());
    }
    if (type instanceof StructType struct) {
      // Parquet has no empty groups.
      return struct.length() > 0
          && Arrays.stream(struct.fields()).map(StructField::dataType).allMatch(RowColumns::takes);
    }
    return type instanceof StringType
        || type instanceof LongType
        || type instanceof TimestampType
        || type instanceof IntegerType
        || type instanceof DoubleType
        || type instanceof BooleanType;
  }

  /** Writes a row. */
  void write(InternalRow row) {
    for (int i = 0; i < fields.length; i++) {
      fields[i].write(row, i, 0);
    }
  }

  /** Follows the two schemas. Levels are those of what a type is in. */
  private static final class Builder {
    private final MessageType parquet;
    private final Function<ColumnDescriptor, ColumnWriter> writers;
    private final List<String> path = new ArrayList<>();

    Builder(MessageType parquet, Function<ColumnDescriptor, ColumnWriter> writers) {
      this.parquet = parquet;
      this.writers = writers;
    }

    Field[] fields(StructType struct, GroupType group, int repetition, int outside) {
      Field[] fields = new Field[struct.length()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = field(struct.apply(i).dataType(), group.getType(i), repetition, outside);
      }
      return fields;
    }

    private Field field(DataType type, Type column, int repetition, int outside) {
      path.add(column.getName());
      int definition = outside + (column.isRepetition(Type.Repetition.REQUIRED) ? 0 : 1);
      Field field;
      if (type instanceof StructType struct) {
        field = struct(definition, fields(struct, column.asGroupType(), repetition, definition));
      } else if (type instanceof ArrayType array) {
        Field[] element = repeated(column, repetition, definition, array.elementType());
        field = list(definition, repetition + 1, element[0]);
      } else if (type instanceof MapType map) {
        Field[] entry = repeated(column, repetition, definition, map.keyType(), map.valueType());
        field = map(definition, repetition + 1, entry[0], entry[1]);
      } else {
        String[] names = path.toArray(new String[0]);
        field = leaf(type, definition, writers.apply(parquet.getColumnDescription(names)));
      }
      path.remove(path.size() - 1);
      return field;
    }

    /** Lists and maps hold a group that repeats, and that their elements are in. */
    private Field[] repeated(Type column, int repetition, int definition, DataType... types) {
      GroupType group = column.asGroupType().getType(0).asGroupType();
      path.add(group.getName());
      Field[] fields = new Field[types.length];
      for (int i = 0; i < types.length; i++) {
        fields[i] = field(types[i], group.getType(i), repetition + 1, definition + 1);
      }
      path.remove(path.size() - 1);
      return fields;
    }
  }

  private static Field struct(int definition, Field... fields) {
    return new Field(definition, fields) {
      @Override
      void value(SpecializedGetters values, int place, int repetition) {
        InternalRow row = values.getStruct(place, fields.length);
        for (int i = 0; i < fields.length; i++) {
          fields[i].write(row, i, repetition);
        }
      }
    };
  }

  private static Field list(int definition, int repeated, Field element) {
    return new Field(definition, element) {
      @Override
      void value(SpecializedGetters values, int place, int repetition) {
        ArrayData array = values.getArray(place);
        if (array.numElements() == 0) {
          none(repetition, definition);
        }
        for (int i = 0; i < array.numElements(); i++) {
          element.write(array, i, i == 0 ? repetition : repeated);
        }
      }
    };
  }

  private static Field map(int definition, int repeated, Field key, Field value) {
    return new Field(definition, key, value) {
      @Override
      void value(SpecializedGetters values, int place, int repetition) {
        MapData map = values.getMap(place);
        if (map.numElements() == 0) {
          none(repetition, definition);
        }
        for (int i = 0; i < map.numElements(); i++) {
          key.write(map.keyArray(), i, i == 0 ? repetition : repeated);
          value.write(map.valueArray(), i, i == 0 ? repetition : repeated);
        }
      }
    };
  }

  /** Writes a value of a type that is no list, map or struct. */
  @FunctionalInterface
  private interface Value {
    void write(SpecializedGetters values, int place, int repetition, int definition);
  }

  private static Field leaf(DataType type, int definition, ColumnWriter writer) {
    Value single = value(type, writer);
    return new Field(definition) {
      @Override
      void value(SpecializedGetters values, int place, int repetition) {
        single.write(values, place, repetition, definition);
      }

      @Override
      void none(int repetition, int present) {
        writer.writeNull(repetition, present);
      }
    };
  }

  private static Value value(DataType type, ColumnWriter writer) {
    if (type instanceof StringType) {
      return (values, i, r, d) -> writer.write(binary(values.getUTF8String(i)), r, d);
    }
    if (type instanceof IntegerType) {
      return (values, i, r, d) -> writer.write(values.getInt(i), r, d);
    }
    if (type instanceof DoubleType) {
      return (values, i, r, d) -> writer.write(values.getDouble(i), r, d);
    }
    if (type instanceof BooleanType) {
      return (values, i, r, d) -> writer.write(values.getBoolean(i), r, d);
    }
    // Times, too: microseconds.
    return (values, i, r, d) -> writer.write(values.getLong(i), r, d);
  }

  /** The bytes where they stand in the row, which is used again. */
  private static Binary binary(UTF8String text) {
    return text.getBaseObject() instanceof byte[] array
        ? Binary.fromReusedByteArray(
            array, (int) (text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET), text.numBytes())
        : Binary.fromConstantByteArray(text.getBytes());
  }
}
