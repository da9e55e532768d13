package io.deeplog.nn;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
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
 * Parameter averaging that repeats exactly with any number of workers: the workers' results are
 * summed in the order of their partitions, where DL4J sums them as they come in, and floating-point
 * addition is not associative.
 */
final class OrderedAveraging extends ParameterAveragingTrainingMaster {
  /**
   * A training master.
   *
   * @param workers partitions of the data
   * @param batchSize rows of a batch
   * @param batchesPerRound batches a worker trains between two averages
   */
  OrderedAveraging(int workers, int batchSize, int batchesPerRound, long seed) {
    super(
        new Builder(workers, batchSize)
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
    int workers = 0;
    double score = 0;
    // The result itself is not serialisable, the tuple is; collect keeps the partitions' order.
    for (ParameterAveragingAggregationTuple result : results.map(new ToTuple()).collect()) {
      if (result.getParametersSum() == null) {
        continue;
      }
      workers++;
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
    net.setParameters(parameters.divi(workers));
    if (updater != null) {
      net.getUpdater().setStateViewArray(null, updater.divi(workers), false);
    }
    network.setScore(score / workers);
    MultiLayerConfiguration configuration = net.getLayerWiseConfigurations();
    configuration.setIterationCount(configuration.getIterationCount() + averagingFrequency);
  }

  private static final class ToTuple
      implements Function<ParameterAveragingTrainingResult, ParameterAveragingAggregationTuple> {
    private static final long serialVersionUID = 1L;

    @Override
    public ParameterAveragingAggregationTuple call(ParameterAveragingTrainingResult result)
        throws Exception {
      return new ParameterAveragingElementAddFunction().call(null, result);
    }
  }
}
