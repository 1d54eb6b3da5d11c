package io.rona.cli.run;

import io.rona.cli.config.AnswerRelease;
import io.rona.cli.config.AugmentationConfig;
import io.rona.cli.config.BackboneConfig;
import io.rona.cli.config.DataConfig;
import io.rona.cli.config.DeclaredTrainingConfig;
import io.rona.cli.config.DpSgdConfig;
import io.rona.cli.config.LayerMatchConfig;
import io.rona.cli.config.MatchConfig;
import io.rona.cli.config.ModelFilesConfig;
import io.rona.cli.config.PrivateHeadConfig;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.StudentConfig;
import io.rona.cli.config.TeachersConfig;
import io.rona.cli.plan.Plan;
import io.rona.query.HeadDescent;
import io.rona.query.NetworkDescent;
import io.rona.query.data.FeatureColumns;
import io.rona.query.engine.ExampleModel;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.features.ImageAugmenter;
import io.rona.query.features.PatchFeatures;
import io.rona.query.features.UnitFeatures;
import io.rona.student.StudentSpec;
import io.rona.teacher.AnswerForm;
import io.rona.teacher.AnswerRule;
import io.rona.teacher.BackboneSpec;
import io.rona.teacher.DeclaredTraining;
import io.rona.teacher.DpSgdSpec;
import io.rona.teacher.ModelTeacherSpec;
import io.rona.teacher.PrivateHeadSpec;
import io.rona.teacher.PublicOnlySpec;
import io.rona.teacher.ShardAugmentation;
import io.rona.teacher.TeacherSpec;
import java.util.Optional;

/** Translates a configuration into what the modules take. */
final class Specs {

  private Specs() {}

  static TeacherSpec teachers(RunConfig config) {
    TeachersConfig teachers = config.teachers();
    return new TeacherSpec(
        teachers.count(),
        teachers.shardKey(),
        publicOnly(config),
        teachers
            .augmentation()
            .map(copies -> new ShardAugmentation(augmenter(copies.distortion()), copies.copies())));
  }

  static ModelTeacherSpec modelTeachers(RunConfig config, ModelFilesConfig models) {
    return new ModelTeacherSpec(
        models.files().stream().map(config.data()::resolve).toList(),
        models.input(),
        models.output(),
        models.scores(),
        publicOnly(config));
  }

  static DeclaredTraining declaredTraining(RunConfig config, DeclaredTrainingConfig training) {
    return new DeclaredTraining(
        training.samplingProbability(),
        training.noiseMultiplier(),
        training.steps(),
        config.data().resolve(training.statement()));
  }

  static PrivateHeadSpec privateHead(RunConfig config, PrivateHeadConfig head) {
    return new PrivateHeadSpec(
        publicOnly(config),
        new UnitFeatures.Whitening(head.components(), head.whiteningFloor()),
        head.clipNorm(),
        new HeadDescent.Schedule(
            head.steps(), head.learningRate(), head.momentum(), head.averagedShare()));
  }

  static DpSgdSpec dpSgd(RunConfig config, DpSgdConfig network) {
    DpSgdConfig.Descent descent = network.descent();
    return new DpSgdSpec(
        LayerSpec.parseAll(network.layers()),
        network.expectedBatch(config.data().sensitive().units()),
        network.clipNorm(),
        new NetworkDescent.Schedule(
            descent.steps(),
            descent.optimizer(),
            descent.learningRate(),
            descent.schedule(),
            descent.momentum(),
            descent.averageDecay()),
        network.blocks(),
        network
            .augmentation()
            .map(
                copies ->
                    new DpSgdSpec.Distortions(copies.copies(), augmenter(copies.distortion()))),
        network.pretraining().map(Specs::schedule),
        network.microBatch(),
        publicOnly(config));
  }

  private static PublicOnlySpec publicOnly(RunConfig config) {
    TeachersConfig teachers = config.teachers();
    return new PublicOnlySpec(
        backbone(config.data(), teachers.backbone()), teachers.headPenalty(), config.seed());
  }

  static AnswerRule answerRule(RunConfig config) {
    return new AnswerRule(config.teachers().vote(), config.teachers().temperature());
  }

