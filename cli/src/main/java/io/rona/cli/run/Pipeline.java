package io.rona.cli.run;

import io.rona.cli.config.AnswerRelease;
import io.rona.cli.config.ConfigException;
import io.rona.cli.config.PrivateHeadConfig;
import io.rona.cli.config.QueriesConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.ledger.InstallationKey;
import io.rona.cli.ledger.LedgerAccess;
import io.rona.cli.plan.Plan;
import io.rona.cli.plan.Planner;
import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.certificate.PrivacyGuarantee;
import io.rona.privacy.certificate.SigningKey;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.ledger.LedgerExtract;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.ExampleSet;
import io.rona.query.engine.Progress;
import io.rona.query.select.PoolView;
import io.rona.query.select.SelectionStrategy;
import io.rona.student.Student;
import io.rona.student.StudentStore;
import io.rona.student.StudentTrainer;
import io.rona.teacher.EnsembleStore;
import io.rona.teacher.NoConfidentAnswerException;
import io.rona.teacher.PrivateHead;
import io.rona.teacher.PrivateHeadTrainer;
import io.rona.teacher.PublicOnlyModel;
import io.rona.teacher.ReleasePlan;
import io.rona.teacher.StepOracle;
import io.rona.teacher.TeacherEnsemble;
import io.rona.teacher.TeacherOracle;
import io.rona.teacher.TeacherTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The main job: sensitive data, teachers, queries, noised answers, student, bundle.
 *
 * <p>Everything that can be checked is checked before anything is trained, everything is trained
 * before anything is spent, and everything that is spent is spent through one {@link
 * TeacherOracle}, or by the steps of one {@link PrivateHeadTrainer}. Run again on the same
 * directory, it goes on where it stopped.
 */
public final class Pipeline implements RunExecutor {

  private final Surroundings surroundings;

