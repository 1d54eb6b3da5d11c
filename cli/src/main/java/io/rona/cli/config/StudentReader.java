package io.rona.cli.config;

import io.rona.query.engine.RateSchedule;
import io.rona.student.MatchLoss;
import io.rona.student.WeightSchedule;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what a configuration says of the student. */
final class StudentReader {

  /** A student that has learned everything is moved little by few labels. */
  private static final double FINE_TUNING_SHARE = 0.1;

  private StudentReader() {}

  /** Reads the section {@code student}. */
  static StudentConfig student(Section section, boolean images) {
    List<String> layers = section.textsOr("layers", Layers.byDefault(images));
    int batchSize = section.countOr("batchSize", 64);
    double learningRate = section.decimalOr("learningRate", 1e-3);
    RateSchedule rate =
        section.choiceOr(
            "learningRateSchedule", Words.all(RateSchedule.class), RateSchedule.COSINE);
    Optional<AugmentationConfig> augmentation = ConfigReader.augmentation(section, images);
    StudentConfig.Phases phases = phases(section, layers.size(), learningRate);
    Optional<StudentConfig.Auxiliary> auxiliary =
        section.optionalSection("auxiliary").map(heavy -> auxiliary(heavy, layers.size()));
    boolean publicBaseline = section.flagOr("publicBaseline", true);
    return section.build(
        () ->
            new StudentConfig(
                layers,
                batchSize,
                learningRate,
                rate,
                augmentation,
                phases,
                auxiliary,
                publicBaseline));
  }

  private static StudentConfig.Phases phases(Section section, int layers, double learningRate) {
    return new StudentConfig.Phases(
        section.optionalSection("pretraining").map(phase -> labels(phase, learningRate)),
        section.optionalSection("hint").map(hints -> hintPhase(hints, layers)),
        distillation(section.sectionOrEmpty("distillation")),
        selfLearning(section.sectionOrEmpty("selfLearning")),
        section
            .optionalSection("fineTuning")
            .map(phase -> labels(phase, learningRate * FINE_TUNING_SHARE)));
  }

  private static StudentConfig.LabelPhase labels(Section section, double byDefault) {
    int epochs = section.countOr("epochs", 6);
    double rate = section.decimalOr("learningRate", byDefault);
    return section.build(() -> new StudentConfig.LabelPhase(epochs, rate));
  }

  private static StudentConfig.HintPhase hintPhase(Section section, int layers) {
    int dimension = section.countOr("dimension", 32);
    int epochs = section.countOr("epochs", 2);
    List<MatchConfig> matches =
        matches(section, match -> match(match, layers, MatchConfig.ofHints(layers)), List.of());
    return section.build(() -> new StudentConfig.HintPhase(dimension, epochs, matches));
  }

  private static StudentConfig.Auxiliary auxiliary(Section section, int layers) {
    int factor = section.countOr("widthFactor", 4);
    double temperature = section.decimalOr("temperature", 1);
    int epochs = section.countOr("epochs", 12);
    List<LayerMatchConfig> matches =
        matches(
            section,
            match -> layerMatch(match, layers),
            List.of(new LayerMatchConfig(layers, MatchConfig.ofAuxiliary(layers))));
    return section.build(() -> new StudentConfig.Auxiliary(factor, temperature, epochs, matches));
  }

  private static <T> List<T> matches(
      Section section, Function<Section, T> reader, List<T> byDefault) {
    return section.has("matches")
        ? section.sections("matches").stream().map(reader).toList()
        : byDefault;
  }

  private static LayerMatchConfig layerMatch(Section section, int layers) {
    MatchConfig match = match(section, layers, MatchConfig.ofAuxiliary(layers));
    int teacherLayer = section.countOr("teacherLayer", match.layer());
    return section.build(() -> new LayerMatchConfig(teacherLayer, match).requireLayerOf(layers));
  }

  private static MatchConfig match(Section section, int layers, MatchConfig byDefault) {
    int layer = section.countOr("layer", byDefault.layer());
    MatchLoss loss = section.choiceOr("loss", Words.all(MatchLoss.class), byDefault.loss());
    double weight = section.decimalOr("weight", byDefault.weight());
    MatchConfig.Projection projection =
        section.choiceOr(
            "projection", Words.all(MatchConfig.Projection.class), byDefault.projection());
    WeightSchedule schedule =
        section.choiceOr("schedule", Words.all(WeightSchedule.class), byDefault.schedule());
    return section.build(
        () -> new MatchConfig(layer, loss, weight, projection, schedule).requireLayerOf(layers));
  }

  private static StudentConfig.Distillation distillation(Section section) {
    StudentConfig.Distillation byDefault = StudentConfig.Distillation.DEFAULT;
    double temperature = section.decimalOr("temperature", byDefault.temperature());
    double end = section.decimalOr("finalTemperature", temperature);
    int epochs = section.countOr("epochs", byDefault.epochs());
    return section.build(() -> new StudentConfig.Distillation(temperature, end, epochs));
  }

  private static StudentConfig.SelfLearning selfLearning(Section section) {
    StudentConfig.SelfLearning byDefault = StudentConfig.SelfLearning.DEFAULT;
    int rounds = section.countOr("rounds", byDefault.rounds());
    int epochs = section.countOr("epochs", byDefault.epochs());
    double evidence = section.decimalOr("evidenceWeight", byDefault.evidenceWeight());
    double sharpening = section.decimalOr("sharpening", byDefault.sharpening());
    int peers = section.countOr("peers", byDefault.peers());
    return section.build(
        () -> new StudentConfig.SelfLearning(rounds, epochs, evidence, sharpening, peers));
  }
}
