package io.rona.cli.run;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.LedgerLocation;
import io.rona.cli.config.RunConfig;
import io.rona.cli.ledger.InstallationKey;
import io.rona.cli.ledger.LedgerAccess;
import io.rona.cli.plan.Plan;
import io.rona.cli.plan.Planner;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.accounting.PrivacyFilter;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowStorage;
import io.rona.query.engine.Progress;
import io.rona.student.Student;
import io.rona.teacher.TeacherEnsemble;
import io.rona.teacher.TeacherSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains one student a trial on shared data and teachers, to compare them.
 *
 * <p><b>For data that are public in truth.</b> Every trial asks the same records, and whoever looks
 * at the results has used all of them: the cost of a comparison is that of all its releases
 * together. It is reserved in a ledger of the comparison's own like that of any run, release by
 * release, and reported. No bundle comes of it.
 *
 * <p>Trials that release the same answers share them: an answer that was paid for may be used again
 * at no cost. Executed again in the same directory, it goes on where it stopped.
 */
public final class Trials {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Covers the rounding of sums and of epsilon on the way to a budget and back. */
  private static final double ROOM = 1 + 1e-6;

  private final Surroundings surroundings;

  /**
   * Prepares trials.
   *
   * @param surroundings what they need from the world
   */
  public Trials(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Executes trials, or what an earlier execution in the same directory left of them.
   *
   * @param trials what is compared: configurations on the same data, of one delta, neighboring
   *     relation and seed, with a ledger of their own
   * @param out the comparison's directory; created if it is missing
   * @param progress hears of every stage
   * @return what came of them
   * @throws IOException if reading or writing fails
   * @throws ConfigException if the ledger is one that other runs share
   * @throws IllegalArgumentException if there is no trial, or they do not fit each other
   */
  public TrialSummary execute(List<Trial> trials, Path out, Progress progress) throws IOException {
    RunConfig first = requireComparable(trials);
    Map<String, Plan> releases = releases(trials);
    RunConfig together = withBudget(first, releases);
    try (RunDirectory directory = RunDirectory.open(out, together);
        RowStorage storage = first.data().storage(directory.root())) {
      LedgerAccess access =
          LedgerAccess.of(
              directory.root().resolve(LedgerLocation.FILE_NAME).toString(),
              surroundings.ronaHome(),
              surroundings.ledgerCredentials());
      InstallationKey key = access.installationKey(surroundings.clock(), surroundings.random());
      RunData data = RunData.read(together, key.bytes(), storage);
      directory.claim(together);
      key.keep();
      try (BudgetLedger ledger = access.openOrCreate(surroundings.clock())) {
        BudgetAccount account = DatasetAccount.of(together, data.sensitive());
        ledger.register(account);
        Schooling.Payment payment =
            new Schooling.Payment(
                account.key(), directory.runId(), ReleaseGuard.of(ledger, surroundings.noise()));
        return new Session(directory, data, payment, progress)
            .all(trials, together, releases.isEmpty() ? 0 : account.budget().epsilon());
      }
    }
  }

  private static RunConfig requireComparable(List<Trial> trials) {
    if (trials.isEmpty()) {
      throw new IllegalArgumentException("there must be a trial at least");
    }
    RunConfig first = trials.get(0).config();
    for (Trial trial : trials) {
      RunConfig config = trial.config();
      if (config.privacy().ledger().composesOverRuns()) {
        throw new ConfigException(
            "privacy.ledger",
            "must be run for a comparison, which has a ledger of its own, but is "
                + config.privacy().ledger().setting());
      }
      boolean fits =
          config.data().equals(first.data())
              && config.seed() == first.seed()
              && config.privacy().adjacency() == first.privacy().adjacency()
              && config.privacy().parameters().delta() == first.privacy().parameters().delta();
      if (!fits) {
        throw new IllegalArgumentException(
            "trials must have data, seed, neighboring relation and delta in common");
      }
    }
    return first;
  }

  /** What is released in all, each release once. */
  private static Map<String, Plan> releases(List<Trial> trials) {
    Map<String, Plan> releases = new LinkedHashMap<>();
    for (Trial trial : trials) {
      if (trial.answered()) {
        releases.put(trial.config().releaseFingerprint(), Planner.plan(trial.config()));
      }
    }
    return releases;
  }

  /**
   * A budget that all releases together spend. What sampled steps cost depends on it, though
   * little, so that it is raised until it covers its own costs.
   */
  private static RunConfig withBudget(RunConfig config, Map<String, Plan> releases) {
    PrivacyParameters budget = config.privacy().parameters();
    if (!releases.isEmpty()) {
      double squares = cost(budget, releases);
      budget = parameters(squares, budget.delta());
      while (!(cost(budget, releases) <= PrivacyFilter.gaussian(budget).limit())) {
        squares = Math.max(squares * ROOM, cost(budget, releases));
        budget = parameters(squares, budget.delta());
      }
    }
    return config.withPrivacy(config.privacy().parameters(), budget);
  }

  private static double cost(PrivacyParameters budget, Map<String, Plan> releases) {
    PrivacyFilter filter = PrivacyFilter.gaussian(budget);
    return releases.values().stream().mapToDouble(plan -> filter.cost(plan.event())).sum();
  }

  private static PrivacyParameters parameters(double squares, double delta) {
    return new PrivacyParameters(
        GaussianDp.epsilon(Math.sqrt(squares) * ROOM, delta) * ROOM, delta);
  }

  /** One execution with everything at hand. */
  private final class Session {
    private final RunDirectory directory;
    private final RunData data;
    private final Schooling.Payment payment;
    private final Progress progress;
    private final Map<TeacherSpec, TeacherEnsemble> ensembles = new HashMap<>();

    Session(RunDirectory directory, RunData data, Schooling.Payment payment, Progress progress) {
      this.directory = directory;
      this.data = data;
      this.payment = payment;
      this.progress = progress;
    }

    TrialSummary all(List<Trial> trials, RunConfig together, double epsilonTogether)
        throws IOException {
      List<TrialResult> results = new ArrayList<>();
      for (Trial trial : trials) {
        progress.update("trials", results.size(), trials.size());
        results.add(result(trial));
      }
      progress.update("trials", trials.size(), trials.size());
      return new TrialSummary(
          together.name(),
          epsilonTogether,
          together.privacy().parameters().delta(),
          together.privacy().adjacency().label(),
          together.seed(),
          results);
    }

    private TrialResult result(Trial trial) throws IOException {
      String id = trial.config().fingerprint().substring(0, 16) + (trial.answered() ? "" : "-open");
      Path place = directory.trials().resolve(id);
      Path file = place.resolve("result.json");
      if (Files.exists(file)) {
        TrialResult kept = JSON.readValue(Files.readString(file), TrialResult.class);
        return new TrialResult(
            trial.name(),
            kept.epsilon(),
            kept.studentAccuracy(),
            kept.teacherAccuracy(),
            kept.released(),
            kept.seconds());
      }
      Files.createDirectories(place);
      TrialResult result = trial.answered() ? answered(trial, place) : open(trial, place);
      directory.write(
          directory.root().relativize(file).toString(),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
      return result;
    }

    private TrialResult answered(Trial trial, Path place) throws IOException {
      RunConfig config = trial.config();
      Schooling schooling = schooling(trial, place);
      long start = surroundings.nanoTime().getAsLong();
      Schooling.Taught taught =
          schooling.teach(() -> ensemble(config, schooling), payment, surroundings.random());
      return new TrialResult(
          trial.name(),
          config.privacy().parameters().epsilon(),
          accuracy(taught.student()),
          taught.teachers().accuracy(),
          taught.teachers().released(),
          secondsSince(start));
    }

    private TrialResult open(Trial trial, Path place) throws IOException {
      if (!data.labels().any()) {
        return new TrialResult(trial.name(), null, null, null, 0, 0);
      }
      Schooling schooling = schooling(trial, place);
      TeacherEnsemble teachers = ensemble(trial.config(), schooling);
      long start = surroundings.nanoTime().getAsLong();
      Student student = schooling.byPublicData(teachers.backbone());
      return new TrialResult(trial.name(), null, accuracy(student), null, 0, secondsSince(start));
    }

    private double accuracy(Student student) {
      ExampleSet seen = data.studentEvaluation();
      return Pipeline.accuracy(student::logits, seen);
    }

    private double secondsSince(long start) {
      return (surroundings.nanoTime().getAsLong() - start) / 1e9;
    }

    private Schooling schooling(Trial trial, Path place) {
      RunConfig config = trial.config();
      Progress told =
          (stage, done, total) -> progress.update(trial.name() + ", " + stage, done, total);
      Schooling.Places places =
          new Schooling.Places(
              directory.teachers().resolve(teachers(config)),
              directory.answers().resolve(config.releaseFingerprint().substring(0, 16)),
              place.resolve("student"));
      return new Schooling(config, Planner.plan(config), data, places, told);
    }

    /** A network's checkpoints belong to its noise, other teachers' to all trials of their kind. */
    private static String teachers(RunConfig config) {
      String kind = config.teachers().kind();
      return config.teachers().dpSgd().isPresent()
          ? kind + "-" + config.releaseFingerprint().substring(0, 16)
          : kind;
    }

    /** Trained once for all trials of the same teachers. */
    private TeacherEnsemble ensemble(RunConfig config, Schooling schooling) throws IOException {
      TeacherSpec spec = Specs.teachers(config);
      TeacherEnsemble found = ensembles.get(spec);
      if (found == null) {
        found = schooling.trainTeachers();
        ensembles.put(spec, found);
      }
      return found;
    }
  }
}
