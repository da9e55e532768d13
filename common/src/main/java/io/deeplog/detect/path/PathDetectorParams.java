package io.deeplog.detect.path;

import io.deeplog.detect.VocabularyDetector;
import io.deeplog.nn.KeyLstm;
import io.deeplog.nn.TrainingSettings;
import io.deeplog.sequence.HeldOut;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;

/** The training parameters of {@link PathDetector}, with their defaults and setters. */
public abstract class PathDetectorParams extends VocabularyDetector<PathDetectorModel> {
  private static final long serialVersionUID = 1L;

  /** Stacked LSTM layers, unless set. */
  public static final int LAYERS = 1;

  /** Memory units of a layer, unless set. */
  public static final int UNITS = 64;

  /** Learning rate of Adam at the start, unless set. */
  public static final double LEARNING_RATE = 0.015;

  /** Most epochs, unless set. */
  public static final int EPOCHS = 30;

  /** Epochs without a better validation loss, unless set. */
  public static final int PATIENCE = 8;

  /** Rows of a batch, unless set. */
  public static final int BATCH_SIZE = 32;

  /** Workers that train side by side, unless set. */
  public static final int WORKERS = 2;

  /** Batches between two averages, unless set. */
  public static final int AVERAGING_FREQUENCY = 16;

  /** Share of the sessions that is held out, unless set. */
  public static final double VALIDATION_SHARE = 0.1;

  private final IntParam history;
  private final Param<String> cell;
  private final IntParam layers;
  private final IntParam units;
  private final DoubleParam learningRate;
  private final IntParam epochs;
  private final IntParam patience;
  private final IntParam batchSize;
  private final IntParam workers;
  private final IntParam averagingFrequency;
  private final DoubleParam validationShare;
  private final Param<String> validationOrder;
  private final BooleanParam crossFit;
  private final LongParam seed;

  PathDetectorParams(String uid) {
    super(uid, PathDetector.NAME);
    history =
        new IntParam(
            this,
            "history",
            "log keys that the network looks back (h); 0: the whole session",
            ParamValidators.gtEq(0));
    cell = new Param<>(this, "cell", "kind of the layers: lstm, graves-lstm or simple-rnn");
    layers = new IntParam(this, "layers", "stacked LSTM layers", ParamValidators.gtEq(1));
    units = new IntParam(this, "units", "memory units of a layer", ParamValidators.gtEq(1));
    learningRate =
        new DoubleParam(this, "learningRate", "learning rate of Adam", ParamValidators.gt(0));
    epochs = new IntParam(this, "epochs", "most epochs", ParamValidators.gtEq(1));
    patience =
        new IntParam(
            this,
            "patience",
            "epochs without a better validation loss before training stops",
            ParamValidators.gtEq(1));
    batchSize = new IntParam(this, "batchSize", "rows of a batch", ParamValidators.gtEq(1));
    workers =
        new IntParam(
            this,
            "workers",
            "workers that train side by side, where there is enough to learn from",
            ParamValidators.gtEq(1));
    averagingFrequency =
        new IntParam(
            this,
            "averagingFrequency",
            "batches a replica of the network trains between two averages",
            ParamValidators.gtEq(1));
    validationShare =
        new DoubleParam(
            this,
            "validationShare",
            "share of the sessions held out for early stop and threshold",
            ParamValidators.inRange(0, 0.9));
    validationOrder =
        new Param<>(this, "validationOrder", "which sessions are held out: last or random");
    crossFit =
        new BooleanParam(
            this,
            "crossFit",
            "whether limits are chosen by two more networks, each judging what the other was"
                + " trained on");
    seed = new LongParam(this, "seed", "seed of weights, order and held-out sessions");
    setDefault(history, KeyLstm.WHOLE_SESSION);
    setDefault(cell, KeyLstm.Cell.LSTM.id());
    setDefault(layers, LAYERS);
    setDefault(units, UNITS);
    setDefault(learningRate, LEARNING_RATE);
    setDefault(epochs, EPOCHS);
    setDefault(patience, PATIENCE);
    setDefault(batchSize, BATCH_SIZE);
    setDefault(workers, WORKERS);
    setDefault(averagingFrequency, AVERAGING_FREQUENCY);
    setDefault(validationShare, VALIDATION_SHARE);
    setDefault(crossFit, false);
    setDefault(validationOrder, HeldOut.Order.LAST.id());
    setDefault(seed, 1L);
  }

  /** How the network is to be trained. */
  final TrainingSettings trainingSettings() {
    return new TrainingSettings(
        (int) getOrDefault(epochs),
        (int) getOrDefault(patience),
        (int) getOrDefault(batchSize),
        TrainingSettings.REPLICAS,
        (int) getOrDefault(workers),
        (int) getOrDefault(averagingFrequency),
        (long) getOrDefault(seed));
  }

