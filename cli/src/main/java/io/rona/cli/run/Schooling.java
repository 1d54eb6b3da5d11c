package io.rona.cli.run;

import io.rona.cli.config.AnswerRelease;
import io.rona.cli.config.ConfigException;
import io.rona.cli.config.DeclaredTrainingConfig;
import io.rona.cli.config.DpSgdConfig;
import io.rona.cli.config.ModelFilesConfig;
import io.rona.cli.config.PrivateHeadConfig;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.plan.Plan;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.ReleasedModel;
import io.rona.query.data.ExampleBlocks;
import io.rona.query.engine.Progress;
import io.rona.query.features.FeatureMap;
import io.rona.query.select.PoolView;
import io.rona.query.select.SelectionStrategy;
import io.rona.student.Student;
import io.rona.student.StudentStore;
import io.rona.student.StudentTrainer;
import io.rona.teacher.AdmittedTeacher;
import io.rona.teacher.DpSgdTrainer;
import io.rona.teacher.EnsembleStore;
import io.rona.teacher.GradientRelease;
import io.rona.teacher.ModelTeacherLoader;
import io.rona.teacher.NoConfidentAnswerException;
import io.rona.teacher.PrivateHead;
import io.rona.teacher.PrivateHeadTrainer;
import io.rona.teacher.PrivateNetwork;
import io.rona.teacher.PublicOnlyModel;
import io.rona.teacher.ReleasePlan;
import io.rona.teacher.StepOracle;
import io.rona.teacher.TeacherEnsemble;
import io.rona.teacher.TeacherOracle;
import io.rona.teacher.TeacherTrainer;
import io.rona.teacher.TeachingData;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * From teachers to student: what a run and a comparison have in common.
 *
 * <p>Everything that is spent is spent through one oracle, by the steps of one training, or for the
 * steps of one that took place elsewhere.
 */
final class Schooling {

  private final RunConfig config;
  private final Plan plan;
  private final RunData data;
  private final Places places;
  private final Progress progress;

  /**
   * Where artefacts are kept, so that a stopped schooling goes on.
   *
   * @param teachers backbone and heads; sensitive
   * @param answers what was released
   * @param student the student's checkpoints
   */
  record Places(Path teachers, Path answers, Path student) {}

  /**
   * Who pays.
   *
   * @param account budget of the sensitive data set
   * @param runId name of the run in the ledger
   * @param guard noise and ledger
   */
  record Payment(AccountKey account, String runId, ReleaseGuard guard) {}

  /** A student and who taught it. */
  record Taught(Student student, Measurements.Teachers teachers) {}

  Schooling(RunConfig config, Plan plan, RunData data, Places places, Progress progress) {
    this.config = config;
    this.plan = plan;
    this.data = data;
    this.places = places;
    this.progress = progress;
  }

  /** Trains the ensemble, takes it up from where it is kept, or loads models brought along. */
  TeacherEnsemble trainTeachers() throws IOException {
    if (config.teachers().models().isPresent()) {
      return loader(config.teachers().models().get()).load(teachingData());
    }
    return new TeacherTrainer(
            Specs.teachers(config), new EnsembleStore(places.teachers()), progress)
        .train(teachingData());
  }

  private ModelTeacherLoader loader(ModelFilesConfig models) throws IOException {
    return new ModelTeacherLoader(
        Specs.modelTeachers(config, models), new EnsembleStore(places.teachers()), progress);
  }

  /** Teaches a student by an ensemble, as the configured queries say. */
  private Taught byEnsemble(TeacherEnsemble ensemble, Payment payment) throws IOException {
    QueriesConfig asked = config.queries().orElseThrow();
    QueryBatch queries = selectQueries(ensemble, asked);
    return asked.release() instanceof AnswerRelease.PerStep
        ? stepByStep(ensemble, queries, payment)
        : byAnswers(ensemble, queries, payment);
  }

  private Taught byAnswers(TeacherEnsemble ensemble, QueryBatch queries, Payment payment)
      throws IOException {
    TeacherOracle oracle = oracle(ensemble, payment);
    progress.update("answers", 0, 1);
    ReleasedKnowledge released = answers(oracle, queries);
    progress.update("answers", 1, 1);
    Student student =
        studentTrainer().train(data.pool(), data.labels(), ensemble.backbone(), released);
    return new Taught(
        student,
        Measurements.Teachers.of(
            data.evaluation(), ensemble, Specs.answerRule(config), released.batch().size()));
  }

  private Taught stepByStep(TeacherEnsemble ensemble, QueryBatch queries, Payment payment)
      throws IOException {
    StepOracle.Plan steps =
        new StepOracle.Plan(
            payment.account(),
            payment.runId(),
            Specs.answerRule(config),
            plan.targets().noiseMultiplier(),
            Specs.distillationSteps(config));
    Student student =
        studentTrainer()
            .train(
                data.pool(),
                data.labels(),
                ensemble.backbone(),
                new StudentTrainer.StepByStep(
                    queries,
                    config.data().sensitive().classes(),
                    new StepOracle(ensemble, steps, payment.guard(), places.answers())));
    return new Taught(
        student,
        Measurements.Teachers.of(
            data.evaluation(), ensemble, Specs.answerRule(config), plan.targets().answers()));
  }

