package io.rona.cli.config;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.query.NetworkDescent.Optimizer;
import io.rona.query.data.ImageForm;
import io.rona.query.data.RowRange;
import io.rona.query.engine.RateSchedule;
import io.rona.teacher.ModelTeacherSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads configurations, strictly.
 *
 * <p>Unknown, duplicate and missing keys, values of a wrong type or out of range, anchors, aliases,
 * tags and files above 256 KiB are errors.
 */
public final class ConfigReader {
  private static final Pattern OVERRIDE =
      Pattern.compile("([A-Za-z][A-Za-z0-9]*(?:\\.[A-Za-z][A-Za-z0-9]*)*)=(.*)", Pattern.DOTALL);
  private static final Pattern ROWS = Pattern.compile("([0-9]{1,9})\\.\\.([0-9]{1,9}|end)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,4})x([0-9]{1,4})");
  private static final List<String> SOURCE_KEYS =
      List.of(
          "images",
          "labels",
          "file",
          "files",
          "folder",
          "schema",
          "size",
          "channels",
          "generatorSeed");
  private static final int MOST_MODELS = 10_000;
  private static final String[] MODEL_KEYS = {"files", "status", "dp", "input", "output", "scores"};
  private static final String[] HEAD_KEYS = {
    "steps", "clipNorm", "learningRate", "momentum", "averagedShare", "components", "whiteningFloor"
  };

  private static final String[] OF_PATCHES = {"patch", "atoms", "threshold", "grid", "samples"};
  private static final String[] OF_MODEL = {"file", "input", "output"};
  private static final String[] OF_SUPERVISED = {
    "layers", "epochs", "batchSize", "learningRate", "augmentation"
  };

  /** Keys of teachers that a network alone has. */
  private static final String[] OF_NETWORK = {
    "layers",
    "batchSize",
    "optimizer",
    "learningRateSchedule",
    "averageDecay",
    "blocks",
    "pretraining",
    "microBatch"
  };

  private static final Map<String, Adjacency> ADJACENCIES = byName(Adjacency.values());
  private static final Map<String, ReleaseConfig.Store> KEY_STORES =
      Arrays.stream(ReleaseConfig.Store.values())
          .collect(Collectors.toMap(ReleaseConfig.Store::label, Function.identity()));
  private static final Map<String, QueriesConfig.Strategy> STRATEGIES =
      Arrays.stream(QueriesConfig.Strategy.values())
          .collect(Collectors.toMap(QueriesConfig.Strategy::label, Function.identity()));

  private ConfigReader() {}

  private static Map<String, Adjacency> byName(Adjacency[] values) {
    return Arrays.stream(values).collect(Collectors.toMap(Adjacency::label, Function.identity()));
  }

  /**
   * Reads a file.
   *
   * @param file the configuration
   * @param overrides dotted keys and values in YAML, such as {@code privacy.epsilon=1}; a later one
   *     wins
   * @return the configuration
   * @throws ConfigException if it cannot be read or is not a valid configuration
   */
  public static RunConfig read(Path file, List<String> overrides) {
    String name = Checks.shown(file.toString());
    try (InputStream in = Files.newInputStream(file)) {
      return read(name, in, overrides);
    } catch (IOException e) {
      String reason = Files.exists(file) ? "cannot be read" : "does not exist";
      throw new ConfigException(name, "the configuration " + reason);
    }
  }

  /**
   * Reads a stream.
   *
   * @param name name for messages
   * @param in the configuration; not closed
   * @param overrides dotted keys and values in YAML; a later one wins
   * @return the configuration
   * @throws ConfigException if it is not a valid configuration
   * @throws IOException if the stream cannot be read
   */
  public static RunConfig read(String name, InputStream in, List<String> overrides)
      throws IOException {
    return read(name, TextFile.read(name, in), overrides);
  }

  /**
   * Reads a text.
   *
   * @param name name for messages
   * @param yaml the configuration
   * @param overrides dotted keys and values in YAML; a later one wins
   * @return the configuration
   * @throws ConfigException if it is not a valid configuration
   */
  public static RunConfig read(String name, String yaml, List<String> overrides) {
    YamlNode node = YamlText.parseFile(name, yaml);
    if (!(node instanceof YamlNode.Mapping mapping)) {
      throw new ConfigException(name, "the configuration must be a mapping of keys to values");
    }
    YamlNode.Mapping root = mapping;
    for (String override : overrides) {
      root = override(root, override);
    }
    return run(Section.open(Keys.CONFIGURATION, "", root));
  }