  static AnswerForm answerForm(QueriesConfig queries, Plan plan) {
    AnswerRelease release = queries.release();
    if (release instanceof AnswerRelease.ConfidentGnmax confident) {
      return new AnswerForm.ConfidentNoisyMax(
          confident.threshold(), plan.test().orElseThrow().noiseMultiplier());
    }
    return release instanceof AnswerRelease.Gnmax
        ? new AnswerForm.NoisyMax()
        : new AnswerForm.Mean();
  }

  /** One step for each batch of each epoch of the distillation. */
  static int distillationSteps(RunConfig config) {
    int queries = config.queries().orElseThrow().count();
    return Math.toIntExact(phases(config.student()).distillation().schedule().steps(queries));
  }

  private static BackboneSpec backbone(DataConfig data, BackboneConfig config) {
    if (config instanceof BackboneConfig.Patches patches) {
      return new BackboneSpec.Patches(
          new PatchFeatures.Config(
              patches.patch(),
              patches.atoms(),
              patches.threshold(),
              patches.grid(),
              patches.samples()));
    }
    if (config instanceof BackboneConfig.Standardized) {
      return new BackboneSpec.Standardized();
    }
    if (config instanceof BackboneConfig.Model model) {
      return new BackboneSpec.Model(
          new ExampleModel.Source(data.resolve(model.file()), model.input(), model.output()));
    }
    BackboneConfig.Supervised supervised = (BackboneConfig.Supervised) config;
    return new BackboneSpec.Supervised(
        LayerSpec.parseAll(supervised.layers()), schedule(supervised.schedule()));
  }

  private static TrainingSchedule schedule(BackboneConfig.ScheduleConfig schedule) {
    return new TrainingSchedule(
        schedule.epochs(),
        schedule.batchSize(),
        schedule.learningRate(),
        schedule.augmentation().map(Specs::augmenter));
  }

  static StudentSpec student(RunConfig config, FeatureColumns inputs) {
    StudentConfig student = config.student();
    return new StudentSpec(
        LayerSpec.parseAll(student.layers()),
        phases(student),
        student.auxiliary().map(heavy -> auxiliary(student, heavy)),
        inputs,
        config.seed());
  }

  private static StudentSpec.Auxiliary auxiliary(
      StudentConfig student, StudentConfig.Auxiliary heavy) {
    return new StudentSpec.Auxiliary(
        heavy.widthFactor(),
        heavy.temperature(),
        schedule(student, heavy.epochs()),
        heavy.matches().stream().map(LayerMatchConfig::toMatch).toList());
  }

  private static StudentSpec.Phases phases(StudentConfig student) {
    StudentConfig.Phases phases = student.phases();
    StudentConfig.Distillation distillation = phases.distillation();
    StudentConfig.SelfLearning self = phases.selfLearning();
    return new StudentSpec.Phases(
        phases.pretraining().map(phase -> schedule(student, phase)),
        phases.hint().map(hint -> hintPhase(student, hint)),
        new StudentSpec.DistillationPhase(
            distillation.temperature(),
            distillation.finalTemperature(),
            schedule(student, distillation.epochs())),
        new StudentSpec.SelfLearningPhase(
            self.rounds(),
            self.evidenceWeight(),
            self.sharpening(),
            self.peers(),
            schedule(student, self.epochs())),
        phases.fineTuning().map(phase -> schedule(student, phase)));
  }

  private static StudentSpec.HintPhase hintPhase(
      StudentConfig student, StudentConfig.HintPhase hint) {
    return new StudentSpec.HintPhase(
        hint.dimension(),
        schedule(student, hint.epochs()),
        hint.matches().stream().map(MatchConfig::toMatch).toList());
  }

  private static TrainingSchedule schedule(StudentConfig student, StudentConfig.LabelPhase phase) {
    return schedule(student, phase.epochs(), phase.learningRate());
  }

  private static TrainingSchedule schedule(StudentConfig student, int epochs) {
    return schedule(student, epochs, student.learningRate());
  }

  private static TrainingSchedule schedule(StudentConfig student, int epochs, double learningRate) {
    Optional<ImageAugmenter> augmenter = student.augmentation().map(Specs::augmenter);
    return new TrainingSchedule(
        epochs, student.batchSize(), learningRate, student.learningRateSchedule(), augmenter);
  }

  private static ImageAugmenter augmenter(AugmentationConfig config) {
    return new ImageAugmenter(
        config.rotation(), config.scale(), config.shear(), config.shift(), config.elastic());
  }
}
