package io.deeplog.jobs.options;

import io.deeplog.UserException;
import io.deeplog.detect.Detector;
import io.deeplog.detect.count.CountDetector;
import io.deeplog.detect.count.InvariantsDetector;
import io.deeplog.detect.count.IsolationForestDetector;
import io.deeplog.detect.count.LabelledDetector;
import io.deeplog.detect.count.LogClusteringDetector;
import io.deeplog.detect.nearest.CountDistanceDetector;
import io.deeplog.detect.path.NgramDetector;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.path.PathRule;
import io.deeplog.detect.rules.BigramDetector;
import io.deeplog.detect.rules.LengthDetector;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.detect.value.ValueDetector;
import io.deeplog.detect.value.ValueInterval;
import io.deeplog.model.Detectors;
import io.deeplog.nn.AveragingTrainer;
import io.deeplog.nn.KeyLstm;
import io.deeplog.sequence.HeldOut;
import io.deeplog.verdict.Anomalies;
import io.deeplog.verdict.Combine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kohsuke.args4j.Option;

/** How the detectors are trained and decide. */
public final class TrainingOptions implements OptionGroup {
  /** The history that is the whole session. */
  private static final String SESSION = "session";

  /** Those of the detectors of event counts, a group of their own. */
  public final CountDetectorOptions counts = new CountDetectorOptions();

  private static final String JUDGE = "judge";
  private static final String FLAG = "flag";

  @Option(
      name = Flags.HISTORY,
      metaVar = "H",
      usage = "log keys that the network looks back: a number (h), or session for all of them")
  public String history = SESSION;

  @Option(
      name = Flags.CELL,
      metaVar = "CELL",
      usage =
          "kind of the network's layers: lstm, graves-lstm (with peepholes) or simple-rnn (without"
              + " gates)")
  public String cell = KeyLstm.Cell.LSTM.id();

  @Option(name = Flags.LAYERS, metaVar = "N", usage = "stacked LSTM layers")
  public int layers = PathDetector.LAYERS;

  @Option(name = Flags.UNITS, metaVar = "N", usage = "memory units of a layer")
  public int units = PathDetector.UNITS;

  @Option(
      name = Flags.LEARNING_RATE,
      metaVar = "X",
      usage = "learning rate of Adam at the start; it falls to zero")
  public double learningRate = PathDetector.LEARNING_RATE;

  @Option(name = Flags.EPOCHS, metaVar = "N", usage = "most epochs")
  public int epochs = PathDetector.EPOCHS;

  @Option(
      name = Flags.PATIENCE,
      metaVar = "N",
      usage = "epochs without a better validation loss before training stops")
  public int patience = PathDetector.PATIENCE;

  @Option(name = Flags.BATCH_SIZE, metaVar = "N", usage = "rows of a batch")
  public int batchSize = PathDetector.BATCH_SIZE;

  @Option(
      name = Flags.WORKERS,
      metaVar = "N",
      usage =
          "workers that train side by side; one and two give the same result, and more of them too"
              + " where there is little to learn from")
  public int workers = PathDetector.WORKERS;

  @Option(
      name = Flags.AVERAGING_FREQUENCY,
      metaVar = "N",
      usage = "batches a replica of the network trains between two averages")
  public int averagingFrequency = PathDetector.AVERAGING_FREQUENCY;

  @Option(
      name = Flags.VALIDATION,
      metaVar = "X",
      usage = "share of the sessions held out for early stop and thresholds")
  public double validation = PathDetector.VALIDATION_SHARE;

  @Option(
      name = Flags.VALIDATION_ORDER,
      metaVar = "HOW",
      usage =
          "which sessions are held out: the last ones, or random ones, which flatters the thresholds"
              + " where sessions of one time are alike")
  public String validationOrder = HeldOut.Order.LAST.id();

  @Option(
      name = Flags.CROSS_FIT,
      usage =
          "choose when a log key is abnormal by two more networks too, each trained on one half of"
              + " the sessions and judging the other, not by the held-out sessions alone")
  public boolean crossFit;

  @Option(name = Flags.SEED, metaVar = "N", usage = "seed of weights, order and held-out sessions")
  public long seed = 1;

  @Option(name = Flags.RESUME, usage = "go on with an interrupted training of the same input")
  public boolean resume;

  @Option(
      name = Flags.RULE,
      metaVar = "RULE",
      usage = "when a log key is abnormal: top-g, probability, either or argmax")
  public String rule = PathRule.EITHER.id();

  @Option(
      name = Flags.TOP_G,
      metaVar = "G",
      usage =
          "log keys that are normal at a place (g); default: chosen on normal sessions that were not"
              + " trained on, for "
              + Flags.FALSE_ALARMS)
  public Integer topG;