  private static ReleasedKnowledge answers(TeacherOracle oracle, QueryBatch queries) {
    try {
      return oracle.answer(queries);
    } catch (NoConfidentAnswerException e) {
      throw new ConfigException("queries.threshold", String.valueOf(e.getMessage()));
    }
  }

  /** Gives the ensemble where one is asked. */
  @FunctionalInterface
  interface EnsembleSource {
    /** Trains the ensemble, or takes it from where it is. */
    TeacherEnsemble get() throws IOException;
  }

  /**
   * Teaches a student by whatever kind of teacher the configuration has.
   *
   * @param ensemble asked where the kind is an ensemble
   * @param payment who pays
   * @param random secret randomness that draws who takes part in a step of DP-SGD
   */
  Taught teach(EnsembleSource ensemble, Payment payment, SecureRandom random) throws IOException {
    if (config.teachers().dpSgd().isPresent()) {
      return byNetwork(config.teachers().dpSgd().get(), payment, random);
    }
    if (config.teachers().declaredTraining().isPresent()) {
      return byAdmittedModel(config.teachers().declaredTraining().get(), payment);
    }
    return config.teachers().head().isPresent()
        ? byHead(config.teachers().head().get(), payment)
        : byEnsemble(ensemble.get(), payment);
  }

  /** Teaches a student by a private head. */
  private Taught byHead(PrivateHeadConfig head, Payment payment) throws IOException {
    PrivateHead taught =
        new PrivateHeadTrainer(
                Specs.privateHead(config, head), new EnsembleStore(places.teachers()), progress)
            .train(teachingData(), gradients(payment));
    return byModel(taught.publicOnly(), taught.head());
  }

  /** Teaches a student by a network trained with DP-SGD. */
  private Taught byNetwork(DpSgdConfig network, Payment payment, SecureRandom random)
      throws IOException {
    PrivateNetwork taught =
        new DpSgdTrainer(
                Specs.dpSgd(config, network),
                new EnsembleStore(places.teachers()),
                random,
                progress)
            .train(teachingData(), gradients(payment));
    return byModel(taught.publicOnly(), taught.network());
  }

  /** Teaches a student by a model that was trained elsewhere with differential privacy. */
  private Taught byAdmittedModel(DeclaredTrainingConfig training, Payment payment)
      throws IOException {
    AdmittedTeacher admitted =
        loader(config.teachers().models().orElseThrow())
            .admit(teachingData(), Specs.declaredTraining(config, training), gradients(payment));
    return byModel(admitted.publicOnly(), admitted.model());
  }

  private TeachingData teachingData() {
    return new TeachingData(data.sensitive(), data.pool(), data.labeledPool());
  }

  private GradientRelease gradients(Payment payment) {
    return new GradientRelease(
        payment.account(),
        payment.runId(),
        plan.targets().noiseMultiplier(),
        payment.guard(),
        places.answers());
  }

  private Taught byModel(PublicOnlyModel publicOnly, ReleasedModel model) throws IOException {
    Student student =
        studentTrainer().train(data.pool(), data.labels(), publicOnly.backbone(), model);
    return new Taught(student, Measurements.Teachers.of(data.evaluation(), publicOnly, model));
  }

  /**
   * Teaches the same student by public data alone.
   *
   * @param backbone the feature map learned from public data
   */
  Student byPublicData(FeatureMap backbone) throws IOException {
    return studentTrainer()
        .trainOnPublicData(
            data.pool(), data.labels(), config.data().sensitive().classes(), backbone);
  }

  private QueryBatch selectQueries(TeacherEnsemble ensemble, QueriesConfig asked) {
    PoolView view = PoolView.of(data.pool(), config.seed());
    if (ensemble.publicOnly().labeled()) {
      double temperature = config.teachers().temperature();
      view =
          view.withProbabilities(
              ExampleBlocks.map(
                  data.pool().examples(),
                  inputs -> ensemble.publicOnly().probabilities(inputs, temperature)));
    }
    int[] chosen = SelectionStrategy.ofName(asked.strategy().label()).select(view, asked.count());
    return QueryBatch.of(data.pool(), chosen);
  }

  private TeacherOracle oracle(TeacherEnsemble ensemble, Payment payment) throws IOException {
    ReleasePlan release =
        new ReleasePlan(
            payment.account(),
            payment.runId(),
            Specs.answerRule(config),
            Specs.answerForm(config.queries().orElseThrow(), plan),
            plan.targets().noiseMultiplier(),
            plan.hints()
                .map(
                    hints ->
                        new ReleasePlan.HintRelease(
                            config.teachers().hint().orElseThrow().clipNorm(),
                            hints.noiseMultiplier())));
    return new TeacherOracle(ensemble, release, payment.guard(), places.answers());
  }

  private StudentTrainer studentTrainer() throws IOException {
    return new StudentTrainer(
        Specs.student(config, data.studentInputs()), new StudentStore(places.student()), progress);
  }
}
