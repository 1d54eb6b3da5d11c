package io.rona.cli.config;

import io.rona.query.engine.RateSchedule;
import java.util.List;
import java.util.Optional;

/**
 * The student and its three phases.
 *
 * @param layers hidden layers in the short notation, at least one
 * @param batchSize examples a step, in all phases
 * @param learningRate step size at the start of each phase
 * @param learningRateSchedule how it changes over a phase
 * @param augmentation distortion of each example at each visit, if any
 * @param hint hint phase, if any
 * @param distillation distillation phase
 * @param selfLearning self-learning phase
 * @param publicBaseline whether the same student is trained without the answers too, to compare
 */
public record StudentConfig(
    List<String> layers,
    int batchSize,
    double learningRate,
    RateSchedule learningRateSchedule,
    Optional<AugmentationConfig> augmentation,
    Optional<HintPhase> hint,
    Distillation distillation,
    SelfLearning selfLearning,
    boolean publicBaseline) {
  /**
   * Checks the ranges.
   *
   * @param layers hidden layers in the short notation
   * @param batchSize examples a step
   * @param learningRate step size at the start of each phase
   * @param learningRateSchedule how it changes over a phase
   * @param augmentation distortion of each example
   * @param hint hint phase, if any
   * @param distillation distillation phase
   * @param selfLearning self-learning phase
   * @param publicBaseline whether the same student is trained without the answers too
   * @throws IllegalArgumentException if a value is out of range
   */
  public StudentConfig {
    layers = Layers.checked(layers);
    Checks.count("batchSize", batchSize, 1, 1_000_000);
    Checks.positive("learningRate", learningRate);
  }

  /**
   * Returns the same student with another hint phase.
   *
   * @param phase the phase, or none
   * @return equal but for the phase
   */
  public StudentConfig withHint(Optional<HintPhase> phase) {
    return withPhases(phase, distillation, selfLearning);
  }

  /**
   * Returns the same student without its self-learning phase.
   *
   * @return equal but for the phase
   */
  public StudentConfig withoutSelfLearning() {
    return withPhases(
        hint,
        distillation,
        new SelfLearning(
            0, selfLearning.epochs(), selfLearning.evidenceWeight(), selfLearning.sharpening()));
  }

  /**
   * Returns the same student with fewer epochs in each phase.
   *
   * @param share of the epochs, greater than 0 and at most 1; at least one epoch stays
   * @return equal but for the epochs
   */
  public StudentConfig withEpochsShare(double share) {
    return withPhases(
        hint.map(
            phase ->
                new HintPhase(phase.dimension(), fewer(phase.epochs(), share), phase.matches())),
        new Distillation(
            distillation.temperature(),
            distillation.finalTemperature(),
            fewer(distillation.epochs(), share)),
        new SelfLearning(
            selfLearning.rounds(),
            fewer(selfLearning.epochs(), share),
            selfLearning.evidenceWeight(),
            selfLearning.sharpening()));
  }

  private static int fewer(int epochs, double share) {
    return Math.toIntExact(Math.max(1, Math.round(epochs * share)));
  }

  private StudentConfig withPhases(
      Optional<HintPhase> hints, Distillation distilling, SelfLearning selfLearningPhase) {
    return new StudentConfig(
        layers,
        batchSize,
        learningRate,
        learningRateSchedule,
        augmentation,
        hints,
        distilling,
        selfLearningPhase,
        publicBaseline);
  }

  /**
   * The hint phase.
   *
   * @param dimension length of a projected public feature vector; unused by released hints
   * @param epochs passes over the queries
   * @param matches what is compared how; if empty, the last layer by squared error
   */
  public record HintPhase(int dimension, int epochs, List<MatchConfig> matches) {
    /**
     * Checks the ranges.
     *
     * @param dimension length of a projected public feature vector
     * @param epochs passes over the queries
     * @param matches what is compared how
     * @throws IllegalArgumentException if a value is out of range
     */
    public HintPhase {
      Checks.count("dimension", dimension, 1, 65_536);
      Checks.count("epochs", epochs, 1, 100_000);
      matches = List.copyOf(matches);
    }
  }

  /**
   * The distillation phase.
   *
   * @param temperature of the student's softmax at the start
   * @param finalTemperature at the end
   * @param epochs passes over the released answers
   */
  public record Distillation(double temperature, double finalTemperature, int epochs) {
    /** The phase where none is configured. */
    public static final Distillation DEFAULT = new Distillation(1, 1, 6);

    /**
     * Checks the ranges.
     *
     * @param temperature of the student's softmax at the start
     * @param finalTemperature at the end
     * @param epochs passes over the released answers
     * @throws IllegalArgumentException if a value is out of range
     */
    public Distillation {
      Checks.positive("temperature", temperature);
      Checks.positive("finalTemperature", finalTemperature);
      Checks.count("epochs", epochs, 1, 100_000);
    }
  }

  /**
   * The self-learning phase.
   *
   * @param rounds times the student's beliefs are renewed; 0 leaves the phase out
   * @param epochs passes over the pool in each round
   * @param evidenceWeight weight of a released answer's likelihood against the student's belief
   * @param sharpening factor on the student's logits before they become beliefs
   */
  public record SelfLearning(int rounds, int epochs, double evidenceWeight, double sharpening) {
    /** The phase where none is configured. */
    public static final SelfLearning DEFAULT = new SelfLearning(4, 6, 0.25, 2);

    /**
     * Checks the ranges.
     *
     * @param rounds times the student's beliefs are renewed
     * @param epochs passes over the pool in each round
     * @param evidenceWeight weight of a released answer's likelihood
     * @param sharpening factor on the student's logits
     * @throws IllegalArgumentException if a value is out of range
     */
    public SelfLearning {
      Checks.count("rounds", rounds, 0, 1000);
      Checks.count("epochs", epochs, 1, 100_000);
      Checks.between("evidenceWeight", evidenceWeight, 0, 1);
      Checks.between("sharpening", sharpening, 1, 1000);
    }
  }
}