  private static YamlNode.Mapping override(YamlNode.Mapping root, String override) {
    String place = "override " + Checks.shown(override);
    Matcher matcher = OVERRIDE.matcher(override);
    if (!matcher.matches()) {
      throw new ConfigException(place, "must have the form key=value with a dotted key");
    }
    String key = matcher.group(1);
    YamlNode value = YamlText.parseValue(place, matcher.group(2));
    return with(root, List.of(key.split("\\.", -1)), value);
  }

  private static YamlNode.Mapping with(YamlNode.Mapping root, List<String> keys, YamlNode value) {
    String key = keys.get(0);
    Map<String, YamlNode> entries = new LinkedHashMap<>(root.entries());
    if (keys.size() == 1) {
      entries.put(key, value);
    } else {
      YamlNode.Mapping inner =
          entries.get(key) instanceof YamlNode.Mapping mapping
              ? mapping
              : new YamlNode.Mapping(value.place(), Map.of());
      entries.put(key, with(inner, keys.subList(1, keys.size()), value));
    }
    return new YamlNode.Mapping(root.place(), entries);
  }

  private static RunConfig run(Section root) {
    if (root.integer("version") != RunConfig.VERSION) {
      throw root.wrong("version", "be " + RunConfig.VERSION);
    }
    DataConfig data = data(root.section("data"));
    boolean images = data.pool().source().isImages();
    PrivacyConfig privacy = privacy(root.section("privacy"));
    TeachersConfig teachers = teachers(root.section("teachers"), images);
    Optional<QueriesConfig> queries = queries(root, teachers);
    StudentConfig student = StudentReader.student(root.sectionOrEmpty("student"), images);
    ReleaseConfig release = release(root.sectionOrEmpty("release"));
    String name = root.optionalText("name").orElse(data.sensitive().id());
    long seed = root.integerOr("seed", 1);
    return root.build(
        () -> new RunConfig(name, seed, data, privacy, teachers, queries, student, release));
  }

  private static DataConfig data(Section section) {
    String root = section.optionalText("root").orElse(".");
    Optional<String> scratch = section.optionalText("scratch");
    SensitiveConfig sensitive = sensitive(section.section("sensitive"));
    PublicConfig pool = pool(section.section("public"));
    EvaluationConfig evaluation = evaluation(section.section("evaluation"));
    List<String> privileged = section.textsOr("privileged", List.of());
    return section.build(
        () -> new DataConfig(root, scratch, sensitive, pool, evaluation, privileged));
  }

  private static SensitiveConfig sensitive(Section section) {
    String id = section.text("id");
    DataSource source = source(section);
    boolean digits = source instanceof DataSource.Digits;
    int classes = digits ? section.countOr("classes", 10) : section.count("classes");
    List<String> names = section.optionalCells("classNames").orElse(List.of());
    Optional<String> column = section.optionalText("unitColumn");
    String unit =
        section.optionalText("privacyUnit").or(() -> column).orElse(SensitiveConfig.RECORD);
    long units = section.integer("units");
    if (source instanceof DataSource.Idx) {
      section.text("labels");
    }
    return section.build(
        () -> new SensitiveConfig(id, source, classes, names, unit, column, units));
  }

  private static PublicConfig pool(Section section) {
    String id = section.optionalText("id").orElse("public");
    DataSource source = source(section);
    LabelDisclosure labels = disclosure(section);
    return section.build(() -> new PublicConfig(id, source, labels));
  }

  private static LabelDisclosure disclosure(Section section) {
    String key = "publicLabels";
    if (section.isInteger(key)) {
      int rows = section.count(key);
      return section.build(() -> new LabelDisclosure(rows));
    }
    Map<String, LabelDisclosure> words =
        Map.of(Section.NONE, LabelDisclosure.none(), "all", LabelDisclosure.all());
    return section.choiceOr(key, words, LabelDisclosure.none());
  }

