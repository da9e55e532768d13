package io.deeplog.template;

import io.deeplog.spark.Spark;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.functions;

/**
 * Learns templates from content on Spark: masks, counts equal masked lines, and mines every group
 * of lines with one number of tokens in the order of their text. The templates are the same
 * whatever the partitioning, and equal to those of one miner that sees all lines.
 */
final class TemplateLearner {
  private TemplateLearner() {}

  /**
   * Learns the templates of the lines that no known template fits.
   *
   * @param content of the lines, without nulls
   * @param known templates learned before
   * @return the new templates, in the order of their text
   */
  static List<Template> learn(
      Dataset<String> content, List<Template> known, DrainMiner.Options options) {
    Dataset<MaskedLine> lines =
        content
            .mapPartitions(new Mask(), Encoders.STRING())
            .groupBy(functions.col("value").as("masked"))
            .count()
            .as(MaskedLine.ENCODER);
    if (!known.isEmpty()) {
      Broadcast<List<Template>> broadcast = Spark.broadcast(content.sparkSession(), known);
      lines = lines.filter(new Unknown(broadcast));
    }
    return lines
        .groupByKey(new TokenCount(), Encoders.INT())
        .flatMapSortedGroups(
            new Column[] {functions.col("masked")}, new Mine(options), Encoders.STRING())
        .distinct()
        .collectAsList()
        .stream()
        .sorted()
        .map(Template::of)
        .toList();
  }

  private static final class Mask implements MapPartitionsFunction<String, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<String> call(Iterator<String> content) {
      Masker masker = new Masker();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return content.hasNext();
        }

        @Override
        public String next() {
          return masker.mask(content.next());
        }
      };
    }
  }

  private static final class Unknown implements FilterFunction<MaskedLine> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<Template>> known;
    private transient TemplateMatcher matcher;

    Unknown(Broadcast<List<Template>> known) {
      this.known = known;
    }

    @Override
    public boolean call(MaskedLine line) {
      if (matcher == null) {
        matcher = new TemplateMatcher(known.value());
      }
      return !matcher.matchesMasked(line.getMasked());
    }
  }

  private static final class TokenCount implements MapFunction<MaskedLine, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer call(MaskedLine line) {
      return Tokens.split(line.getMasked()).size();
    }
  }

  private static final class Mine implements FlatMapGroupsFunction<Integer, MaskedLine, String> {
    private static final long serialVersionUID = 1L;
    private final DrainMiner.Options options;

    Mine(DrainMiner.Options options) {
      this.options = options;
    }

    @Override
    public Iterator<String> call(Integer tokens, Iterator<MaskedLine> lines) {
      TemplateMiner miner = new DrainMiner(options);
      lines.forEachRemaining(line -> miner.add(line.getMasked(), line.getCount()));
      return miner.templates().iterator();
    }
  }
}
