package io.deeplog.jobs.options;

import io.deeplog.count.Weighting;
import io.deeplog.detect.count.CountDetector;
import io.deeplog.detect.count.InvariantsDetector;
import io.deeplog.detect.count.IsolationForestDetector;
import io.deeplog.detect.count.LogClusteringDetector;
import io.deeplog.detect.count.PcaRule;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kohsuke.args4j.Option;

/** How the detectors of event counts are trained. */
public final class CountDetectorOptions implements OptionGroup {
  private static final String COUNT = "count";
  private static final String DROP = "drop";
  private static final int MOST_BOOTSTRAP = 3_000;
  private static final int MOST_TREES = 10_000;
  private static final int MOST_SAMPLE = 4_096;
  private static final double MOST_CONTAMINATION = 0.5;
  private static final int MOST_LENGTH = 5;

  @Option(
      name = Flags.PCA_VARIANCE,
      metaVar = "X",
      usage = "pca: share of the variance of event counts that is normal")
  public double pcaVariance = 0.995;

  @Option(
      name = Flags.PCA_COMPONENTS,
      metaVar = "K",
      usage = "pca: components of the normal subspace; 0: as many as hold --pca-variance")
  public int pcaComponents;

  @Option(
      name = Flags.PCA_WEIGHTING,
      metaVar = "W",
      usage = "pca: weighting of event counts: none, log, tf-idf or sigmoid")
  public String pcaWeighting = Weighting.LOG.id();

  @Option(
      name = Flags.PCA_RULE,
      metaVar = "RULE",
      usage =
          "pca: threshold at the Q-statistic (q), at what --false-alarms of the training exceed"
              + " (quantile), or the larger of both (max)")
  public String pcaRule = PcaRule.MAX.id();

  @Option(name = Flags.PCA_ALPHA, metaVar = "X", usage = "pca: share beyond the Q-statistic")
  public double pcaAlpha = 0.001;

  @Option(
      name = Flags.PCA_UNKNOWN,
      metaVar = "HOW",
      usage = "pca: count templates that training lacks in a column of their own, or drop them")
  public String pcaUnknown = COUNT;

  @Option(
      name = Flags.PCA_MIN_COUNT,
      metaVar = "N",
      usage = "pca: entries of a template; rarer ones are counted with those that training lacks")
  public long pcaMinCount = 1;

  @Option(
      name = Flags.PCA_T2,
      usage = "pca: flag counts far out within the normal subspace too (Hotelling's T2)")
  public boolean pcaT2;

  @Option(
      name = Flags.CLUSTER_DISTANCE,
      metaVar = "X",
      usage =
          "log-clustering: largest cosine distance within a pattern (default: the median distance of"
              + " the training's event counts to the nearest others)")
  public Double clusterDistance;

  @Option(
      name = Flags.CLUSTER_BOOTSTRAP,
      metaVar = "N",
      usage = "log-clustering: event counts that are clustered at once; the others join one by one")
  public int clusterBootstrap = 1_000;

  @Option(name = Flags.FOREST_TREES, metaVar = "N", usage = "isolation-forest: trees")
  public int forestTrees = 100;

  @Option(
      name = Flags.FOREST_SAMPLE,
      metaVar = "N",
      usage = "isolation-forest: sessions that a tree is grown of")
  public int forestSample = 256;

  @Option(
      name = Flags.FOREST_CONTAMINATION,
      metaVar = "X",
      usage =
          "isolation-forest: share of the training's sessions above the threshold (default:"
              + " --false-alarms)")
  public Double forestContamination;

  @Option(
      name = Flags.INVARIANT_SUPPORT,
      metaVar = "X",
      usage = "invariants: share of the sessions in which a relation holds")
  public double invariantSupport = 0.98;

  @Option(
      name = Flags.INVARIANT_EPSILON,
      metaVar = "X",
      usage = "invariants: length of a session's part along a direction that counts as none")
  public double invariantEpsilon = 0.5;

  @Option(
      name = Flags.INVARIANT_LENGTH,
      metaVar = "N",
      usage = "invariants: most templates of a relation")
  public int invariantLength = 3;

  @Override
  public String heading() {
    return "Detectors of event counts";
  }