  private static EvaluationConfig evaluation(Section section) {
    String id = section.optionalText("id").orElse("evaluation");
    DataSource source = source(section);
    return section.build(() -> new EvaluationConfig(id, source));
  }

  private static DataSource source(Section section) {
    String format = section.text("format");
    return switch (format) {
      case "idx" -> idx(section);
      case "csv" -> table(section, format, DataSource.Csv::new);
      case "parquet" -> table(section, format, DataSource.Parquet::new);
      case "cifar10" -> cifar10(section);
      case "images" -> images(section);
      case "mat" -> mat(section);
      case "builtin:digits" -> digits(section);
      default ->
          throw section.wrong(
              "format", "be one of builtin:digits, cifar10, csv, idx, images, mat, parquet");
    };
  }

  /** Refuses the keys of other formats. */
  private static void only(Section section, String format, String... keys) {
    String[] others =
        SOURCE_KEYS.stream().filter(key -> !List.of(keys).contains(key)).toArray(String[]::new);
    section.refuse("with format " + format, others);
  }

  private static DataSource idx(Section section) {
    only(section, "idx", "images", "labels");
    String images = section.text("images");
    Optional<String> labels = section.optionalText("labels");
    RowRange rows = rows(section);
    return section.build(() -> new DataSource.Idx(images, labels, rows));
  }

  /** Makes the source of a table from its file, its schema's file and its rows. */
  private interface TableMaker {
    DataSource make(String file, String schema, RowRange rows);
  }

  private static DataSource table(Section section, String format, TableMaker maker) {
    only(section, format, "file", "schema");
    String file = section.text("file");
    String schema = section.text("schema");
    RowRange rows = rows(section);
    return section.build(() -> maker.make(file, schema, rows));
  }

  private static DataSource cifar10(Section section) {
    only(section, "cifar10", "files");
    List<String> files = section.textsOr("files", List.of());
    RowRange rows = rows(section);
    return section.build(() -> new DataSource.Cifar10(files, rows));
  }

  private static DataSource images(Section section) {
    only(section, "images", "file", "folder", "labels", "size", "channels");
    String file = section.text("file");
    String folder = section.optionalText("folder").orElse("");
    Optional<String> labels = section.optionalText("labels");
    Optional<ImageForm.Size> size = size(section);
    int channels = section.countOr("channels", 3);
    RowRange rows = rows(section);
    return section.build(
        () -> new DataSource.Images(file, folder, labels, new ImageForm(size, channels), rows));
  }

  private static Optional<ImageForm.Size> size(Section section) {
    if (!section.has("size")) {
      return Optional.empty();
    }
    Matcher matcher = SIZE.matcher(section.text("size"));
    if (!matcher.matches()) {
      throw section.wrong("size", "have the form 32x32: height, then width");
    }
    int height = Integer.parseInt(matcher.group(1));
    int width = Integer.parseInt(matcher.group(2));
    return Optional.of(section.parse("size", () -> new ImageForm.Size(height, width)));
  }

  private static DataSource mat(Section section) {
    only(section, "mat", "file");
    String file = section.text("file");
    RowRange rows = rows(section);
    return section.build(() -> new DataSource.Mat(file, rows));
  }

  private static DataSource digits(Section section) {
    only(section, "builtin:digits", "generatorSeed");
    long seed = section.integerOr("generatorSeed", 1);
    RowRange rows = rows(section);
    return section.build(() -> new DataSource.Digits(seed, rows));
  }

  private static RowRange rows(Section section) {
    if (!section.has("rows")) {
      return RowRange.all();
    }
    if (section.isInteger("rows")) {
      int count = section.count("rows");
      return section.parse("rows", () -> RowRange.of(0, count));
    }
    Matcher matcher = ROWS.matcher(section.text("rows"));
    if (!matcher.matches()) {
      throw section.wrong("rows", "have the form 0..9000, 9000..end or 9000");
    }
    int from = Integer.parseInt(matcher.group(1));
    boolean open = matcher.group(2).equals("end");
    int to = open ? RowRange.END : Integer.parseInt(matcher.group(2));
    return section.parse("rows", () -> RowRange.of(from, to));
  }