  /**
   * Log keys that the network looks back (h); default {@link KeyLstm#WHOLE_SESSION}: a window of 10
   * cannot know how many replicas of a block came before.
   */
  public final IntParam history() {
    return history;
  }

  /** Sets {@link #history()}. */
  public final PathDetector setHistory(int value) {
    set(history, value);
    return (PathDetector) this;
  }

  /** Kind of the layers, {@link KeyLstm.Cell}; default lstm. */
  public final Param<String> cell() {
    return cell;
  }

  /** Sets {@link #cell()}. */
  public final PathDetector setCell(String value) {
    set(cell, KeyLstm.Cell.of(value).id());
    return (PathDetector) this;
  }

  /** Stacked LSTM layers; default 1: a second one costs twice and found no more. */
  public final IntParam layers() {
    return layers;
  }

  /** Sets {@link #layers()}. */
  public final PathDetector setLayers(int value) {
    set(layers, value);
    return (PathDetector) this;
  }

  /** Memory units of a layer; default {@value #UNITS}. */
  public final IntParam units() {
    return units;
  }

  /** Sets {@link #units()}. */
  public final PathDetector setUnits(int value) {
    set(units, value);
    return (PathDetector) this;
  }

  /** Learning rate of Adam; default {@value #LEARNING_RATE}. */
  public final DoubleParam learningRate() {
    return learningRate;
  }

  /** Sets {@link #learningRate()}. */
  public final PathDetector setLearningRate(double value) {
    set(learningRate, value);
    return (PathDetector) this;
  }

  /** Most epochs; default {@value #EPOCHS}. */
  public final IntParam epochs() {
    return epochs;
  }

  /** Sets {@link #epochs()}. */
  public final PathDetector setEpochs(int value) {
    set(epochs, value);
    return (PathDetector) this;
  }

  /** Epochs without a better validation loss before training stops; default {@value #PATIENCE}. */
  public final IntParam patience() {
    return patience;
  }

  /** Sets {@link #patience()}. */
  public final PathDetector setPatience(int value) {
    set(patience, value);
    return (PathDetector) this;
  }

  /** Rows of a batch; default {@value #BATCH_SIZE}. */
  public final IntParam batchSize() {
    return batchSize;
  }

  /** Sets {@link #batchSize()}. */
  public final PathDetector setBatchSize(int value) {
    set(batchSize, value);
    return (PathDetector) this;
  }

  /**
   * Workers that train side by side; default 2. They share two replicas of the network, or have one
   * each where each has batches enough: one and two workers give the same result to the byte, and
   * more of them too where there is little to learn from.
   */
  public final IntParam workers() {
    return workers;
  }

  /** Sets {@link #workers()}. */
  public final PathDetector setWorkers(int value) {
    set(workers, value);
    return (PathDetector) this;
  }

  /**
   * Batches a replica of the network trains between two averages; default {@value
   * #AVERAGING_FREQUENCY}.
   */
  public final IntParam averagingFrequency() {
    return averagingFrequency;
  }

  /** Sets {@link #averagingFrequency()}. */
  public final PathDetector setAveragingFrequency(int value) {
    set(averagingFrequency, value);
    return (PathDetector) this;
  }

  /**
   * Share of the sessions held out for early stop and threshold; default {@value
   * #VALIDATION_SHARE}.
   */
  public final DoubleParam validationShare() {
    return validationShare;
  }

  /** Sets {@link #validationShare()}. */
  public final PathDetector setValidationShare(double value) {
    set(validationShare, value);
    return (PathDetector) this;
  }

  /**
   * Which sessions are held out: {@code last}, the default, those that start last; or {@code
   * random}, by a hash of their names.
   */
  public final Param<String> validationOrder() {
    return validationOrder;
  }

  /** Sets {@link #validationOrder()}. */
  public final PathDetector setValidationOrder(String value) {
    set(validationOrder, HeldOut.Order.of(value).id());
    return (PathDetector) this;
  }

  /**
   * Whether limits are chosen by two more networks, each judging the half of the sessions that the
   * other was trained on, the default; or else by the held-out sessions alone, which are few.
   */
  public final BooleanParam crossFit() {
    return crossFit;
  }

  /** Sets {@link #crossFit()}. */
  public final PathDetector setCrossFit(boolean value) {
    set(crossFit, value);
    return (PathDetector) this;
  }

  /** Seed of weights, order and held-out sessions; default 1. */
  public final LongParam seed() {
    return seed;
  }

  /** Sets {@link #seed()}. */
  public final PathDetector setSeed(long value) {
    set(seed, value);
    return (PathDetector) this;
  }
}