  /**
   * Prepares the pipeline.
   *
   * @param surroundings what a run needs from the world
   */
  public Pipeline(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public RunSummary execute(RunConfig config, Path out, Progress progress) throws IOException {
    long start = surroundings.nanoTime().getAsLong();
    try (RunDirectory directory = RunDirectory.open(out, config)) {
      if (Files.exists(directory.summary()) && Files.exists(directory.bundle())) {
        surroundings.notices().accept("this run is complete: " + directory.bundle());
        return RunSummaryFile.read(directory.summary());
      }
      LedgerAccess access = ledger(config, directory);
      InstallationKey key = access.installationKey(surroundings.clock(), surroundings.random());
      RunData data = RunData.read(config, key.bytes());
      directory.claim(config);
      key.keep();
      try (BudgetLedger ledger = access.openOrCreate(surroundings.clock())) {
        Run run = new Run(config, directory, data, ledger, progress);
        return run.toTheEnd(start);
      }
    }
  }

  private LedgerAccess ledger(RunConfig config, RunDirectory directory) {
    Path home = surroundings.ronaHome();
    String place = config.privacy().ledger().resolve(directory.root(), home);
    return LedgerAccess.of(place, home, surroundings.ledgerCredentials());
  }

  /** A student and who taught it. */
  private record Taught(Student student, Measurements.Teachers teachers) {}

  /** One run with everything at hand. */
  private final class Run {
    private final RunConfig config;
    private final RunDirectory directory;
    private final RunData data;
    private final BudgetLedger ledger;
    private final Progress progress;
    private final Plan plan;
    private final BudgetAccount account;

    Run(
        RunConfig config,
        RunDirectory directory,
        RunData data,
        BudgetLedger ledger,
        Progress progress) {
      this.config = config;
      this.directory = directory;
      this.data = data;
      this.ledger = ledger;
      this.progress = progress;
      this.plan = Planner.plan(config);
      this.account = DatasetAccount.of(config, data.sensitive());
    }

    RunSummary toTheEnd(long start) throws IOException {
      ledger.register(account);
      AccountKey key = account.key();
      if (!directory.hasAnswers()) {
        requireAffordable(ledger.status(key));
      }
      // Asked for now, not after hours: the passphrase may be wrong, the token out.
      Optional<SigningKey> signer =
          Files.exists(directory.bundle())
              ? Optional.empty()
              : Optional.of(BundleKey.open(config.release(), surroundings));
      Taught taught =
          config.teachers().head().isPresent()
              ? taughtByHead(config.teachers().head().get(), key)
              : taughtByEnsemble(config.queries().orElseThrow(), key);
      Optional<Student> publicStudent = trainPublicStudent(taught.teachers().publicOnly());
      StudentDescription description = new StudentDescription(config, data.table());
      StudentFiles files =
          StudentFiles.write(directory.studentFiles(), taught.student(), description);
      Measurements measured =
          Measurements.of(
              data.evaluation(),
              taught.teachers(),
              taught.student(),
              publicStudent,
              files.check(taught.student(), data.evaluation()));
      LedgerExtract extract = ledger.extract(key);
      PrivacyGuarantee guarantee =
          Guarantees.of(extract, directory.runId(), config, plan, surroundings.clock().instant());
      if (signer.isPresent()) {
        new ReleaseBundle(config, plan, description)
            .write(directory.bundle(), signer.get(), files, extract, guarantee, measured);
      }
      double seconds = (surroundings.nanoTime().getAsLong() - start) / 1e9;
      RunSummary summary = RunSummaryFile.of(config, plan, guarantee, measured, seconds);
      RunSummaryFile.write(directory, summary);
      return summary;
    }

    private Taught taughtByEnsemble(QueriesConfig asked, AccountKey key) throws IOException {
      TeacherEnsemble ensemble = trainTeachers();
      QueryBatch queries = selectQueries(ensemble, asked);
      return asked.release() instanceof AnswerRelease.PerStep
          ? taughtStepByStep(ensemble, queries, key)
          : taughtByAnswers(ensemble, queries, key);
    }

    private Taught taughtByAnswers(TeacherEnsemble ensemble, QueryBatch queries, AccountKey key)
        throws IOException {
      TeacherOracle oracle = oracle(ensemble, key);
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

    private Taught taughtStepByStep(TeacherEnsemble ensemble, QueryBatch queries, AccountKey key)
        throws IOException {
      StepOracle.Plan steps =
          new StepOracle.Plan(
              key,
              directory.runId(),
              Specs.answerRule(config),
              plan.targets().noiseMultiplier(),
              Specs.distillationSteps(config));
      ReleaseGuard guard = ReleaseGuard.of(ledger, surroundings.noise());
      Student student =
          studentTrainer()
              .train(
                  data.pool(),
                  data.labels(),
                  ensemble.backbone(),
                  new StudentTrainer.StepByStep(
                      queries,
                      config.data().sensitive().classes(),
                      new StepOracle(ensemble, steps, guard, directory.answers())));
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

    private Taught taughtByHead(PrivateHeadConfig head, AccountKey key) throws IOException {
      PrivateHead taught =
          new PrivateHeadTrainer(
                  Specs.privateHead(config, head),
                  new EnsembleStore(directory.teachers()),
                  progress)
              .train(
                  data.sensitive(),
                  data.pool(),
                  data.labeledPool(),
                  new PrivateHeadTrainer.Release(
                      key, directory.runId(), plan.targets().noiseMultiplier()),
                  ReleaseGuard.of(ledger, surroundings.noise()),
                  directory.answers());
      Student student =
          studentTrainer()
              .train(data.pool(), data.labels(), taught.publicOnly().backbone(), taught.head());
      return new Taught(student, Measurements.Teachers.of(data.evaluation(), taught));
    }

    /** Refuses before hours of training what the ledger would refuse after them. */
    private void requireAffordable(BudgetStatus status) {
      double cost = PrivacyFilter.gaussian(account.budget()).cost(plan.event());
      if (!(cost <= status.remaining())) {
        throw new BudgetExceededException(account.key(), cost, status.remaining());
      }
    }

    private TeacherEnsemble trainTeachers() throws IOException {
      return new TeacherTrainer(
              Specs.teachers(config), new EnsembleStore(directory.teachers()), progress)
          .train(data.sensitive(), data.pool(), data.labeledPool());
    }

    private QueryBatch selectQueries(TeacherEnsemble ensemble, QueriesConfig asked) {
      PoolView view = PoolView.of(data.pool(), config.seed());
      if (ensemble.publicOnly().labeled()) {
        INDArray inputs = data.pool().examples().features();
        view =
            view.withProbabilities(
                ensemble.publicOnly().probabilities(inputs, config.teachers().temperature()));
      }
      int[] chosen = SelectionStrategy.ofName(asked.strategy().label()).select(view, asked.count());
      return QueryBatch.of(data.pool(), chosen);
    }

    private TeacherOracle oracle(TeacherEnsemble ensemble, AccountKey key) throws IOException {
      ReleasePlan release =
          new ReleasePlan(
              key,
              directory.runId(),
              Specs.answerRule(config),
              Specs.answerForm(config.queries().orElseThrow(), plan),
              plan.targets().noiseMultiplier(),
              plan.hints()
                  .map(
                      hints ->
                          new ReleasePlan.HintRelease(
                              config.teachers().hint().orElseThrow().clipNorm(),
                              hints.noiseMultiplier())));
      return new TeacherOracle(
          ensemble, release, ReleaseGuard.of(ledger, surroundings.noise()), directory.answers());
    }

    private StudentTrainer studentTrainer() throws IOException {
      return new StudentTrainer(
          Specs.student(config), new StudentStore(directory.student()), progress);
    }

    /** What the sensitive data have bought is the difference to this student. */
    private Optional<Student> trainPublicStudent(PublicOnlyModel publicOnly) throws IOException {
      if (!config.student().publicBaseline() || !data.labels().any()) {
        return Optional.empty();
      }
      Progress told =
          (stage, done, total) -> progress.update("without answers, " + stage, done, total);
      return Optional.of(
          new StudentTrainer(
                  Specs.student(config), new StudentStore(directory.publicStudent()), told)
              .trainOnPublicData(
                  data.pool(),
                  data.labels(),
                  config.data().sensitive().classes(),
                  publicOnly.backbone()));
    }
  }

  /** Share of examples whose largest score is at the true class. */
  static double accuracy(INDArray scores, ExampleSet examples) {
    int[] predicted = scores.argMax(1).toIntVector();
    int[] labels = examples.labels();
    long right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += predicted[i] == labels[i] ? 1 : 0;
    }
    return right / (double) labels.length;
  }
}
