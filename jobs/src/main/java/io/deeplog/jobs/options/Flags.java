package io.deeplog.jobs.options;

/** Names of the options, shared by declarations, messages and tests. */
public final class Flags {
  public static final String HELP = "--help";
  public static final String DRY_RUN = "--dry-run";
  public static final String STACKTRACE = "--stacktrace";
  public static final String SETTINGS = "--settings";
  public static final String SEED = "--seed";

  public static final String INPUT = "--input";
  public static final String TRAIN = "--train";
  public static final String FORMAT = "--format";
  public static final String TIMESTAMP = "--timestamp";
  public static final String YEAR = "--year";
  public static final String FORMATS = "--formats";
  public static final String MESSAGE_FIELD = "--message-field";
  public static final String TIME_FIELD = "--time-field";
  public static final String MULTILINE = "--multiline";
  public static final String RULES = "--rules";

  public static final String SESSION = "--session";
  public static final String SESSION_FIELD = "--session-field";
  public static final String SESSION_STEP = "--session-step";
  public static final String SESSION_WINDOW = "--session-window";
  public static final String WINDOW_RULE = "--window-rule";
  public static final String EMPTY_WINDOWS = "--empty-windows";
  public static final String COUNT_MATRIX = "--count-matrix";

  public static final String MINER = "--miner";
  public static final String MASKS = "--masks";
  public static final String DEPTH = "--depth";
  public static final String SIMILARITY = "--similarity";
  public static final String MAX_CHILDREN = "--max-children";
  public static final String SPLIT_WORDS = "--split-words";
  public static final String TAU = "--tau";

  public static final String HISTORY = "--history";
  public static final String CELL = "--cell";
  public static final String LAYERS = "--layers";
  public static final String UNITS = "--units";
  public static final String LEARNING_RATE = "--learning-rate";
  public static final String ENTRIES = "--entries";
  public static final String EPOCHS = "--epochs";
  public static final String PATIENCE = "--patience";
  public static final String BATCH_SIZE = "--batch-size";
  public static final String WORKERS = "--workers";
  public static final String AVERAGING_FREQUENCY = "--averaging-frequency";
  public static final String VALIDATION_ORDER = "--validation-order";
  public static final String VALIDATION = "--validation";
  public static final String RESUME = "--resume";
  public static final String PCA_VARIANCE = "--pca-variance";
  public static final String PCA_WEIGHTING = "--pca-weighting";
  public static final String PCA_COMPONENTS = "--pca-components";
  public static final String PCA_RULE = "--pca-rule";
  public static final String PCA_ALPHA = "--pca-alpha";
  public static final String PCA_UNKNOWN = "--pca-unknown";
  public static final String PCA_MIN_COUNT = "--pca-min-count";
  public static final String PCA_T2 = "--pca-t2";
  public static final String CLUSTER_DISTANCE = "--cluster-distance";
  public static final String CLUSTER_BOOTSTRAP = "--cluster-bootstrap";
  public static final String FOREST_TREES = "--forest-trees";
  public static final String FOREST_SAMPLE = "--forest-sample";
  public static final String FOREST_CONTAMINATION = "--forest-contamination";
  public static final String INVARIANT_SUPPORT = "--invariant-support";
  public static final String INVARIANT_EPSILON = "--invariant-epsilon";
  public static final String INVARIANT_LENGTH = "--invariant-length";
  public static final String DETECTORS = "--detectors";
  public static final String TRAIN_LABELS = "--train-labels";
  public static final String FALSE_ALARMS = "--false-alarms";
  public static final String TOP_G = "--top-g";
  public static final String SHORT_SESSIONS = "--short-sessions";
  public static final String RULE = "--rule";
  public static final String COMBINE = "--combine";
  public static final String NGRAM_HISTORY = "--ngram-history";

  public static final String MODEL = "--model";
  public static final String MODEL_VERSION = "--model-version";

  public static final String OUTPUT = "--output";
  public static final String DATE = "--date";
  public static final String TABLE_FORMAT = "--table-format";
  public static final String OVERWRITE = "--overwrite";
  public static final String TABLES = "--tables";

  public static final String LABELS = "--labels";
  public static final String MIN_F1 = "--min-f1";
  public static final String MAX_ALERTS = "--max-alerts";
  public static final String MAX_SHOWN = "--max-shown";

  public static final String SERVICE = "--service";
  public static final String SYSTEM = "--system";
  public static final String SYSTEMS = "--systems";
  public static final String LINES = "--lines";
  public static final String ANOMALY_RATE = "--anomaly-rate";
  public static final String TEST = "--test";
  public static final String TEST_LABEL = "--test-label";
  public static final String RANDOM_SPLIT = "--random-split";
  public static final String SEEDS = "--seeds";
  public static final String SESSIONS = "--sessions";
  public static final String UNIQUE = "--unique";
  public static final String DATA = "--data";

  public static final String TRUTH = "--truth";
  public static final String UNCORRECTED = "--uncorrected";
  public static final String SETTINGS_BY_LOG = "--settings-by-log";
  public static final String SAMPLE = "--sample";
  public static final String JSON = "--json";

  public static final String TEMPLATES = "--templates";
  public static final String REPEAT = "--repeat";
  public static final String WORK = "--work";

  public static final String VALUES = "--values";
  public static final String CROSS_FIT = "--cross-fit";
  public static final String VALUE_INTERVAL = "--value-interval";
  public static final String NO_NETWORKS = "--no-networks";
  public static final String SERIES = "--series";
  public static final String WINDOWS = "--windows";
  public static final String TRAIN_SHARE = "--train-share";

  private Flags() {}
}
