package io.deeplog.spark.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Takes the rows of a group apart into the values of its columns. */
final class RowColumns {
  private final Field[] fields;
  private final List<ColumnPages> columns = new ArrayList<>();

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
    final void write(SpecializedGetters values, int place, int repetition) throws IOException {
      if (values.isNullAt(place)) {
        none(repetition, definition - 1);
      } else {
        value(values, place, repetition);
      }
    }

    /** Writes what is at a place, which is not null. */
    abstract void value(SpecializedGetters values, int place, int repetition) throws IOException;

    /**
     * Writes that there is no value.
     *
     * @param outside the level of what there is of the path
     */
    void none(int repetition, int outside) {
      for (Field field : inside) {
        field.none(repetition, outside);
      }
    }
  }

  /**
   * Columns of rows.
   *
   * @param rows of types that {@link #takes}
   * @param parquet the same, as Spark converts it
   * @param pages of the group
   */
  RowColumns(
      StructType rows, MessageType parquet, PageWriteStore pages, ParquetProperties properties) {
    fields = new Builder(parquet, pages, properties).fields(rows, parquet, 0, 0);
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
    return type instanceof StringType || type instanceof LongType || type instanceof TimestampType;
  }

  /** Writes a row. */
  void write(InternalRow row) throws IOException {
    for (int i = 0; i < fields.length; i++) {
      fields[i].write(row, i, 0);
    }
  }

  /** Hands on the pages that are full. */
  void endFullPages() throws IOException {
    for (ColumnPages column : columns) {
      column.endFullPage();
    }
  }

  /** Hands on all that is left. */
  void end() throws IOException {
    for (ColumnPages column : columns) {
      column.end();
    }
  }

  /** Bytes that are held for the group. */
  long held() {
    return columns.stream().mapToLong(ColumnPages::held).sum();
  }

  /** Follows the two schemas. Levels are those of what a type is in. */
  private final class Builder {
    private final MessageType parquet;
    private final PageWriteStore pages;
    private final ParquetProperties properties;
    private final List<String> path = new ArrayList<>();

    Builder(MessageType parquet, PageWriteStore pages, ParquetProperties properties) {
      this.parquet = parquet;
      this.pages = pages;
      this.properties = properties;
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
        ColumnDescriptor descriptor = parquet.getColumnDescription(path.toArray(new String[0]));
        PageWriter out = pages.getPageWriter(descriptor);
        if (type instanceof StringType) {
          TextPages texts = new TextPages(descriptor, out, properties);
          columns.add(texts);
          field = text(definition, texts);
        } else {
          LongPages numbers = new LongPages(descriptor, out, properties);
          columns.add(numbers);
          field = number(definition, numbers);
        }
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
      void value(SpecializedGetters values, int place, int repetition) throws IOException {
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
      void value(SpecializedGetters values, int place, int repetition) throws IOException {
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
      void value(SpecializedGetters values, int place, int repetition) throws IOException {
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

  private static Field text(int definition, TextPages texts) {
    return new Field(definition) {
      @Override
      void value(SpecializedGetters values, int place, int repetition) throws IOException {
        UTF8String text = values.getUTF8String(place);
        if (text.getBaseObject() instanceof byte[] array) {
          int start = (int) (text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
          texts.add(array, start, text.numBytes(), repetition, definition);
        } else {
          texts.add(text.getBytes(), 0, text.numBytes(), repetition, definition);
        }
      }

      @Override
      void none(int repetition, int outside) {
        texts.none(repetition, outside);
      }
    };
  }

  private static Field number(int definition, LongPages numbers) {
    return new Field(definition) {
      @Override
      void value(SpecializedGetters values, int place, int repetition) {
        numbers.add(values.getLong(place), repetition, definition);
      }

      @Override
      void none(int repetition, int outside) {
        numbers.none(repetition, outside);
      }
    };
  }
}
