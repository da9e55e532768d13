package io.deeplog.template;

import io.deeplog.spark.Spark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapGroupsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/** Profiles of the templates of a log, in one pass over its entries. */
final class TemplateProfiles {
  private static final StructType PARAMETER =
      new StructType()
          .add("type", DataTypes.StringType)
          .add("share", DataTypes.DoubleType)
          .add("distinct", DataTypes.LongType)
          .add("exact", DataTypes.BooleanType)
          .add("examples", DataTypes.createArrayType(DataTypes.StringType));

  private static final StructType SCHEMA =
      new StructType()
          .add("template_id", DataTypes.StringType)
          .add("count", DataTypes.LongType)
          .add("first_micros", DataTypes.LongType)
          .add("last_micros", DataTypes.LongType)
          .add("example", DataTypes.StringType)
          .add("parameters", DataTypes.createArrayType(PARAMETER));

  private TemplateProfiles() {}

  /**
   * A row for every template with a line: {@code template_id, count, first_micros, last_micros,
   * example, parameters}.
   *
   * @param entries with {@code source, offset, template_id, params} and the timestamp {@code ts}
   * @param templates of the entries
   */
  static Dataset<Row> of(Dataset<Row> entries, List<Template> templates) {
    Broadcast<List<Template>> broadcast = Spark.broadcast(entries.sparkSession(), templates);
    // As Spark holds them: of most values no more than a hash is needed. In the order of the table,
    // and nothing computed, so that columns can be read where they are.
    Dataset<Row> columns = entries.select("source", "offset", "ts", "template_id", "params");
    JavaRDD<Tuple2<String, byte[]>> parts = Spark.rows(columns).mapPartitions(new Collect());
    return entries
        .sparkSession()
        .createDataset(parts.rdd(), Encoders.tuple(Encoders.STRING(), Encoders.BINARY()))
        .groupByKey(new Id(), Encoders.STRING())
        .mapGroups(new Merge(broadcast), Encoders.row(SCHEMA));
  }

  /** The unit of a wildcard's numbers: told by the template's text behind it. */
  static ParamType typeWithUnit(ParamType type, String behind) {
    if (!type.isNumber()) {
      return type;
    }
    int start = behind.startsWith(" ") ? 1 : 0;
    int end = start;
    while (end < behind.length() && Character.isLetter(behind.charAt(end))) {
      end++;
    }
    // A single letter behind a blank is rather a name than a unit.
    boolean word = end == behind.length() || !Characters.isWordPart(behind.charAt(end));
    if (!word || end - start < 1 + start) {
      return type;
    }
    Quantity quantity = Quantity.of("1" + behind.substring(start, end));
    return quantity == null
        ? type
        : switch (quantity.kind()) {
          case DURATION -> ParamType.DURATION;
          case SIZE -> ParamType.SIZE;
          case NUMBER -> type;
        };
  }

  /** Profiles of a part of the entries; what is held is bounded, a template may come out twice. */
  private static final class Collect
      implements FlatMapFunction<Iterator<InternalRow>, Tuple2<String, byte[]>> {
    private static final long serialVersionUID = 1L;

    private static final int SOURCE = 0;
    private static final int OFFSET = 1;
    private static final int MICROS = 2;
    private static final int TEMPLATE = 3;
    private static final int PARAMS = 4;

    /** Hashes kept at once: some tens of megabytes. */
    private static final int BUDGET = 2_000_000;

    /** About what a profile takes beside its hashes. */
    private static final int PROFILE = 32;

    @Override
    public Iterator<Tuple2<String, byte[]>> call(Iterator<InternalRow> entries) {
      ParamType.Scan scan = new ParamType.Scan();
      return new Iterator<>() {
        private Iterator<Map.Entry<UTF8String, TemplateProfile>> ready =
            Map.<UTF8String, TemplateProfile>of().entrySet().iterator();

        @Override
        public boolean hasNext() {
          if (!ready.hasNext() && entries.hasNext()) {
            ready = collect(entries, scan).entrySet().iterator();
          }
          return ready.hasNext();
        }

        @Override
        public Tuple2<String, byte[]> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          Map.Entry<UTF8String, TemplateProfile> profile = ready.next();
          return new Tuple2<>(profile.getKey().toString(), profile.getValue().bytes());
        }
      };
    }

    private static Map<UTF8String, TemplateProfile> collect(
        Iterator<InternalRow> entries, ParamType.Scan scan) {
      Map<UTF8String, TemplateProfile> profiles = new HashMap<>();
      Utf8Slices values = new Utf8Slices();
      UTF8String source = UTF8String.EMPTY_UTF8;
      String sourceText = "";
      long held = 0;
      while (held < BUDGET && entries.hasNext()) {
        InternalRow entry = entries.next();
        if (entry.isNullAt(TEMPLATE)) {
          continue;
        }
        UTF8String id = entry.getUTF8String(TEMPLATE);
        TemplateProfile profile = profiles.get(id);
        if (profile == null) {
          profile = new TemplateProfile();
          profiles.put(id.clone(), profile);
          held += PROFILE;
        }
        if (!source.equals(entry.getUTF8String(SOURCE))) {
          source = entry.getUTF8String(SOURCE).clone();
          sourceText = source.toString();
        }
        ArrayData params = entry.getArray(PARAMS);
        values.clear();
        for (int i = 0; i < params.numElements(); i++) {
          add(params.getUTF8String(i), values);
        }
        held +=
            profile.add(
                sourceText,
                entry.getLong(OFFSET),
                entry.isNullAt(MICROS) ? null : entry.getLong(MICROS),
                values,
                scan);
      }
      return profiles;
    }
  }

  /** Adds a value, without copying it where rows are arrays. */
  private static void add(UTF8String value, Utf8Slices values) {
    if (value.getBaseObject() instanceof byte[] array) {
      int start = (int) (value.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
      values.add(array, start, value.numBytes());
    } else {
      byte[] bytes = value.getBytes();
      values.add(bytes, 0, bytes.length);
    }
  }

  private static final class Id implements MapFunction<Tuple2<String, byte[]>, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String call(Tuple2<String, byte[]> profile) {
      return profile._1();
    }
  }

  private static final class Merge
      implements MapGroupsFunction<String, Tuple2<String, byte[]>, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<Template>> templates;
    private transient Map<String, Template> byId;

    Merge(Broadcast<List<Template>> templates) {
      this.templates = templates;
    }

    @Override
    public Row call(String id, Iterator<Tuple2<String, byte[]>> parts) {
      if (byId == null) {
        byId = new HashMap<>();
        templates.value().forEach(template -> byId.put(template.id(), template));
      }
      TemplateProfile profile = TemplateProfile.read(parts.next()._2());
      while (parts.hasNext()) {
        profile.merge(TemplateProfile.read(parts.next()._2()));
      }
      Template template = byId.get(id);
      List<Row> parameters = new ArrayList<>();
      int behind = 0;
      for (ParamProfile param : profile.params()) {
        behind = template.text().indexOf(Masker.WILDCARD, behind) + Masker.WILDCARD.length();
        parameters.add(
            RowFactory.create(
                typeWithUnit(param.type(), template.text().substring(behind)).key(),
                param.share(),
                param.distinct(),
                param.isExact(),
                param.examples().toArray(new String[0])));
      }
      return RowFactory.create(
          id,
          profile.count(),
          profile.first(),
          profile.last(),
          template.fill(profile.firstParams()),
          parameters.toArray(new Row[0]));
    }
  }
}