  @Option(
      name = Flags.SHORT_SESSIONS,
      metaVar = "HOW",
      usage =
          "sessions of fewer log keys than the history: judge them, or flag them all, as popular"
              + " programs do (for comparison; with "
              + Flags.HISTORY
              + " H)")
  public String shortSessions = JUDGE;

  @Option(
      name = Flags.FALSE_ALARMS,
      metaVar = "X",
      usage = "share of normal sessions that a detector may flag; sets its threshold")
  public double falseAlarms = 0.001;

  @Option(
      name = Flags.VALUES,
      usage = "learn the values of templates too: parameters and time gaps")
  public boolean values;

  @Option(
      name = Flags.VALUE_INTERVAL,
      metaVar = "NAME",
      usage =
          "when a value is abnormal: tail (for the share of false alarms), or outside the Gaussian"
              + " interval of 98, 99 or 99.9 % of the validation errors, as in the paper; what is"
              + " outside that of 98 % is for review")
  public String valueInterval = "tail";

  @Option(
      name = Flags.NGRAM_HISTORY,
      metaVar = "N",
      usage = "log keys that the n-gram model looks back")
  public int ngramHistory = 3;

  @Option(
      name = Flags.COMBINE,
      metaVar = "HOW",
      usage = "how detectors become a verdict: weighted, any, all or cascade")
  public String combine = Combine.WEIGHTED.id();

  @Option(
      name = Flags.DETECTORS,
      metaVar = "A,B,...",
      usage = "detectors to train, or auto: by sessions, labels and amount of the data")
  public String detectors = DetectorChoice.DEFAULT;

  @Option(
      name = Flags.TRAIN_LABELS,
      metaVar = "FILE",
      usage =
          "CSV of session and label of the training logs; anomalous sessions are kept from the"
              + " detectors that learn what is normal, and given to those that learn from labels")
  public String trainLabels;

  @Override
  public String heading() {
    return "Training and detection";
  }

  @Override
  public void validate() {
    OptionGroup.require(
        SESSION.equals(history) || history.matches("[1-9][0-9]{0,8}"),
        Flags.HISTORY,
        history,
        "1 or more, or " + SESSION);
    OptionGroup.require(
        JUDGE.equals(shortSessions) || FLAG.equals(shortSessions),
        Flags.SHORT_SESSIONS,
        shortSessions,
        JUDGE + " or " + FLAG);
    OptionGroup.require(
        ValueInterval.isName(valueInterval),
        Flags.VALUE_INTERVAL,
        valueInterval,
        ValueInterval.names());
    if (FLAG.equals(shortSessions) && SESSION.equals(history)) {
      throw UserException.usage(
          "no session is shorter than the whole session (give "
              + Flags.HISTORY
              + " H with "
              + Flags.SHORT_SESSIONS
              + " flag)");
    }
    atLeastOne(Flags.LAYERS, layers);
    atLeastOne(Flags.UNITS, units);
    atLeastOne(Flags.EPOCHS, epochs);
    atLeastOne(Flags.PATIENCE, patience);
    atLeastOne(Flags.BATCH_SIZE, batchSize);
    atLeastOne(Flags.WORKERS, workers);
    atLeastOne(Flags.AVERAGING_FREQUENCY, averagingFrequency);
    if (topG != null) {
      atLeastOne(Flags.TOP_G, topG);
    }
    OptionGroup.require(Flags.VALIDATION_ORDER, () -> HeldOut.Order.of(validationOrder));
    OptionGroup.require(
        learningRate > 0 && learningRate < 1, Flags.LEARNING_RATE, learningRate, "0 to 1");
    OptionGroup.require(
        validation >= 0 && validation <= 0.9, Flags.VALIDATION, validation, "0 to 0.9");
    OptionGroup.requireShare(Flags.FALSE_ALARMS, falseAlarms);
    OptionGroup.require(ngramHistory >= 0, Flags.NGRAM_HISTORY, ngramHistory, "0 or more");
    OptionGroup.require(Flags.COMBINE, () -> Combine.of(combine));
    OptionGroup.require(Flags.CELL, () -> KeyLstm.Cell.of(cell));
    OptionGroup.require(Flags.RULE, () -> PathRule.of(rule));
    OptionGroup.require(Flags.DETECTORS, () -> choice(DetectorChoice.auto(0, false, false)));
  }

  private static void atLeastOne(String option, int value) {
    OptionGroup.require(value >= 1, option, value, "1 or more");
  }

  private int historyLength() {
    return SESSION.equals(history) ? KeyLstm.WHOLE_SESSION : Integer.parseInt(history);
  }