  private static PrivacyConfig privacy(Section section) {
    PrivacyParameters parameters = parameters(section);
    PrivacyParameters budget =
        section.optionalSection("budget").map(ConfigReader::parameters).orElse(parameters);
    Adjacency adjacency = section.choiceOr("adjacency", ADJACENCIES, Adjacency.ADD_REMOVE);
    String ledger = section.optionalText("ledger").orElse(LedgerLocation.SHARED);
    return section.build(
        () -> new PrivacyConfig(parameters, adjacency, new LedgerLocation(ledger), budget));
  }

  private static PrivacyParameters parameters(Section section) {
    double epsilon = section.decimal("epsilon");
    double delta = section.decimal("delta");
    return section.build(() -> new PrivacyParameters(epsilon, delta));
  }

  private static TeachersConfig teachers(Section section, boolean images) {
    String kind = section.optionalText("kind").orElse(TeachersConfig.ENSEMBLE);
    return switch (kind) {
      case TeachersConfig.ENSEMBLE -> ensemble(section, images);
      case TeachersConfig.MODELS, TeachersConfig.ONNX -> models(section, images);
      case TeachersConfig.PRIVATE_HEAD -> privateHead(section, images);
      case TeachersConfig.DP_SGD -> dpSgd(section, images);
      default -> throw section.wrong("kind", "be one of ensemble, models, private-head, dp-sgd");
    };
  }

  private static TeachersConfig privateHead(Section section, boolean images) {
    section.refuse(
        "with kind private-head",
        "count",
        "shardKey",
        "augmentation",
        "answer",
        "temperature",
        "hint");
    section.refuse("with kind private-head", MODEL_KEYS);
    section.refuse("with kind private-head", OF_NETWORK);
    BackboneConfig backbone = backbone(section.sectionOrEmpty("backbone"), images);
    double penalty = section.decimalOr("headPenalty", 10);
    PrivateHeadConfig byDefault = PrivateHeadConfig.DEFAULT;
    int steps = section.countOr("steps", byDefault.steps());
    double clipNorm = section.decimalOr("clipNorm", byDefault.clipNorm());
    double rate = section.decimalOr("learningRate", byDefault.learningRate());
    double momentum = section.decimalOr("momentum", byDefault.momentum());
    double averaged = section.decimalOr("averagedShare", byDefault.averagedShare());
    int components = section.countOr("components", byDefault.components());
    double floor = section.decimalOr("whiteningFloor", byDefault.whiteningFloor());
    return section.build(
        () ->
            TeachersConfig.ofHead(
                backbone,
                penalty,
                new PrivateHeadConfig(
                    steps, clipNorm, rate, momentum, averaged, components, floor)));
  }

  private static TeachersConfig dpSgd(Section section, boolean images) {
    section.refuse("with kind dp-sgd", "count", "shardKey", "answer", "temperature", "hint");
    section.refuse("with kind dp-sgd", "averagedShare", "components", "whiteningFloor");
    section.refuse("with kind dp-sgd", MODEL_KEYS);
    BackboneConfig backbone = backbone(section.sectionOrEmpty("backbone"), images);
    double penalty = section.decimalOr("headPenalty", 10);
    DpSgdConfig network = network(section, images, backbone);
    return section.build(() -> TeachersConfig.ofNetwork(backbone, penalty, network));
  }

  private static DpSgdConfig network(Section section, boolean images, BackboneConfig backbone) {
    DpSgdConfig byDefault = DpSgdConfig.usual(images, Optional.of(DpSgdConfig.USUAL_BATCH));
    List<String> layers = section.textsOr("layers", byDefault.layers());
    Optional<Integer> batch =
        section.isInteger("batchSize")
            ? Optional.of(section.count("batchSize"))
            : section.choiceOr(
                "batchSize",
                Map.of(DpSgdConfig.ALL, Optional.<Integer>empty()),
                byDefault.batchSize());
    double clipNorm = section.decimalOr("clipNorm", byDefault.clipNorm());
    DpSgdConfig.Descent descent = descent(section);
    int blocks = section.countOr("blocks", DpSgdConfig.blocks(descent.steps()));
    Optional<TeacherAugmentationConfig> augmentation =
        section.has("augmentation")
            ? teacherAugmentation(section, images, backbone)
            : byDefault.augmentation();
    Optional<BackboneConfig.ScheduleConfig> pretraining =
        section.optionalSection("pretraining").map(before -> schedule(before, images));
    int microBatch = section.countOr("microBatch", byDefault.microBatch());
    return section.build(
        () ->
            new DpSgdConfig(
                layers, batch, clipNorm, descent, blocks, augmentation, pretraining, microBatch));
  }

