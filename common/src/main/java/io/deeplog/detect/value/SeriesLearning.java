package io.deeplog.detect.value;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.nn.KeyLstm;
import io.deeplog.nn.ValueLstm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Trains the models of the templates of one series. */
record SeriesLearning(
    Map<String, String> templates, int history, boolean networks, int units, int epochs, long seed)
    implements FlatMapGroupsFunction<String, Row, Row> {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double LEARNING_RATE = 0.01;
  private static final int BATCH_SIZE = 32;

  @Override
  public Iterator<Row> call(String series, Iterator<Row> runs) throws JsonProcessingException {
    Map<String, List<ValueSample>> samples = new TreeMap<>();
    runs.forEachRemaining(run -> samples(run, samples));
    List<Row> learned = new ArrayList<>();
    for (Map.Entry<String, List<ValueSample>> group : samples.entrySet()) {
      learned.add(learn(group.getKey(), series, group.getValue()));
    }
    return learned.iterator();
  }

  private Row learn(String templateId, String series, List<ValueSample> samples)
      throws JsonProcessingException {
    String template = templates.get(templateId);
    ValueLearner learner =
        new ValueLearner(TemplateText.of(template), history, networks ? this::train : null);
    ValueLearner.Learned learned = learner.learn(samples);
    return new TemplateValues(
            templateId,
            template,
            series,
            new String(JSON.writeValueAsBytes(learned.model().columns()), StandardCharsets.UTF_8),
            learned.network(),
            learned.note())
        .row();
  }

  /** The entries of a run, each with all of the run before it. */
  private static void samples(Row run, Map<String, List<ValueSample>> samples) {
    List<Row> stored = run.getList(3);
    List<ValueRow> rows =
        stored.stream()
            .map(r -> new ValueRow(r.getDouble(2), r.<String>getList(3).toArray(new String[0])))
            .toList();
    for (int i = run.getInt(2); i < rows.size(); i++) {
      samples
          .computeIfAbsent(stored.get(i).getString(0), k -> new ArrayList<>())
          .add(
              new ValueSample(
                  stored.get(i).getLong(1), run.getLong(1) + i, rows.subList(0, i), rows.get(i)));
    }
  }

  private ValueLearner.Network train(float[][][] steps, float[][] next) {
    ValueLstm lstm =
        new ValueLstm(
            steps[0][0].length,
            next[0].length,
            history,
            units,
            LEARNING_RATE,
            epochs,
            BATCH_SIZE,
            seed);
    MultiLayerNetwork network = lstm.train(steps, next);
    return new ValueLearner.Network(ValueLstm.forward(network), KeyLstm.toBytes(network, false));
  }
}