  /** A path detector of these settings. */
  public PathDetector pathDetector() {
    PathDetector detector = new PathDetector();
    if (topG != null) {
      detector.setTopG(topG);
    }
    return detector
        .setHistory(historyLength())
        .setCell(cell)
        .setLayers(layers)
        .setUnits(units)
        .setLearningRate(learningRate)
        .setEpochs(epochs)
        .setPatience(patience)
        .setBatchSize(batchSize)
        .setWorkers(workers)
        .setAveragingFrequency(averagingFrequency)
        .setValidationShare(validation)
        .setValidationOrder(validationOrder)
        .setCrossFit(crossFit)
        .setSeed(seed)
        .setRule(rule)
        .setFlagShort(FLAG.equals(shortSessions))
        .setFalseAlarms(falseAlarms);
  }

  /** An n-gram detector of these settings. */
  public NgramDetector ngramDetector() {
    NgramDetector detector =
        new NgramDetector().setHistory(ngramHistory).setRule(rule).setFalseAlarms(falseAlarms);
    return topG == null ? detector : detector.setTopG(topG);
  }

  /**
   * The detectors asked for.
   *
   * @param auto what the data allows, for when that is asked for
   */
  public DetectorChoice choice(DetectorChoice auto) {
    DetectorChoice chosen =
        detectors.trim().equals(DetectorChoice.AUTO) ? auto : DetectorChoice.of(detectors);
    if (!values || chosen.names().contains(ValueDetector.NAME)) {
      return chosen;
    }
    List<String> names = new ArrayList<>(chosen.names());
    names.add(ValueDetector.NAME);
    return new DetectorChoice(
        Detectors.names().stream().filter(names::contains).toList(), chosen.reasons());
  }

  /**
   * A detector of these settings.
   *
   * @param templates short texts of templates by id
   */
  public Detector<?> detector(
      String name, AveragingTrainer.Checkpoint checkpoint, Map<String, String> templates) {
    return switch (name) {
      case NewEventDetector.NAME -> new NewEventDetector();
      case LengthDetector.NAME -> new LengthDetector();
      case BigramDetector.NAME -> new BigramDetector();
      case NgramDetector.NAME -> ngramDetector();
      case CountDistanceDetector.NAME -> new CountDistanceDetector().setFalseAlarms(falseAlarms);
      case PathDetector.NAME -> pathDetector().setCheckpoint(checkpoint);
      case CountDetector.NAME -> counts.pca(falseAlarms);
      case ValueDetector.NAME -> valueDetector();
      case InvariantsDetector.NAME -> counts.invariants(templates);
      case LogClusteringDetector.NAME -> counts.clustering(falseAlarms);
      case IsolationForestDetector.NAME -> counts.forest(falseAlarms, seed);
      default -> new LabelledDetector().setAlgorithm(name);
    };
  }

  /** Whether event counts of windows are all that the detectors asked for learn from. */
  public boolean byCountsAlone() {
    DetectorChoice auto = DetectorChoice.auto(Long.MAX_VALUE, true, trainLabels != null);
    return choice(auto).names().stream()
        .allMatch(name -> detector(name, PathDetector.noCheckpoint(), Map.of()).byCountsAlone());
  }

  /** Names of the stages that train them, as far as they are known before. */
  public String[] stages() {
    return detectors.trim().equals(DetectorChoice.AUTO)
        ? new String[0]
        : Stream.of(
                Stream.of("vocabulary"),
                choice(null).names().stream(),
                Stream.of(Anomalies.VERDICT))
            .flatMap(names -> names)
            .map(name -> "train-" + name)
            .toArray(String[]::new);
  }

  /** A value detector of these settings. */
  public ValueDetector valueDetector() {
    // It decides by itself beside others, which have the rest of the share.
    return new ValueDetector()
        .setInterval(valueInterval)
        .setFalseAlarms(falseAlarms / 2)
        .setSeed(seed);
  }

  /** The settings by name, for the manifest. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("history", history);
    map.put("cell", cell);
    map.put("layers", layers);
    map.put("units", units);
    map.put("learning-rate", learningRate);
    map.put("epochs", epochs);
    map.put("patience", patience);
    map.put("batch-size", batchSize);
    map.put("workers", workers);
    map.put("averaging-frequency", averagingFrequency);
    map.put("validation", validation);
    map.put("validation-order", validationOrder);
    map.put("cross-fit", crossFit);
    map.put("seed", seed);
    map.put("rule", rule);
    map.put("top-g", topG);
    map.put("short-sessions", shortSessions);
    map.put("false-alarms", falseAlarms);
    map.put("ngram-history", ngramHistory);
    map.put("combine", combine);
    map.put("values", values);
    map.put("value-interval", valueInterval);
    map.putAll(counts.toMap());
    map.put("detectors", detectors);
    map.put("train-labels", trainLabels);
    return map;
  }
}
