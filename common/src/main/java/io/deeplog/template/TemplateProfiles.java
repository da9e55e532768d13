package io.deeplog.template;

import io.deeplog.spark.Spark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapGroupsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** Profiles of the templates of a log, from those of its parts. */
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
   * @param parts pieces of profiles by the ids of their templates
   * @param templates of the entries
   */
  static Dataset<Row> merged(
      SparkSession spark, JavaRDD<Tuple2<String, byte[]>> parts, List<Template> templates) {
    Broadcast<List<Template>> broadcast = Spark.broadcast(spark, templates);
    return spark
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
