package io.deeplog.template;

import java.io.Serializable;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/** The parameters that {@link TemplateParser} and {@link TemplateParserModel} share. */
final class TemplateParserParams implements Serializable {
  private static final long serialVersionUID = 1L;

  final Param<String> inputCol;
  final Param<String> templateCol;
  final Param<String> paramsCol;
  final Param<String> miner;
  final Param<String> masks;

  TemplateParserParams(Params parent) {
    inputCol = new Param<>(parent, "inputCol", "column of the lines' content");
    templateCol = new Param<>(parent, "templateCol", "output column of the template's id");
    paramsCol = new Param<>(parent, "paramsCol", "output column of the parameters by position");
    miner =
        new Param<>(parent, "miner", "the way templates are learned: auto, drain, lenma or spell");
    masks =
        new Param<>(
            parent, "masks", "a line for each mask: a built-in name, or the user's 'name: regex'");
  }

  /** The parameters of learning, which only the estimator has. */
  static final class Learning implements Serializable {
    private static final long serialVersionUID = 1L;

    final IntParam depth;
    final DoubleParam similarity;
    final IntParam maxChildren;
    final IntParam splitWords;
    final DoubleParam tau;

    Learning(Params parent) {
      depth =
          new IntParam(
              parent, "depth", "depth of Drain's tree, at least 3", ParamValidators.gtEq(3));
      similarity =
          new DoubleParam(
              parent,
              "similarity",
              "least share of equal tokens in a cluster, 0 to 1",
              ParamValidators.inRange(0, 1));
      maxChildren =
          new IntParam(
              parent,
              "maxChildren",
              "most branches of a node, at least 1",
              ParamValidators.gtEq(1));
      splitWords =
          new IntParam(
              parent,
              "splitWords",
              "a wildcard that takes no more words than this is split by its words; 0: plain Drain",
              ParamValidators.gtEq(0));
      tau =
          new DoubleParam(
              parent,
              "tau",
              "least share of a line's words in Spell's common subsequence, 0 to 1",
              ParamValidators.inRange(0, 1));
    }
  }
}
