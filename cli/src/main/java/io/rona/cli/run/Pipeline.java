package io.rona.cli.run;

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
import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowStorage;
import io.rona.query.engine.Progress;
import io.rona.student.Student;
import io.rona.teacher.PublicOnlyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The main job: sensitive data, teachers, queries, noised answers, student, bundle.
 *
 * <p>Everything that can be checked is checked before anything is trained, teachers are trained
 * before anything is spent, and everything that is spent is spent by {@link Schooling}. Run again
 * on the same directory, it goes on where it stopped.
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
      try (RowStorage storage = config.data().storage(directory.root())) {
        RunData data = RunData.read(config, key.bytes(), storage);
        directory.claim(config);
        key.keep();
        try (BudgetLedger ledger = access.openOrCreate(surroundings.clock())) {
          Run run = new Run(config, directory, data, ledger, progress);
          return run.toTheEnd(start);
        }
      }
    }
  }

  private LedgerAccess ledger(RunConfig config, RunDirectory directory) {
    Path home = surroundings.ronaHome();
    String place = config.privacy().ledger().resolve(directory.root(), home);
    return LedgerAccess.of(place, home, surroundings.ledgerCredentials());
  }

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
      requireWithinRun(key);
      // A model from elsewhere is paid for, or known to be paid for, before anything is trained.
      if (!directory.hasAnswers() && config.teachers().declaredTraining().isEmpty()) {
        requireAffordable(ledger.status(key));
      }
      // Asked for now, not after hours: the passphrase may be wrong, the token out.
      Optional<SigningKey> signer =
          Files.exists(directory.bundle())
              ? Optional.empty()
              : Optional.of(BundleKey.open(config.release(), surroundings));
      Schooling.Taught taught = teach(key);
      Optional<Student> publicStudent = trainPublicStudent(taught.teachers().publicOnly());
      StudentDescription description = new StudentDescription(config, data.table());
      StudentFiles files =
          StudentFiles.write(directory.studentFiles(), taught.student(), description);
      InferenceTimer timer = new InferenceTimer(surroundings.nanoTime());
      Measurements measured =
          Measurements.of(
              data,
              taught.teachers(),
              taught.student(),
              publicStudent,
              files.check(taught.student(), data.studentEvaluation(), timer),
              timer);
      LedgerExtract extract = ledger.extract(key);
      PrivacyGuarantee guarantee =
          Guarantees.of(
              extract,
              directory.runId(),
              config,
              plan,
              taught.teachers().publicOnly().backbone(),
              surroundings.clock().instant());
      if (signer.isPresent()) {
        new ReleaseBundle(config, plan, description)
            .write(directory.bundle(), signer.get(), files, extract, guarantee, measured);
      }
      double seconds = (surroundings.nanoTime().getAsLong() - start) / 1e9;
      RunSummary summary = RunSummaryFile.of(config, plan, guarantee, measured, seconds);
      RunSummaryFile.write(directory, summary);
      return summary;
    }

    private Schooling.Taught teach(AccountKey key) throws IOException {
      Schooling schooling = schooling(directory.student(), progress);
      Schooling.Payment payment =
          new Schooling.Payment(
              key, directory.runId(), ReleaseGuard.of(ledger, surroundings.noise()));
      return schooling.teach(schooling::trainTeachers, payment, surroundings.random());
    }

    private Schooling schooling(Path student, Progress told) {
      Schooling.Places places =
          new Schooling.Places(directory.teachers(), directory.answers(), student);
      return new Schooling(config, plan, data, places, told);
    }

    /** The noise of others may be too small for what the run may spend, whatever the budget. */
    private void requireWithinRun(AccountKey key) {
      PrivacyFilter filter = PrivacyFilter.gaussian(config.privacy().parameters());
      double cost = filter.cost(plan.event());
      if (!(cost <= filter.limit())) {
        throw new BudgetExceededException(key, cost, filter.limit());
      }
    }

    /** Refuses before hours of training what the ledger would refuse after them. */
    private void requireAffordable(BudgetStatus status) {
      double cost = PrivacyFilter.gaussian(account.budget()).cost(plan.event());
      if (!(cost <= status.remaining())) {
        throw new BudgetExceededException(account.key(), cost, status.remaining());
      }
    }

    /** What the sensitive data have bought is the difference to this student. */
    private Optional<Student> trainPublicStudent(PublicOnlyModel publicOnly) throws IOException {
      if (!config.student().publicBaseline() || !data.labels().any()) {
        return Optional.empty();
      }
      Progress told =
          (stage, done, total) -> progress.update("without answers, " + stage, done, total);
      return Optional.of(
          schooling(directory.publicStudent(), told).byPublicData(publicOnly.backbone()));
    }
  }

  /** Share of examples whose largest score is at the true class. */
  static double accuracy(UnaryOperator<INDArray> scores, ExampleSet examples) {
    int[] predicted = ExampleBlocks.map(examples, scores).argMax(1).toIntVector();
    int[] labels = examples.labels();
    long right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += predicted[i] == labels[i] ? 1 : 0;
    }
    return right / (double) labels.length;
  }
}
