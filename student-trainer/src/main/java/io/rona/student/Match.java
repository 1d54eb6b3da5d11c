package io.rona.student;

import io.rona.query.engine.Tap;
import java.util.Locale;

/**
 * One comparison of a student's layer with the hints, as in TextBrewer (Yang et al., 2020): layer,
 * loss, weight, projection.
 *
 * <p><b>Privacy.</b> The other side of a match is always something the student may see: hints that
 * were noised and released, or public features.
 *
 * @param layer hidden layer of the student, counted from 1
 * @param loss how the layer's outputs and the hints are compared
 * @param weight factor on the loss, greater than 0
 * @param projected true to compare what a linear regressor makes of the layer, which trains along
 *     and is dropped afterwards
 * @param schedule how the weight changes over the phase
 */
public record Match(
    int layer, MatchLoss loss, double weight, boolean projected, WeightSchedule schedule) {
  /**
   * Checks the combination.
   *
   * @param layer hidden layer of the student
   * @param loss how the layer's outputs and the hints are compared
   * @param weight factor on the loss
   * @param projected true to compare through a regressor
   * @param schedule how the weight changes over the phase
   * @throws IllegalArgumentException if a value is out of range, or the loss needs equal widths and
   *     has no regressor
   */
  public Match {
    if (!(layer >= 1)) {
      throw new IllegalArgumentException("layer must be at least 1, but is " + layer);
    }
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("weight must be greater than 0, but is " + weight);
    }
    if (!(projected || loss.anyWidth())) {
      throw new IllegalArgumentException(
          "projection must be linear for the loss "
              + loss.name().toLowerCase(Locale.ROOT).replace('_', ' ')
              + ", which compares entry by entry, but is none");
    }
  }

  /**
   * Compares entry by entry with squared error through a regressor, as FitNets do.
   *
   * @param layer hidden layer of the student, counted from 1
   * @return the match, of weight 1
   */
  public static Match squaredError(int layer) {
    return new Match(layer, MatchLoss.SQUARED_ERROR, 1, true, WeightSchedule.CONSTANT);
  }

  /**
   * Returns the output of the student that is compared.
   *
   * @param width length of what it is compared with
   */
  Tap tap(int width) {
    return new Tap(layer, projected ? width : 0);
  }
}
