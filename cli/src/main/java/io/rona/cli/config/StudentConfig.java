package io.rona.cli.config;

import io.rona.query.engine.RateSchedule;
import java.util.List;
import java.util.Optional;

/**
 * The student and its phases.
 *
 * @param layers hidden layers in the short notation, at least one
 * @param batchSize examples a step, in all phases
 * @param learningRate step size at the start of each phase that has none of its own
 * @param learningRateSchedule how it changes over a phase
 * @param augmentation distortion of each example at each visit, if any
 * @param phases what is learned, in which order
 * @param auxiliary the heavy student that goes through the phases in its place, if any
 * @param publicBaseline whether the same student is trained without the answers too, to compare
 */
public record StudentConfig(
    List<String> layers,
    int batchSize,
    double learningRate,
    RateSchedule learningRateSchedule,
    Optional<AugmentationConfig> augmentation,
    Phases phases,
    Optional<Auxiliary> auxiliary,
    boolean publicBaseline) {
  /**
   * Checks the ranges.
   *
   * @param layers hidden layers in the short notation
   * @param batchSize examples a step
   * @param learningRate step size at the start of a phase
   * @param learningRateSchedule how it changes over a phase
   * @param augmentation distortion of each example
   * @param phases what is learned
   * @param auxiliary the heavy student in its place, if any
   * @param publicBaseline whether the same student is trained without the answers too
   * @throws IllegalArgumentException if a value is out of range
   */
  public StudentConfig {
    layers = Layers.checked(layers);
    Checks.count("batchSize", batchSize, 1, 1_000_000);
    Checks.positive("learningRate", learningRate);
  }

  /**
   * Returns the same student with other phases.
   *
   * @param other the phases
   * @return equal but for the phases
   */
  public StudentConfig withPhases(Phases other) {
    return with(other, auxiliary);
  }

  /**
   * Returns the same student, which goes through the phases itself.
   *
   * @return equal but for the heavy student in its place
   */
  public StudentConfig withoutAuxiliary() {
    return with(phases, Optional.empty());
  }

  /**
   * Returns the same student with fewer epochs in all that is learned.
   *
   * @param share of the epochs, greater than 0 and at most 1; at least one epoch stays
   * @return equal but for the epochs
   */
  public StudentConfig withEpochsShare(double share) {
    return with(phases.withEpochsShare(share), auxiliary.map(heavy -> heavy.fewer(share)));
  }

  private StudentConfig with(Phases otherPhases, Optional<Auxiliary> otherAuxiliary) {
    return new StudentConfig(
        layers,
        batchSize,
        learningRate,
        learningRateSchedule,
        augmentation,
        otherPhases,
        otherAuxiliary,
        publicBaseline);
  }

  /**
   * The phases in their order.
   *
   * @param pretraining on public labels before all others, if any
   * @param hint hint phase, if any
   * @param distillation distillation phase
   * @param selfLearning self-learning phase
   * @param fineTuning on public labels after all others, if any
   */
  public record Phases(
      Optional<LabelPhase> pretraining,
      Optional<HintPhase> hint,
      Distillation distillation,
      SelfLearning selfLearning,
      Optional<LabelPhase> fineTuning) {

    /**
     * Returns the same phases with another hint phase.
     *
     * @param phase the phase, or none
     * @return equal but for the phase
     */
    public Phases withHint(Optional<HintPhase> phase) {
      return new Phases(pretraining, phase, distillation, selfLearning, fineTuning);
    }

    /**
     * Returns the same phases without the first on public labels.
     *
     * @return equal but for the pretraining
     */
    public Phases withoutPretraining() {
      return new Phases(Optional.empty(), hint, distillation, selfLearning, fineTuning);
    }

    /**
     * Returns the same phases without the last on public labels.
     *
     * @return equal but for the fine-tuning
     */
    public Phases withoutFineTuning() {
      return new Phases(pretraining, hint, distillation, selfLearning, Optional.empty());
    }

    /**
     * Returns the same phases without self learning.
     *
     * @return equal but for its rounds
     */
    public Phases withoutSelfLearning() {
      return new Phases(pretraining, hint, distillation, selfLearning.times(0, 1), fineTuning);
    }

    /**
     * Returns the same phases without peers in self learning.
     *
     * @return equal but for its peers
     */
    public Phases withoutPeers() {
      return new Phases(pretraining, hint, distillation, selfLearning.alone(), fineTuning);
    }

    private Phases withEpochsShare(double share) {
      return new Phases(
          pretraining.map(phase -> phase.fewer(share)),
          hint.map(
              phase ->
                  new HintPhase(phase.dimension(), fewer(phase.epochs(), share), phase.matches())),
          new Distillation(
              distillation.temperature(),
              distillation.finalTemperature(),
              fewer(distillation.epochs(), share)),
          selfLearning.times(selfLearning.rounds(), share),
          fineTuning.map(phase -> phase.fewer(share)));
    }
  }

  private static int fewer(int epochs, double share) {
    return Math.toIntExact(Math.max(1, Math.round(epochs * share)));
  }

  /**
   * A phase on public labels alone.
   *
   * @param epochs passes over the labeled examples
   * @param learningRate step size at the start
   */
  public record LabelPhase(int epochs, double learningRate) {
    /**
     * Checks the ranges.
     *
     * @param epochs passes over the labeled examples
     * @param learningRate step size at the start
     * @throws IllegalArgumentException if a value is out of range
     */
    public LabelPhase {
      Checks.count("epochs", epochs, 1, 100_000);
      Checks.positive("learningRate", learningRate);
    }

    private LabelPhase fewer(double share) {
      return new LabelPhase(StudentConfig.fewer(epochs, share), learningRate);
    }
  }

  /**
   * The heavy auxiliary student, and how the light one learns from it.
   *
   * @param widthFactor how many times as many channels and units it has
   * @param temperature of both students' softmax
   * @param epochs passes of the light one over the pool
   * @param matches what layer is compared with what layer; may be empty
   */
  public record Auxiliary(
      int widthFactor, double temperature, int epochs, List<LayerMatchConfig> matches) {
    /**
     * Checks the ranges.
     *
     * @param widthFactor how many times as many channels and units
     * @param temperature of both students' softmax
     * @param epochs passes of the light one over the pool
     * @param matches what layer is compared with what layer
     * @throws IllegalArgumentException if a value is out of range
     */
    public Auxiliary {
      Checks.count("widthFactor", widthFactor, 2, 64);
      Checks.positive("temperature", temperature);
      Checks.count("epochs", epochs, 1, 100_000);
      matches = List.copyOf(matches);
    }

    private Auxiliary fewer(double share) {
      return new Auxiliary(widthFactor, temperature, StudentConfig.fewer(epochs, share), matches);
    }
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
   * @param peers networks that learn beside the student and share their beliefs with it
   */
  public record SelfLearning(
      int rounds, int epochs, double evidenceWeight, double sharpening, int peers) {
    /** The phase where none is configured. */
    public static final SelfLearning DEFAULT = new SelfLearning(4, 6, 0.25, 2, 0);

    /**
     * Checks the ranges.
     *
     * @param rounds times the student's beliefs are renewed
     * @param epochs passes over the pool in each round
     * @param evidenceWeight weight of a released answer's likelihood
     * @param sharpening factor on the student's logits
     * @param peers networks that learn beside the student
     * @throws IllegalArgumentException if a value is out of range
     */
    public SelfLearning {
      Checks.count("rounds", rounds, 0, 1000);
      Checks.count("epochs", epochs, 1, 100_000);
      Checks.between("evidenceWeight", evidenceWeight, 0, 1);
      Checks.between("sharpening", sharpening, 1, 1000);
      Checks.count("peers", peers, 0, 100);
    }

    private SelfLearning times(int other, double epochsShare) {
      return new SelfLearning(other, fewer(epochs, epochsShare), evidenceWeight, sharpening, peers);
    }

    private SelfLearning alone() {
      return new SelfLearning(rounds, epochs, evidenceWeight, sharpening, 0);
    }
  }
}
