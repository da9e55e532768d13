package io.deeplog.nn;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.function.Function2;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingAggregationTuple;
import org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingElementAddFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Parameter averaging that repeats exactly: the replicas' results are summed in the order of their
 * partitions, where DL4J sums them as they come in, and floating-point addition is not associative.
 * What DL4J calls a worker is a replica here; a worker trains one or more of them, one after the
 * other.
 */
final class OrderedAveraging extends ParameterAveragingTrainingMaster {
  private final int workers;
  private final long batches;

  /**
   * A training master.
   *
   * @param replicas partitions of the data
   * @param workers tasks that they are shared among
   * @param batchSize rows of a batch
   * @param batchesPerRound batches a replica trains between two averages, and the data holds
   */
  OrderedAveraging(int replicas, int workers, int batchSize, int batchesPerRound, long seed) {
    super(
        new Builder(replicas, batchSize)
            .batchSizePerWorker(batchSize)
            .averagingFrequency(batchesPerRound)
            .rngSeed(seed)
            // DL4J's default restarts Adam's moments at every average.
            .saveUpdater(true)
            .storageLevel(null)
            .workerPrefetchNumBatches(0)
            // Its default exports the data through the default file system, which a cluster of
            // local disks does not share.
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .repartionData(Repartition.Never));
    this.workers = workers;
    this.batches = (long) replicas * batchesPerRound;
  }

  /** Known before: DL4J would make all batches of a round a first time to count them. */
  @Override
  protected <T, R extends JavaRDDLike<T, R>> long getTotalDataSetObjectCount(
      JavaRDDLike<T, R> data) {
    return batches;
  }

  @Override
  protected void processResults(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<ParameterAveragingTrainingResult> results,
      int split,
      int splits) {
    INDArray parameters = null;
    INDArray updater = null;
    int replicas = 0;
    double score = 0;
    // Workers may hold any of the partitions, so that each tells its number.
    List<Numbered> numbered =
        new ArrayList<>(
            results.mapPartitionsWithIndex(new ToNumbered(), true).coalesce(workers).collect());
    numbered.sort(Comparator.comparingInt(Numbered::partition));
    for (Numbered one : numbered) {
      ParameterAveragingAggregationTuple result = one.result;
      if (result.getParametersSum() == null) {
        continue;
      }
      replicas++;
      score += result.getScoreSum();
      if (parameters == null) {
        parameters = result.getParametersSum();
        updater = result.getUpdaterStateSum();
      } else {
        parameters.addi(result.getParametersSum());
        if (updater != null) {
          updater.addi(result.getUpdaterStateSum());
        }
      }
    }
    if (parameters == null) {
      return;
    }
    MultiLayerNetwork net = network.getNetwork();
    net.setParameters(parameters.divi(replicas));
    if (updater != null) {
      net.getUpdater().setStateViewArray(null, updater.divi(replicas), false);
    }
    network.setScore(score / replicas);
    MultiLayerConfiguration configuration = net.getLayerWiseConfigurations();
    configuration.setIterationCount(configuration.getIterationCount() + averagingFrequency);
  }

  /** What a replica learned, and its partition. */
  private record Numbered(int partition, ParameterAveragingAggregationTuple result)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** The result itself is not serialisable, the tuple is. */
  private static final class ToNumbered
      implements Function2<
          Integer, Iterator<ParameterAveragingTrainingResult>, Iterator<Numbered>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Numbered> call(
        Integer partition, Iterator<ParameterAveragingTrainingResult> results) throws Exception {
      List<Numbered> numbered = new ArrayList<>();
      while (results.hasNext()) {
        numbered.add(
            new Numbered(
                partition, new ParameterAveragingElementAddFunction().call(null, results.next())));
      }
      return numbered.iterator();
    }
  }
}
