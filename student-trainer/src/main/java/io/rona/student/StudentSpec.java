package io.rona.student;

import io.rona.query.data.FeatureColumns;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.TrainingSchedule;
import java.util.List;
import java.util.Optional;

/**
 * How a student is built and trained.
 *
 * @param layers hidden layers of the network
 * @param phases what it learns, in which order
 * @param auxiliary the heavy student that goes through the phases in its place, if any
 * @param inputs which features of an example it sees, in training as in use; whoever teaches it may
 *     see them all (generalized distillation; Lopez-Paz, Bottou, Schoelkopf and Vapnik, 2015)
 * @param seed public seed of initial weights, order and distortion
 */
public record StudentSpec(
    List<LayerSpec> layers,
    Phases phases,
    Optional<Auxiliary> auxiliary,
    FeatureColumns inputs,
    long seed) {

  /**
   * Copies the list.
   *
   * @param layers hidden layers of the network
   * @param phases what it learns
   * @param auxiliary the heavy student in its place, if any
   * @param inputs which features of an example it sees
   * @param seed public seed
   */
  public StudentSpec {
    layers = List.copyOf(layers);
  }

  /**
   * The phases of a training in their order.
   *
   * <p>The first and the last, on public labels alone, make it a pre-trained distillation (Turc,
   * Chang, Lee and Toutanova, 2019, "Well-Read Students Learn Better"): hard labels, then the
   * answers to unlabeled examples, then hard labels again.
   *
   * @param pretraining on public labels before all others, if any
   * @param hint hint phase, if any
   * @param distillation distillation phase
   * @param selfLearning self-learning phase
   * @param fineTuning on public labels after all others, if any
   */
  public record Phases(
      Optional<TrainingSchedule> pretraining,
      Optional<HintPhase> hint,
      DistillationPhase distillation,
      SelfLearningPhase selfLearning,
      Optional<TrainingSchedule> fineTuning) {

    /** Tells whether a phase cannot do without public labels. */
    boolean needLabels() {
      return pretraining.isPresent() || fineTuning.isPresent();
    }
  }

  /**
   * Layers of the student learn to match hints (Romero et al., 2015, "FitNets"): released hints
   * where teachers gave them, else public features.
   *
   * @param dimension length of a projected public feature vector, at least 1; unused by released
   *     hints
   * @param schedule how long and how fast
   * @param matches what is compared how; if empty, the last hidden layer by squared error through a
   *     linear regressor
   */
  public record HintPhase(int dimension, TrainingSchedule schedule, List<Match> matches) {
    /**
     * Checks the dimension and copies the list.
     *
     * @param dimension length of a projected public feature vector
     * @param schedule how long and how fast
     * @param matches what is compared how
     * @throws IllegalArgumentException if the dimension is below 1
     */
    public HintPhase {
      if (!(dimension >= 1)) {
        throw new IllegalArgumentException(
            "hint dimension must be at least 1, but is " + dimension);
      }
      matches = List.copyOf(matches);
    }
  }

  /**
   * The student learns the released answers.
   *
   * @param temperature of the student's softmax at the start, greater than 0
   * @param finalTemperature at the end, greater than 0; in between it changes linearly
   * @param schedule how long and how fast
   */
  public record DistillationPhase(
      double temperature, double finalTemperature, TrainingSchedule schedule) {
    /**
     * Checks the temperatures.
     *
     * @param temperature of the student's softmax at the start
     * @param finalTemperature at the end
     * @param schedule how long and how fast
     * @throws IllegalArgumentException if a temperature is not greater than 0
     */
    public DistillationPhase {
      requirePositive("temperature", temperature);
      requirePositive("final temperature", finalTemperature);
    }

    /**
     * Returns the temperature at a point of the phase.
     *
     * @param progress part of the phase that is over, from 0 to 1
     */
    double temperatureAt(double progress) {
      return temperature + (finalTemperature - temperature) * progress;
    }
  }

  /**
   * The student learns public labels where there are any, and else its own beliefs brought up to
   * date with the released answers.
   *
   * @param rounds times the beliefs are renewed; 0 leaves the phase out
   * @param evidenceWeight weight of a released answer's likelihood against the student's belief,
   *     from 0 to 1; below 1 because the belief has learned from the answers already
   * @param sharpening factor on the student's logits before they become beliefs, at least 1
   * @param peers networks of the same shape and other initial weights that learn beside the student
   *     and share their beliefs with it (Blum and Mitchell, 1998; Zhang et al., 2018, "Deep Mutual
   *     Learning"); at least 0
   * @param schedule how long and how fast each round is
   */
  public record SelfLearningPhase(
      int rounds, double evidenceWeight, double sharpening, int peers, TrainingSchedule schedule) {
    /**
     * Checks the ranges.
     *
     * @param rounds times the beliefs are renewed
     * @param evidenceWeight weight of a released answer's likelihood
     * @param sharpening factor on the student's logits
     * @param peers networks that learn beside the student
     * @param schedule how long and how fast each round is
     * @throws IllegalArgumentException if a value is out of range
     */
    public SelfLearningPhase {
      if (!(rounds >= 0 && peers >= 0)) {
        throw new IllegalArgumentException(
            "rounds and peers must be at least 0, but are " + rounds + " and " + peers);
      }
      if (!(evidenceWeight >= 0 && evidenceWeight <= 1)) {
        throw new IllegalArgumentException(
            "evidence weight must lie between 0 and 1, but is " + evidenceWeight);
      }
      if (!(sharpening >= 1 && sharpening < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("sharpening must be at least 1, but is " + sharpening);
      }
    }
  }

  /**
   * A heavy student of the light one's kind (Passalis, Tzelepi and Tefas, 2020, "Heterogeneous
   * Knowledge Distillation Using Information Flow Modeling"). It goes through the phases, and the
   * light one learns from it: its classes by the divergence in both directions, its layers by
   * matches.
   *
   * @param widthFactor how many times as many channels and units as the light one it has, at least
   *     2
   * @param temperature of both students' softmax, greater than 0
   * @param schedule how long and how fast the light one learns from it
   * @param matches what layer is compared with what layer
   */
  public record Auxiliary(
      int widthFactor, double temperature, TrainingSchedule schedule, List<LayerMatch> matches) {
    /**
     * Checks the ranges and copies the list.
     *
     * @param widthFactor how many times as many channels and units
     * @param temperature of both students' softmax
     * @param schedule how long and how fast
     * @param matches what layer is compared with what layer
     * @throws IllegalArgumentException if a value is out of range
     */
    public Auxiliary {
      if (!(widthFactor >= 2)) {
        throw new IllegalArgumentException(
            "width factor must be at least 2, but is " + widthFactor);
      }
      requirePositive("temperature", temperature);
      matches = List.copyOf(matches);
    }

    /** The heavy student's hidden layers. */
    List<LayerSpec> layers(List<LayerSpec> light) {
      return light.stream().map(layer -> layer.widened(widthFactor)).toList();
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be greater than 0, but is " + value);
    }
  }
}
