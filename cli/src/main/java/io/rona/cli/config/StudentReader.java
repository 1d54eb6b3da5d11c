package io.rona.cli.config;

import io.rona.query.engine.RateSchedule;
import io.rona.student.MatchLoss;
import io.rona.student.WeightSchedule;
import java.util.List;
import java.util.Optional;

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
    boolean publicBaseline = section.flagOr("publicBaseline", true);
    return section.build(
        () ->
            new StudentConfig(
                layers, batchSize, learningRate, rate, augmentation, phases, publicBaseline));
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
        section.has("matches")
            ? section.sections("matches").stream().map(match -> match(match, layers)).toList()
            : List.of();
    return section.build(() -> new StudentConfig.HintPhase(dimension, epochs, matches));
  }

  private static MatchConfig match(Section section, int layers) {
    int layer = section.countOr("layer", layers);
    MatchLoss loss = section.choiceOr("loss", Words.all(MatchLoss.class), MatchLoss.SQUARED_ERROR);
    double weight = section.decimalOr("weight", 1);
    MatchConfig.Projection projection =
        section.choiceOr(
            "projection", Words.all(MatchConfig.Projection.class), MatchConfig.Projection.LINEAR);
    WeightSchedule schedule =
        section.choiceOr("schedule", Words.all(WeightSchedule.class), WeightSchedule.CONSTANT);
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
    return section.build(
        () -> new StudentConfig.SelfLearning(rounds, epochs, evidence, sharpening));
  }
}
