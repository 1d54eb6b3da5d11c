package io.rona.cli.config;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.Sha256;
import io.rona.query.data.RowRange;
import java.util.Optional;

/**
 * Everything that a run is told; immutable, checked, complete.
 *
 * @param name name of the run in reports
 * @param seed public seed of everything random that is not noise
 * @param data the three data sets
 * @param privacy what the run may spend
 * @param teachers the ensemble of teachers
 * @param queries which inputs the teachers are asked; empty for a private head, which is itself
 *     released and may be asked everything
 * @param student the student and its phases
 * @param release the bundle that is released
 */
public record RunConfig(
    String name,
    long seed,
    DataConfig data,
    PrivacyConfig privacy,
    TeachersConfig teachers,
    Optional<QueriesConfig> queries,
    StudentConfig student,
    ReleaseConfig release) {
  /** Version of the configuration's form. */
  public static final int VERSION = 1;

  /**
   * Checks what holds between sections.
   *
   * @param name name of the run in reports
   * @param seed public seed
   * @param data the three data sets
   * @param privacy what the run may spend
   * @param teachers the ensemble of teachers
   * @param queries which inputs the teachers are asked; empty for a model that is itself released
   *     and may be asked everything
   * @param student the student and its phases
   * @param release the bundle that is released
   * @throws IllegalArgumentException if delta is not below 1 by the declared number of units, if
   *     there are more teachers than units or more queries than rows, or if the backbone needs
   *     labels that are not public
   */
  public RunConfig {
    Checks.name("name", name);
    // The ledger knows the run by its name and a random id behind it.
    Checks.require(name.length() <= 64, "name", "be at most 64 characters long", name);
    long units = data.sensitive().units();
    requireSmall("privacy.delta", privacy.parameters().delta(), units);
    requireSmall("privacy.budget.delta", privacy.budget().delta(), units);
    Checks.require(
        teachers.count() <= units,
        "teachers.count",
        "be at most data.sensitive.units = " + units,
        teachers.count());
    RowRange rows = data.pool().source().rows();
    Checks.require(
        teachers.released() != queries.isPresent(),
        "queries",
        "be given if and only if teachers.kind is neither "
            + TeachersConfig.PRIVATE_HEAD
            + " nor "
            + TeachersConfig.DP_SGD
            + ", and teachers.status not dp",
        queries.isPresent() ? "given" : "missing");
    int asked = queries.map(QueriesConfig::count).orElse(0);
    Checks.require(
        rows.isOpen() || asked <= rows.to() - rows.from(),
        "queries.count",
        "be at most the rows of data.public = " + (rows.to() - rows.from()),
        asked);
    queries.ifPresent(found -> requireFitting(found, teachers));
    if (teachers.dpSgd().isPresent()) {
      requireFitting(teachers.dpSgd().get(), data, privacy);
    }
    teachers.declaredTraining().ifPresent(training -> requireFitting(training, privacy));
    Checks.require(
        !(teachers.backbone() instanceof BackboneConfig.Supervised)
            || !data.pool().labels().isNone(),
        "teachers.backbone.type",
        "be patches or standardized where data.public.publicLabels is none",
        "supervised");
    if (data.pool().labels().isNone()) {
      requireNone("student.pretraining", student.phases().pretraining());
      requireNone("student.fineTuning", student.phases().fineTuning());
    }
  }

  private static void requireNone(String key, Optional<StudentConfig.LabelPhase> phase) {
    Checks.require(phase.isEmpty(), key, "be none where data.public.publicLabels is none", "given");
  }

  /** Classes are chosen by votes, and hints stand beside answers that are released once. */
  private static void requireFitting(QueriesConfig queries, TeachersConfig teachers) {
    AnswerRelease release = queries.release();
    boolean answers = release instanceof AnswerRelease.Answers;
    Checks.require(
        answers || release instanceof AnswerRelease.PerStep || teachers.vote(),
        "teachers.answer",
        "be vote with queries.release " + release.label(),
        "soft");
    Checks.require(
        answers || teachers.hint().isEmpty(),
        "teachers.hint",
        "be none with queries.release " + release.label(),
        "given");
  }

  /** Records are clipped one by one and drawn with a probability of at most 1. */
  private static void requireFitting(DpSgdConfig network, DataConfig data, PrivacyConfig privacy) {
    long units = data.sensitive().units();
    long batch = network.expectedBatch(units);
    Checks.require(
        batch <= units,
        "teachers.batchSize",
        "be at most data.sensitive.units = " + units + ", for a sampling rate of at most 1",
        batch);
    Checks.require(
        batch == units || privacy.adjacency() == Adjacency.ADD_REMOVE,
        "teachers.batchSize",
        "be all where privacy.adjacency is not add-remove",
        batch);
    Checks.require(
        data.sensitive().privacyUnit().equals(SensitiveConfig.RECORD),
        "data.sensitive.privacyUnit",
        "be record with teachers.kind dp-sgd, which clips record by record",
        data.sensitive().privacyUnit());
    Checks.require(
        network.pretraining().isEmpty() || !data.pool().labels().isNone(),
        "teachers.pretraining",
        "be none where data.public.publicLabels is none",
        "given");
  }

  /** No accountant charges samples under another relation. */
  private static void requireFitting(DeclaredTrainingConfig training, PrivacyConfig privacy) {
    Checks.require(
        training.samplingProbability() == 1 || privacy.adjacency() == Adjacency.ADD_REMOVE,
        "teachers.dp.samplingProbability",
        "be 1 where privacy.adjacency is not add-remove",
        training.samplingProbability());
  }

  /** The product may round to 1 from below; then delta is refused, which is the safe side. */
  private static void requireSmall(String key, double delta, long units) {
    Checks.require(
        delta * units < 1, key, "be less than 1/data.sensitive.units = 1/" + units, delta);
  }

  /**
   * Returns the same run with another budget.
   *
   * @param parameters what the run may spend
   * @param budget what all runs may spend together
   * @return equal but for the two
   */
  public RunConfig withPrivacy(PrivacyParameters parameters, PrivacyParameters budget) {
    PrivacyConfig other =
        new PrivacyConfig(parameters, privacy.adjacency(), privacy.ledger(), budget);
    return new RunConfig(name, seed, data, other, teachers, queries, student, release);
  }

  /**
   * Returns the same run with other teachers.
   *
   * @param other the teachers
   * @return equal but for the teachers
   */
  public RunConfig withTeachers(TeachersConfig other) {
    return new RunConfig(name, seed, data, privacy, other, queries, student, release);
  }

  /**
   * Returns the same run with a private head in place of its teachers: its own, if it has one, or
   * one with the usual settings.
   *
   * @return a run without queries
   */
  public RunConfig withPrivateHead() {
    TeachersConfig head = teachers.asHead(teachers.head().orElse(PrivateHeadConfig.DEFAULT));
    return new RunConfig(name, seed, data, privacy, head, Optional.empty(), student, release);
  }

  /**
   * Returns the same run with a network trained by DP-SGD in place of its teachers: its own, if it
   * has one, or one with the usual settings. All records take part in each of its steps where they
   * may not be sampled, or are no more than a usual batch.
   *
   * @return a run without queries
   * @throws IllegalArgumentException if the privacy unit is not a record
   */
  public RunConfig withDpSgd() {
    boolean sampled =
        privacy.adjacency() == Adjacency.ADD_REMOVE
            && data.sensitive().units() > DpSgdConfig.USUAL_BATCH;
    DpSgdConfig network =
        teachers
            .dpSgd()
            .orElseGet(
                () ->
                    DpSgdConfig.usual(
                        data.sensitive().source().isImages(),
                        sampled ? Optional.of(DpSgdConfig.USUAL_BATCH) : Optional.empty()));
    TeachersConfig other =
        TeachersConfig.ofNetwork(teachers.backbone(), teachers.headPenalty(), network);
    return new RunConfig(name, seed, data, privacy, other, Optional.empty(), student, release);
  }

  /**
   * Returns the same run, whose answers are released in another form.
   *
   * @param form the form
   * @return equal but for the form; the same run if it has no queries
   */
  public RunConfig withAnswerRelease(AnswerRelease form) {
    return withQueries(
        queries.map(asked -> new QueriesConfig(asked.count(), asked.strategy(), form)));
  }

  /**
   * Returns the same run, whose queries are chosen in another way.
   *
   * @param strategy the way
   * @return equal but for the way; the same run if it has no queries
   */
  public RunConfig withQueryStrategy(QueriesConfig.Strategy strategy) {
    return withQueries(
        queries.map(asked -> new QueriesConfig(asked.count(), strategy, asked.release())));
  }

  private RunConfig withQueries(Optional<QueriesConfig> asked) {
    return new RunConfig(name, seed, data, privacy, teachers, asked, student, release);
  }

  /**
   * Returns the same run with another student.
   *
   * @param other the student
   * @return equal but for the student
   */
  public RunConfig withStudent(StudentConfig other) {
    return new RunConfig(name, seed, data, privacy, teachers, queries, other, release);
  }

  /**
   * Returns what tells two configurations apart whose releases may differ: the {@link #fingerprint}
   * without the student, unless the student takes part in what is asked.
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String releaseFingerprint() {
    boolean stepByStep =
        queries.filter(asked -> asked.release() instanceof AnswerRelease.PerStep).isPresent();
    return stepByStep
        ? fingerprint()
        : Sha256.ofLines(ConfigWriter.writeForReleaseFingerprint(this));
  }

  /**
   * Returns the configuration in its canonical form: every key in a fixed order, defaults filled
   * in. Equal configurations give equal texts, and the text reads back as an equal configuration.
   *
   * @return YAML text
   */
  public String effectiveYaml() {
    return ConfigWriter.write(this);
  }

  /**
   * Returns the configuration as it may be released: canonical, without what only says where things
   * are on the curator's machine ({@code data.root}, {@code data.scratch}, {@code release}, a
   * ledger's path and the folders of absolute paths).
   *
   * @return YAML text; reads back as a configuration of equal {@link #fingerprint} where the ledger
   *     is not a path and no source has an absolute path
   */
  public String releasableYaml() {
    return ConfigWriter.writeForRelease(this);
  }

  /**
   * Returns what tells two configurations apart whose outputs may differ: SHA-256 of the canonical
   * form without {@code name}, {@code data.root}, {@code data.scratch} and {@code release}.
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String fingerprint() {
    return Sha256.ofLines(ConfigWriter.writeForFingerprint(this));
  }
}
