package io.rona.cli.config;

import io.rona.student.Match;
import io.rona.student.MatchLoss;
import io.rona.student.WeightSchedule;

/**
 * One comparison of a student's layer with hints, or with a layer of the heavy auxiliary student.
 *
 * @param layer hidden layer, counted from 1
 * @param loss how they are compared
 * @param weight factor on the loss
 * @param projection what stands between the layer and what it is compared with
 * @param schedule how the weight changes over the phase
 */
public record MatchConfig(
    int layer, MatchLoss loss, double weight, Projection projection, WeightSchedule schedule) {
  /** What stands between a layer and what it is compared with. */
  public enum Projection {
    /** A linear regressor, which trains along and is dropped. */
    LINEAR,
    /** Nothing. */
    NONE
  }

  /** Returns a comparison with hints where nothing is said of it. */
  static MatchConfig ofHints(int lastLayer) {
    return new MatchConfig(
        lastLayer, MatchLoss.SQUARED_ERROR, 1, Projection.LINEAR, WeightSchedule.CONSTANT);
  }

  /**
   * Returns a comparison with the heavy auxiliary student's layer where nothing is said of it: by
   * similarities within the batch, whose weight falls, as Passalis, Tzelepi and Tefas (2020) do.
   */
  static MatchConfig ofAuxiliary(int lastLayer) {
    return new MatchConfig(
        lastLayer, MatchLoss.SYMMETRIC_TRANSFER, 1, Projection.NONE, WeightSchedule.DECAY);
  }

  /**
   * Translates into what the student's trainer takes.
   *
   * @return the match
   * @throws IllegalArgumentException if a value is out of range or the combination is refused
   */
  public Match toMatch() {
    return new Match(layer, loss, weight, projection == Projection.LINEAR, schedule);
  }

  /** Refuses what the trainer would refuse, while the configuration is read. */
  MatchConfig requireLayerOf(int layers) {
    toMatch();
    Checks.count("layer", layer, 1, layers);
    return this;
  }
}