  private static DpSgdConfig.Descent descent(Section section) {
    Optimizer optimizer = section.choiceOr("optimizer", Words.all(Optimizer.class), Optimizer.SGD);
    DpSgdConfig.Descent byDefault = DpSgdConfig.Descent.usual(optimizer);
    int steps = section.countOr("steps", byDefault.steps());
    double rate = section.decimalOr("learningRate", byDefault.learningRate());
    RateSchedule schedule =
        section.choiceOr(
            "learningRateSchedule", Words.all(RateSchedule.class), byDefault.schedule());
    double momentum = section.decimalOr("momentum", byDefault.momentum());
    double decay = section.decimalOr("averageDecay", byDefault.averageDecay());
    return section.build(
        () -> new DpSgdConfig.Descent(steps, optimizer, rate, schedule, momentum, decay));
  }

  private static BackboneConfig.ScheduleConfig schedule(Section section, boolean images) {
    int epochs = section.countOr("epochs", 2);
    int batchSize = section.countOr("batchSize", 64);
    double learningRate = section.decimalOr("learningRate", 1e-3);
    Optional<AugmentationConfig> augmentation = augmentation(section, images);
    return section.build(
        () -> new BackboneConfig.ScheduleConfig(epochs, batchSize, learningRate, augmentation));
  }

