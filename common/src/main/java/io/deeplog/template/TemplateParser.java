package io.deeplog.template;

import io.deeplog.UserException;
import io.deeplog.spark.Columns;
import io.deeplog.spark.MlPersistence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Learns the templates of log lines; the model matches lines against them. The miners {@code lenma}
 * and {@code spell} learn from the lines in the order of their columns {@code source} and {@code
 * offset}, in one task.
 *
 * <pre>{@code
 * new TemplateParser().fit(logs).transform(logs)   // appends template_id and params
 * }</pre>
 */
public final class TemplateParser extends Estimator<TemplateParserModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final TemplateParserParams columns;
  private final TemplateParserParams.Learning learning;
  private transient Generations known = Generations.NONE;

  /** A parser with the default settings. */
  public TemplateParser() {
    this(Identifiable$.MODULE$.randomUID("templateParser"));
  }

  /** A parser of a uid, as Spark ML makes it when loading. */
  public TemplateParser(String uid) {
    this.uid = uid;
    this.columns = new TemplateParserParams(this);
    this.learning = new TemplateParserParams.Learning(this);
    MinerOptions defaults = MinerOptions.DEFAULT;
    setDefault(inputCol(), "content");
    setDefault(templateCol(), "template_id");
    setDefault(paramsCol(), "params");
    setDefault(miner(), Miner.AUTO.key());
    setDefault(masks(), Miner.AUTO.masks().text());
    setDefault(depth(), defaults.depth());
    setDefault(similarity(), defaults.similarity());
    setDefault(maxChildren(), defaults.maxChildren());
    setDefault(splitWords(), defaults.splitWords());
    setDefault(tau(), defaults.tau());
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Column of the lines' content, default {@code content}. */
  public Param<String> inputCol() {
    return columns.inputCol;
  }

  /** Output column of the template's id, default {@code template_id}. */
  public Param<String> templateCol() {
    return columns.templateCol;
  }

  /** Output column of the parameters by position, default {@code params}. */
  public Param<String> paramsCol() {
    return columns.paramsCol;
  }

  /** The {@link Miner} by name, default {@code auto}. */
  public Param<String> miner() {
    return columns.miner;
  }

  /** The {@link Masks} as text, default those of the miner. */
  public Param<String> masks() {
    return columns.masks;
  }

  /** Depth of Drain's tree. */
  public IntParam depth() {
    return learning.depth;
  }

  /** Least share of equal tokens in a cluster. */
  public DoubleParam similarity() {
    return learning.similarity;
  }

  /** Most branches of a node. */
  public IntParam maxChildren() {
    return learning.maxChildren;
  }

  /** A wildcard that takes no more words than this is split by its words; 0: plain Drain. */
  public IntParam splitWords() {
    return learning.splitWords;
  }

  /** Least share of a line's words in Spell's common subsequence. */
  public DoubleParam tau() {
    return learning.tau;
  }

  /** Sets {@link #inputCol()}. */
  public TemplateParser setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  /** Sets {@link #templateCol()}. */
  public TemplateParser setTemplateCol(String value) {
    set(templateCol(), value);
    return this;
  }

  /** Sets {@link #paramsCol()}. */
  public TemplateParser setParamsCol(String value) {
    set(paramsCol(), value);
    return this;
  }

  /** Sets {@link #miner()}, and with it the default of {@link #masks()}. */
  public TemplateParser setMiner(String value) {
    Miner by = Miner.of(value);
    set(miner(), by.key());
    setDefault(masks(), by.masks().text());
    return this;
  }

  /**
   * Sets {@link #masks()}.
   *
   * @throws io.deeplog.UserException when an entry is wrong
   */
  public TemplateParser setMasks(List<String> entries) {
    set(masks(), Masks.of(entries).text());
    return this;
  }

  /** Sets {@link #depth()}. */
  public TemplateParser setDepth(int value) {
    set(depth(), value);
    return this;
  }

  /** Sets {@link #similarity()}. */
  public TemplateParser setSimilarity(double value) {
    set(similarity(), value);
    return this;
  }

  /** Sets {@link #maxChildren()}. */
  public TemplateParser setMaxChildren(int value) {
    set(maxChildren(), value);
    return this;
  }

  /** Sets {@link #splitWords()}. */
  public TemplateParser setSplitWords(int value) {
    set(splitWords(), value);
    return this;
  }

  /** Sets {@link #tau()}. */
  public TemplateParser setTau(double value) {
    set(tau(), value);
    return this;
  }

  /**
   * Sets the templates that are known already: {@link #fit} learns only from lines that none of
   * them fits, and the model holds both.
   */
  public TemplateParser setKnownTemplates(List<Template> templates) {
    return setKnownTemplates(Generations.of(templates));
  }

  /** Sets the templates that are known already, of several runs. */
  public TemplateParser setKnownTemplates(Generations templates) {
    known = templates;
    return this;
  }

  @Override
  public TemplateParserModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Miner by = Miner.of(getOrDefault(miner()));
    Dataset<String> content =
        (by.followsOrder() ? ordered(dataset, by) : dataset)
            .select(functions.col(getOrDefault(inputCol())))
            .na()
            .drop()
            .as(Encoders.STRING());
    MinerOptions options =
        new MinerOptions(
            (int) getOrDefault(depth()),
            (double) getOrDefault(similarity()),
            (int) getOrDefault(maxChildren()),
            (int) getOrDefault(splitWords()),
            (double) getOrDefault(tau()));
    List<Template> before = known.templates();
    List<Template> learned =
        TemplateLearner.learn(content, before, by, Masks.ofText(getOrDefault(masks())), options);
    TemplateParserModel model =
        new TemplateParserModel(uid, known.with(withoutKnown(learned, before)));
    return copyValues(model.setParent(this), extractParamMap());
  }

  /**
   * New templates only, and with ids of their own: {@link Miner#LENMA} has one id for all forms of
   * a template's white space and knows nothing of those that an earlier run has seen.
   */
  static List<Template> withoutKnown(List<Template> learned, List<Template> known) {
    Map<String, String> texts = new HashMap<>();
    known.forEach(template -> texts.put(template.id(), template.text()));
    List<Template> result = new ArrayList<>();
    for (Template template : learned) {
      String text = texts.get(template.id());
      if (text == null) {
        result.add(template);
      } else if (!text.equals(template.text())) {
        result.add(Template.of(template.text()));
      }
    }
    return result;
  }

  /** All lines in one partition, in their order; sorting spills where it must. */
  private static Dataset<?> ordered(Dataset<?> dataset, Miner miner) {
    Set<String> columns = Set.of(dataset.columns());
    if (!columns.contains("source") || !columns.contains("offset")) {
      throw UserException.usage(
          "the miner "
              + miner.key()
              + " follows the order of the lines and needs the columns source and offset, not only "
              + String.join(", ", dataset.columns())
              + " (add them, or take the miner auto)");
    }
    return dataset.repartition(1).sortWithinPartitions("source", "offset");
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Columns.append(
        schema,
        getOrDefault(inputCol()),
        TemplateParserModel.outputs(getOrDefault(templateCol()), getOrDefault(paramsCol())));
  }

  @Override
  public TemplateParser copy(ParamMap extra) {
    TemplateParser copy = defaultCopy(extra);
    return copy.setKnownTemplates(known);
  }

  @Override
  public MLWriter write() {
    return MlPersistence.writer(this, null);
  }

  /** Reads what {@link #write} wrote; the known templates are not part of it. */
  public static MLReader<TemplateParser> read() {
    return MlPersistence.reader(TemplateParser.class, TemplateParser::new);
  }

  /** Loads a saved parser. */
  public static TemplateParser load(String path) {
    return read().load(path);
  }
}