  @Override
  public void validate() {
    OptionGroup.require(
        pcaVariance > 0 && pcaVariance <= 1,
        Flags.PCA_VARIANCE,
        pcaVariance,
        "more than 0, at most 1");
    OptionGroup.require(pcaComponents >= 0, Flags.PCA_COMPONENTS, pcaComponents, "0 or more");
    OptionGroup.require(Flags.PCA_WEIGHTING, () -> Weighting.of(pcaWeighting));
    OptionGroup.require(Flags.PCA_RULE, () -> PcaRule.of(pcaRule));
    OptionGroup.requireShare(Flags.PCA_ALPHA, pcaAlpha);
    OptionGroup.require(
        pcaUnknown.equals(COUNT) || pcaUnknown.equals(DROP),
        Flags.PCA_UNKNOWN,
        pcaUnknown,
        COUNT + " or " + DROP);
    OptionGroup.require(pcaMinCount >= 1, Flags.PCA_MIN_COUNT, pcaMinCount, "1 or more");
    OptionGroup.require(
        clusterDistance == null || (clusterDistance >= 0 && clusterDistance <= 1),
        Flags.CLUSTER_DISTANCE,
        clusterDistance,
        "0 to 1");
    between(Flags.CLUSTER_BOOTSTRAP, clusterBootstrap, 1, MOST_BOOTSTRAP);
    between(Flags.FOREST_TREES, forestTrees, 1, MOST_TREES);
    between(Flags.FOREST_SAMPLE, forestSample, 2, MOST_SAMPLE);
    OptionGroup.require(
        forestContamination == null
            || (forestContamination > 0 && forestContamination <= MOST_CONTAMINATION),
        Flags.FOREST_CONTAMINATION,
        forestContamination,
        "more than 0, at most " + MOST_CONTAMINATION);
    OptionGroup.require(
        invariantSupport > 0 && invariantSupport <= 1,
        Flags.INVARIANT_SUPPORT,
        invariantSupport,
        "more than 0, at most 1");
    OptionGroup.require(
        invariantEpsilon > 0, Flags.INVARIANT_EPSILON, invariantEpsilon, "more than 0");
    between(Flags.INVARIANT_LENGTH, invariantLength, 1, MOST_LENGTH);
  }

  private static void between(String option, int value, int least, int most) {
    OptionGroup.require(value >= least && value <= most, option, value, least + " to " + most);
  }

  /**
   * A PCA of these settings.
   *
   * @param falseAlarms share of normal sessions that may be flagged; so of the others
   */
  public CountDetector pca(double falseAlarms) {
    return new CountDetector()
        .setVariance(pcaVariance)
        .setComponents(pcaComponents)
        .setWeighting(pcaWeighting)
        .setRule(pcaRule)
        .setAlpha(pcaAlpha)
        .setOov(pcaUnknown.equals(COUNT))
        .setMinCount(pcaMinCount)
        .setHotelling(pcaT2)
        .setFalseAlarms(falseAlarms);
  }

  /** A clustering of these settings. */
  public LogClusteringDetector clustering(double falseAlarms) {
    LogClusteringDetector detector =
        new LogClusteringDetector().setBootstrap(clusterBootstrap).setFalseAlarms(falseAlarms);
    return clusterDistance == null ? detector : detector.setMaxDistance(clusterDistance);
  }

  /** A forest of these settings. */
  public IsolationForestDetector forest(double falseAlarms, long seed) {
    IsolationForestDetector detector =
        new IsolationForestDetector()
            .setTrees(forestTrees)
            .setSampleSize(forestSample)
            .setFalseAlarms(falseAlarms)
            .setSeed(seed);
    return forestContamination == null ? detector : detector.setContamination(forestContamination);
  }

  /**
   * An invariants detector of these settings.
   *
   * @param templates short texts of templates by id
   */
  public InvariantsDetector invariants(Map<String, String> templates) {
    return new InvariantsDetector()
        .setSupport(invariantSupport)
        .setEpsilon(invariantEpsilon)
        .setLongest(invariantLength)
        .setNames(templates);
  }

  /** The settings by name, for the manifest. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pca-variance", pcaVariance);
    map.put("pca-components", pcaComponents);
    map.put("pca-weighting", pcaWeighting);
    map.put("pca-rule", pcaRule);
    map.put("pca-alpha", pcaAlpha);
    map.put("pca-unknown", pcaUnknown);
    map.put("pca-min-count", pcaMinCount);
    map.put("pca-t2", pcaT2);
    map.put("cluster-distance", clusterDistance);
    map.put("cluster-bootstrap", clusterBootstrap);
    map.put("forest-trees", forestTrees);
    map.put("forest-sample", forestSample);
    map.put("forest-contamination", forestContamination);
    map.put("invariant-support", invariantSupport);
    map.put("invariant-epsilon", invariantEpsilon);
    map.put("invariant-length", invariantLength);
    return map;
  }
}