  private static TeachersConfig ensemble(Section section, boolean images) {
    section.refuse("with kind ensemble", HEAD_KEYS);
    section.refuse("with kind ensemble", MODEL_KEYS);
    section.refuse("with kind ensemble", OF_NETWORK);
    int count = section.count("count");
    String shardKey = section.optionalText("shardKey").orElse(TeachersConfig.DEFAULT_SHARD_KEY);
    BackboneConfig backbone = backbone(section.sectionOrEmpty("backbone"), images);
    double penalty = section.decimalOr("headPenalty", 10);
    Optional<TeacherAugmentationConfig> augmentation =
        teacherAugmentation(section, images, backbone);
    boolean vote = section.choiceOr("answer", Map.of("vote", true, "soft", false), true);
    double temperature = section.decimalOr("temperature", 0.1);
    Optional<TeachersConfig.HintRelease> hint =
        section.optionalSection("hint").map(ConfigReader::hintRelease);
    return section.build(
        () ->
            new TeachersConfig(
                count,
                shardKey,
                backbone,
                penalty,
                augmentation,
                vote,
                temperature,
                hint,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  private static TeachersConfig models(Section section, boolean images) {
    section.refuse("with kind models", HEAD_KEYS);
    section.refuse("with kind models", OF_NETWORK);
    section.refuse("with kind models", "shardKey", "augmentation", "hint");
    List<String> files = modelFiles(section);
    if (section.text("status").equals("public")) {
      throw section.wrong(
          "status",
          "be disjoint-shards, dp or none; a model of public data alone is a backbone for teachers:"
              + " teachers.backbone.type model");
    }
    ModelFilesConfig.Status status =
        section.choice("status", Words.all(ModelFilesConfig.Status.class));
    Optional<String> input = section.optionalText("input");
    String output = section.text("output");
    ModelTeacherSpec.Scores scores =
        section.choice("scores", Words.all(ModelTeacherSpec.Scores.class));
    BackboneConfig backbone = backbone(section.sectionOrEmpty("backbone"), images);
    double penalty = section.decimalOr("headPenalty", 10);
    if (status == ModelFilesConfig.Status.DP) {
      section.refuse("with status dp, which answers without noise", "answer", "temperature");
    }
    boolean vote = section.choiceOr("answer", Map.of("vote", true, "soft", false), true);
    double temperature = section.decimalOr("temperature", 1);
    Optional<DeclaredTrainingConfig> training =
        section.has("dp") ? Optional.of(declaredTraining(section.section("dp"))) : Optional.empty();
    ModelFilesConfig models =
        section.build(() -> new ModelFilesConfig(files, status, input, output, scores, training));
    return section.build(
        () ->
            new TeachersConfig(
                files.size(),
                TeachersConfig.DEFAULT_SHARD_KEY,
                backbone,
                penalty,
                Optional.empty(),
                vote,
                temperature,
                Optional.empty(),
                Optional.empty(),
                Optional.of(models),
                Optional.empty()));
  }

  private static DeclaredTrainingConfig declaredTraining(Section section) {
    section.refuse(
        "because a ledger adds up steps, not epsilons: declare noiseMultiplier, steps and"
            + " samplingProbability of the training",
        "epsilon",
        "delta");
    double probability = section.decimalOr("samplingProbability", 1);
    double noise = section.decimal("noiseMultiplier");
    int steps = section.count("steps");
    String statement = section.text("statement");
    return section.build(() -> new DeclaredTrainingConfig(probability, noise, steps, statement));
  }

  /** A list, or a pattern whose star stands for the numbers from 0 to below count. */
  private static List<String> modelFiles(Section section) {
    if (!section.isText("files")) {
      List<String> files = section.textsOr("files", List.of());
      section.refuse("with a list of files", "count");
      return files;
    }
    String pattern = section.text("files");
    if (!pattern.contains(ModelFilesConfig.NUMBER)) {
      throw section.wrong("files", "be a list of files, or a pattern with a * for their numbers");
    }
    int count = section.count("count");
    section.build(
        () -> {
          Checks.count("count", count, 1, MOST_MODELS);
          return count;
        });
    return IntStream.range(0, count)
        .mapToObj(i -> pattern.replace(ModelFilesConfig.NUMBER, Integer.toString(i)))
        .toList();
  }

  private static TeachersConfig.HintRelease hintRelease(Section section) {
    double clipNorm = section.decimal("clipNorm");
    double share = section.decimal("budgetShare");
    return section.build(() -> new TeachersConfig.HintRelease(clipNorm, share));
  }

  private static BackboneConfig backbone(Section section, boolean images) {
    String type = section.optionalText("type").orElse(images ? "patches" : "standardized");
    return switch (type) {
      case "patches" -> patches(section, images);
      case "standardized" -> standardized(section);
      case "supervised" -> supervised(section, images);
      case "model" -> modelBackbone(section);
      default -> throw section.wrong("type", "be one of patches, standardized, supervised, model");
    };
  }

  private static BackboneConfig standardized(Section section) {
    section.refuse("with type standardized", OF_PATCHES);
    section.refuse("with type standardized", OF_MODEL);
    section.refuse("with type standardized", OF_SUPERVISED);
    return new BackboneConfig.Standardized();
  }

  private static BackboneConfig patches(Section section, boolean images) {
    if (!images) {
      throw section.wrong("type", "be standardized or supervised for data that are no images");
    }
    section.refuse("with type patches", OF_SUPERVISED);
    section.refuse("with type patches", OF_MODEL);
    BackboneConfig.Patches byDefault = BackboneConfig.Patches.DEFAULT;
    int patch = section.countOr("patch", byDefault.patch());
    int atoms = section.countOr("atoms", byDefault.atoms());
    double threshold = section.decimalOr("threshold", byDefault.threshold());
    int grid = section.countOr("grid", byDefault.grid());
    int samples = section.countOr("samples", byDefault.samples());
    return section.build(() -> new BackboneConfig.Patches(patch, atoms, threshold, grid, samples));
  }

  /** A model of public data alone, whose layer is what all teachers share. */
  private static BackboneConfig modelBackbone(Section section) {
    section.refuse("with type model", OF_PATCHES);
    section.refuse("with type model", OF_SUPERVISED);
    String file = section.text("file");
    Optional<String> input = section.optionalText("input");
    String output = section.text("output");
    return section.build(() -> new BackboneConfig.Model(file, input, output));
  }

  private static BackboneConfig supervised(Section section, boolean images) {
    section.refuse("with type supervised", OF_PATCHES);
    section.refuse("with type supervised", OF_MODEL);
    List<String> layers = section.textsOr("layers", Layers.byDefault(images));
    BackboneConfig.ScheduleConfig schedule = schedule(section, images);
    return section.build(() -> new BackboneConfig.Supervised(layers, schedule));
  }

  /** Images are distorted by default; rows of a table cannot be. */
  static Optional<AugmentationConfig> augmentation(Section parent, boolean images) {
    return augmentationSection(parent, images)
        .map(section -> distortion(section, AugmentationConfig.DEFAULT));
  }

  /** By default where features are cheap to make: there copies cost little. */
  private static Optional<TeacherAugmentationConfig> teacherAugmentation(
      Section parent, boolean images, BackboneConfig backbone) {
    if (!parent.has("augmentation") && !(backbone instanceof BackboneConfig.Patches)) {
      return Optional.empty();
    }
    TeacherAugmentationConfig byDefault = TeacherAugmentationConfig.DEFAULT;
    return augmentationSection(parent, images)
        .map(
            section -> {
              int copies = section.countOr("copies", byDefault.copies());
              AugmentationConfig distortion = distortion(section, byDefault.distortion());
              return section.build(() -> new TeacherAugmentationConfig(copies, distortion));
            });
  }

  private static Optional<Section> augmentationSection(Section parent, boolean images) {
    if (!images && parent.has("augmentation") && !parent.isNone("augmentation")) {
      throw parent.wrong("augmentation", "be none for data that are no images");
    }
    return !images || parent.isNone("augmentation")
        ? Optional.empty()
        : Optional.of(parent.sectionOrEmpty("augmentation"));
  }

  private static AugmentationConfig distortion(Section section, AugmentationConfig byDefault) {
    double rotation = section.decimalOr("rotation", byDefault.rotation());
    double scale = section.decimalOr("scale", byDefault.scale());
    double shear = section.decimalOr("shear", byDefault.shear());
    double shift = section.decimalOr("shift", byDefault.shift());
    double elastic = section.decimalOr("elastic", byDefault.elastic());
    return section.build(() -> new AugmentationConfig(rotation, scale, shear, shift, elastic));
  }

  /** A private head is released itself, so that asking it costs nothing and needs no plan. */
  private static Optional<QueriesConfig> queries(Section root, TeachersConfig teachers) {
    if (teachers.released()) {
      root.refuse(
          "with teachers."
              + (teachers.declaredTraining().isPresent() ? "status dp" : "kind " + teachers.kind())
              + ", which answers every public example",
          "queries");
      return Optional.empty();
    }
    return Optional.of(queries(root.section("queries")));
  }

  private static QueriesConfig queries(Section section) {
    int count = section.count("count");
    QueriesConfig.Strategy strategy =
        section.choiceOr("strategy", STRATEGIES, QueriesConfig.Strategy.RANDOM);
    AnswerRelease release = answerRelease(section);
    return section.build(() -> new QueriesConfig(count, strategy, release));
  }

  private static AnswerRelease answerRelease(Section section) {
    String label = section.optionalText("release").orElse(AnswerRelease.ANSWERS);
    if (!label.equals(AnswerRelease.CONFIDENT_GNMAX)) {
      section.refuse("with release " + label, "threshold", "testShare");
    }
    return switch (label) {
      case AnswerRelease.ANSWERS -> new AnswerRelease.Answers();
      case AnswerRelease.PER_STEP -> new AnswerRelease.PerStep();
      case AnswerRelease.GNMAX -> new AnswerRelease.Gnmax();
      case AnswerRelease.CONFIDENT_GNMAX -> confidentGnmax(section);
      default ->
          throw section.wrong("release", "be one of answers, per-step, gnmax, confident-gnmax");
    };
  }

  private static AnswerRelease confidentGnmax(Section section) {
    AnswerRelease.ConfidentGnmax byDefault = AnswerRelease.ConfidentGnmax.DEFAULT;
    double threshold = section.decimalOr("threshold", byDefault.threshold());
    double share = section.decimalOr("testShare", byDefault.testShare());
    return section.build(() -> new AnswerRelease.ConfidentGnmax(threshold, share));
  }

  private static ReleaseConfig release(Section section) {
    Optional<String> key = section.optionalText("key");
    ReleaseConfig.Store store = section.choiceOr("store", KEY_STORES, ReleaseConfig.Store.PEM);
    Optional<String> alias = section.optionalText("alias");
    return section.build(() -> new ReleaseConfig(key, store, alias));
  }
}
