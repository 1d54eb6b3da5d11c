package io.rona.cli.config;

import io.rona.privacy.PrivacyParameters;
import io.rona.query.data.RowRange;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes configurations in their canonical form. */
final class ConfigWriter {
  private ConfigWriter() {}

  static String write(RunConfig config) {
    return yaml(tree(config));
  }

  static String writeForFingerprint(RunConfig config) {
    return yaml(nameless(config));
  }

  static String writeForReleaseFingerprint(RunConfig config) {
    Map<String, Object> tree = nameless(config);
    tree.remove("student");
    return yaml(tree);
  }

  private static Map<String, Object> nameless(RunConfig config) {
    Map<String, Object> tree = withoutPlaces(config);
    tree.remove("name");
    return tree;
  }

  static String writeForRelease(RunConfig config) {
    Map<String, Object> tree = withoutPlaces(config);
    tree.computeIfPresent("data", (key, data) -> withoutFolders(data));
    tree.computeIfPresent("teachers", (key, teachers) -> withoutFolders(teachers));
    if (config.privacy().ledger().namesPlace()) {
      Map<String, Object> privacy = privacy(config.privacy());
      privacy.remove("ledger");
      tree.put("privacy", privacy);
    }
    return yaml(tree);
  }

  /** An absolute path tells of the machine; its last name suffices to know the file again. */
  private static Object withoutFolders(Object value) {
    if (value instanceof Map<?, ?> section) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      section.forEach((key, inner) -> copy.put(key, withoutFolders(inner)));
      return copy;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ConfigWriter::withoutFolders).toList();
    }
    return value instanceof String text && Path.of(text).isAbsolute()
        ? String.valueOf(Path.of(text).getFileName())
        : value;
  }

  private static Map<String, Object> withoutPlaces(RunConfig config) {
    Map<String, Object> tree = tree(config);
    tree.remove("release");
    Map<String, Object> data = data(config.data());
    data.remove("root");
    data.remove("scratch");
    tree.put("data", data);
    return tree;
  }

  private static Map<String, Object> tree(RunConfig config) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("version", RunConfig.VERSION);
    tree.put("name", config.name());
    tree.put("seed", config.seed());
    tree.put("data", data(config.data()));
    tree.put("privacy", privacy(config.privacy()));
    tree.put("teachers", teachers(config.teachers()));
    config.queries().ifPresent(queries -> tree.put("queries", queries(queries)));
    tree.put("student", student(config.student()));
    config.release().key().ifPresent(key -> tree.put("release", release(config.release(), key)));
    return tree;
  }

  private static Map<String, Object> data(DataConfig data) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("root", data.root());
    data.scratch().ifPresent(folder -> tree.put("scratch", folder));
    SensitiveConfig sensitive = data.sensitive();
    Map<String, Object> first = source(sensitive.id(), sensitive.source());
    first.put("classes", sensitive.classes());
    if (!sensitive.classNames().isEmpty()) {
      first.put("classNames", sensitive.classNames());
    }
    first.put("privacyUnit", sensitive.privacyUnit());
    sensitive.unitColumn().ifPresent(column -> first.put("unitColumn", column));
    first.put("units", sensitive.units());
    tree.put("sensitive", first);
    Map<String, Object> second = source(data.pool().id(), data.pool().source());
    LabelDisclosure labels = data.pool().labels();
    boolean word = labels.isNone() || labels.equals(LabelDisclosure.all());
    second.put("publicLabels", word ? labels.toString() : (Object) labels.firstRows());
    tree.put("public", second);
    tree.put("evaluation", source(data.evaluation().id(), data.evaluation().source()));
    if (!data.privileged().isEmpty()) {
      tree.put("privileged", data.privileged());
    }
    return tree;
  }

  private static Map<String, Object> source(String id, DataSource source) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", id);
    tree.put("format", source.format());
    if (source instanceof DataSource.Idx idx) {
      tree.put("images", idx.images());
      idx.labels().ifPresent(labels -> tree.put("labels", labels));
    } else if (source instanceof DataSource.Table table) {
      tree.put("file", table.file());
      tree.put("schema", table.schema());
    } else if (source instanceof DataSource.Cifar10 cifar) {
      tree.put("files", cifar.files());
    } else if (source instanceof DataSource.Images images) {
      images(images, tree);
    } else if (source instanceof DataSource.Mat mat) {
      tree.put("file", mat.file());
    } else if (source instanceof DataSource.Digits digits) {
      tree.put("generatorSeed", digits.generatorSeed());
    }
    if (!source.rows().equals(RowRange.all())) {
      tree.put("rows", source.rows().toString());
    }
    return tree;
  }

  private static void images(DataSource.Images images, Map<String, Object> tree) {
    tree.put("file", images.file());
    if (!images.folder().isEmpty()) {
      tree.put("folder", images.folder());
    }
    images.labels().ifPresent(labels -> tree.put("labels", labels));
    images.form().size().ifPresent(size -> tree.put("size", size.toString()));
    tree.put("channels", images.form().channels());
  }

  private static Map<String, Object> privacy(PrivacyConfig privacy) {
    Map<String, Object> tree = parameters(privacy.parameters());
    tree.put("adjacency", privacy.adjacency().label());
    tree.put("ledger", privacy.ledger().setting());
    tree.put("budget", parameters(privacy.budget()));
    return tree;
  }

  private static Map<String, Object> parameters(PrivacyParameters parameters) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("epsilon", parameters.epsilon());
    tree.put("delta", parameters.delta());
    return tree;
  }

  private static Map<String, Object> queries(QueriesConfig queries) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("count", queries.count());
    tree.put("strategy", queries.strategy().label());
    tree.put("release", queries.release().label());
    if (queries.release() instanceof AnswerRelease.ConfidentGnmax confident) {
      tree.put("threshold", confident.threshold());
      tree.put("testShare", confident.testShare());
    }
    return tree;
  }

  private static Map<String, Object> teachers(TeachersConfig teachers) {
    if (teachers.models().isPresent()) {
      return models(teachers, teachers.models().get());
    }
    return teachers
        .head()
        .map(head -> head(teachers, head))
        .or(() -> teachers.dpSgd().map(network -> network(teachers, network)))
        .orElseGet(() -> ensemble(teachers));
  }

  private static Map<String, Object> models(TeachersConfig teachers, ModelFilesConfig models) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", teachers.kind());
    tree.put("files", models.files());
    tree.put("status", Words.of(models.status()));
    models.training().ifPresent(training -> tree.put("dp", declaredTraining(training)));
    models.input().ifPresent(input -> tree.put("input", input));
    tree.put("output", models.output());
    tree.put("scores", Words.of(models.scores()));
    tree.put("backbone", backbone(teachers.backbone()));
    tree.put("headPenalty", teachers.headPenalty());
    if (!teachers.released()) {
      tree.put("answer", teachers.vote() ? "vote" : "soft");
      tree.put("temperature", teachers.temperature());
    }
    return tree;
  }

  private static Map<String, Object> declaredTraining(DeclaredTrainingConfig training) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("samplingProbability", training.samplingProbability());
    tree.put("noiseMultiplier", training.noiseMultiplier());
    tree.put("steps", training.steps());
    tree.put("statement", training.statement());
    return tree;
  }

  private static Map<String, Object> head(TeachersConfig teachers, PrivateHeadConfig head) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", teachers.kind());
    tree.put("steps", head.steps());
    tree.put("clipNorm", head.clipNorm());
    tree.put("learningRate", head.learningRate());
    tree.put("momentum", head.momentum());
    tree.put("averagedShare", head.averagedShare());
    tree.put("components", head.components());
    tree.put("whiteningFloor", head.whiteningFloor());
    tree.put("backbone", backbone(teachers.backbone()));
    tree.put("headPenalty", teachers.headPenalty());
    return tree;
  }

  private static Map<String, Object> network(TeachersConfig teachers, DpSgdConfig network) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", teachers.kind());
    tree.put("layers", network.layers());
    tree.put("batchSize", network.batchSize().<Object>map(size -> size).orElse(DpSgdConfig.ALL));
    tree.put("clipNorm", network.clipNorm());
    tree.put("steps", network.descent().steps());
    tree.put("optimizer", Words.of(network.descent().optimizer()));
    tree.put("learningRate", network.descent().learningRate());
    tree.put("learningRateSchedule", Words.of(network.descent().schedule()));
    tree.put("momentum", network.descent().momentum());
    tree.put("averageDecay", network.descent().averageDecay());
    tree.put("blocks", network.blocks());
    tree.put("augmentation", teacherAugmentation(network.augmentation()));
    tree.put(
        "pretraining",
        network.pretraining().<Object>map(ConfigWriter::schedule).orElse(Section.NONE));
    tree.put("microBatch", network.microBatch());
    tree.put("backbone", backbone(teachers.backbone()));
    tree.put("headPenalty", teachers.headPenalty());
    return tree;
  }

  private static Map<String, Object> schedule(BackboneConfig.ScheduleConfig schedule) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("epochs", schedule.epochs());
    tree.put("batchSize", schedule.batchSize());
    tree.put("learningRate", schedule.learningRate());
    tree.put("augmentation", augmentation(schedule.augmentation()));
    return tree;
  }

  private static Map<String, Object> ensemble(TeachersConfig teachers) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", teachers.kind());
    tree.put("count", teachers.count());
    tree.put("shardKey", teachers.shardKey());
    tree.put("backbone", backbone(teachers.backbone()));
    tree.put("headPenalty", teachers.headPenalty());
    tree.put("augmentation", teacherAugmentation(teachers.augmentation()));
    tree.put("answer", teachers.vote() ? "vote" : "soft");
    tree.put("temperature", teachers.temperature());
    tree.put("hint", teachers.hint().<Object>map(ConfigWriter::hint).orElse(Section.NONE));
    return tree;
  }

  private static Map<String, Object> hint(TeachersConfig.HintRelease hint) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("clipNorm", hint.clipNorm());
    tree.put("budgetShare", hint.budgetShare());
    return tree;
  }

  private static Map<String, Object> backbone(BackboneConfig backbone) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (backbone instanceof BackboneConfig.Patches patches) {
      tree.put("type", "patches");
      tree.put("patch", patches.patch());
      tree.put("atoms", patches.atoms());
      tree.put("threshold", patches.threshold());
      tree.put("grid", patches.grid());
      tree.put("samples", patches.samples());
    } else if (backbone instanceof BackboneConfig.Model model) {
      tree.put("type", "model");
      tree.put("file", model.file());
      model.input().ifPresent(input -> tree.put("input", input));
      tree.put("output", model.output());
    } else if (backbone instanceof BackboneConfig.Standardized) {
      tree.put("type", "standardized");
    } else if (backbone instanceof BackboneConfig.Supervised supervised) {
      tree.put("type", "supervised");
      tree.put("layers", supervised.layers());
      tree.putAll(schedule(supervised.schedule()));
    }
    return tree;
  }

  private static Object augmentation(Optional<AugmentationConfig> augmentation) {
    if (augmentation.isEmpty()) {
      return Section.NONE;
    }
    return distortion(augmentation.get());
  }

  private static Object teacherAugmentation(Optional<TeacherAugmentationConfig> augmentation) {
    if (augmentation.isEmpty()) {
      return Section.NONE;
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("copies", augmentation.get().copies());
    tree.putAll(distortion(augmentation.get().distortion()));
    return tree;
  }

  private static Map<String, Object> distortion(AugmentationConfig value) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("rotation", value.rotation());
    tree.put("scale", value.scale());
    tree.put("shear", value.shear());
    tree.put("shift", value.shift());
    tree.put("elastic", value.elastic());
    return tree;
  }

  private static Map<String, Object> student(StudentConfig student) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("layers", student.layers());
    tree.put("batchSize", student.batchSize());
    tree.put("learningRate", student.learningRate());
    tree.put("learningRateSchedule", Words.of(student.learningRateSchedule()));
    tree.put("augmentation", augmentation(student.augmentation()));
    tree.putAll(phases(student.phases()));
    tree.put(
        "auxiliary", student.auxiliary().<Object>map(ConfigWriter::auxiliary).orElse(Section.NONE));
    tree.put("publicBaseline", student.publicBaseline());
    return tree;
  }

  private static Map<String, Object> phases(StudentConfig.Phases phases) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("pretraining", labelPhase(phases.pretraining()));
    tree.put("hint", phases.hint().<Object>map(ConfigWriter::hintPhase).orElse(Section.NONE));
    Map<String, Object> distillation = new LinkedHashMap<>();
    distillation.put("temperature", phases.distillation().temperature());
    distillation.put("finalTemperature", phases.distillation().finalTemperature());
    distillation.put("epochs", phases.distillation().epochs());
    tree.put("distillation", distillation);
    tree.put("selfLearning", selfLearning(phases.selfLearning()));
    tree.put("fineTuning", labelPhase(phases.fineTuning()));
    return tree;
  }

  private static Object labelPhase(Optional<StudentConfig.LabelPhase> phase) {
    if (phase.isEmpty()) {
      return Section.NONE;
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("epochs", phase.get().epochs());
    tree.put("learningRate", phase.get().learningRate());
    return tree;
  }

  private static Map<String, Object> hintPhase(StudentConfig.HintPhase hint) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("dimension", hint.dimension());
    tree.put("epochs", hint.epochs());
    tree.put("matches", hint.matches().stream().map(ConfigWriter::match).toList());
    return tree;
  }

  private static Map<String, Object> auxiliary(StudentConfig.Auxiliary auxiliary) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("widthFactor", auxiliary.widthFactor());
    tree.put("temperature", auxiliary.temperature());
    tree.put("epochs", auxiliary.epochs());
    tree.put("matches", auxiliary.matches().stream().map(ConfigWriter::layerMatch).toList());
    return tree;
  }

  private static Map<String, Object> layerMatch(LayerMatchConfig match) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("teacherLayer", match.teacherLayer());
    tree.putAll(match(match.match()));
    return tree;
  }

  private static Map<String, Object> match(MatchConfig match) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("layer", match.layer());
    tree.put("loss", Words.of(match.loss()));
    tree.put("weight", match.weight());
    tree.put("projection", Words.of(match.projection()));
    tree.put("schedule", Words.of(match.schedule()));
    return tree;
  }

  private static Map<String, Object> selfLearning(StudentConfig.SelfLearning phase) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("rounds", phase.rounds());
    tree.put("epochs", phase.epochs());
    tree.put("evidenceWeight", phase.evidenceWeight());
    tree.put("sharpening", phase.sharpening());
    tree.put("peers", phase.peers());
    return tree;
  }

  private static String yaml(Map<String, Object> tree) {
    StringBuilder out = new StringBuilder();
    write(tree, "", out);
    return out.toString();
  }

  private static void write(Map<?, ?> tree, String indent, StringBuilder out) {
    tree.forEach(
        (key, value) -> {
          out.append(indent).append(key).append(':');
          if (value instanceof Map<?, ?> section) {
            out.append('\n');
            write(section, indent + "  ", out);
          } else {
            out.append(' ').append(scalar(value)).append('\n');
          }
        });
  }

  private static String scalar(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(ConfigWriter::scalar).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> section) {
      return section.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + scalar(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Double number) {
      return Decimals.shortest(number);
    }
    boolean plain = value instanceof Number || value instanceof Boolean;
    return plain ? value.toString() : quoted(value.toString());
  }

  /** Texts hold no control characters, so two escapes suffice for double quotes. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Map<String, Object> release(ReleaseConfig release, String key) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("key", key);
    release
        .alias()
        .ifPresent(
            alias -> {
              tree.put("store", release.store().label());
              tree.put("alias", alias);
            });
    return tree;
  }
}
