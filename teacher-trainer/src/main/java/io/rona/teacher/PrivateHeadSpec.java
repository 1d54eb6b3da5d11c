package io.rona.teacher;

import io.rona.query.HeadDescent;
import io.rona.query.features.UnitFeatures;

/**
 * How a private head is trained.
 *
 * @param backbone feature map learned from public data
 * @param whitening how public features are whitened
 * @param headPenalty ridge penalty of the public-only head, greater than 0
 * @param clipNorm L2 norm that the gradient of one privacy unit is clipped to, greater than 0
 * @param schedule how far and how fast the head descends
 * @param seed public seed of everything random in training
 */
public record PrivateHeadSpec(
    BackboneSpec backbone,
    UnitFeatures.Whitening whitening,
    double headPenalty,
    double clipNorm,
    HeadDescent.Schedule schedule,
    long seed) {
  /**
   * Checks the ranges.
   *
   * @param backbone feature map learned from public data
   * @param whitening how public features are whitened
   * @param headPenalty ridge penalty of the public-only head
   * @param clipNorm clip norm of one unit's gradient
   * @param schedule how far and how fast the head descends
   * @param seed public seed
   * @throws IllegalArgumentException if a value is out of range
   */
  public PrivateHeadSpec {
    requirePositive("head penalty", headPenalty);
    requirePositive("clip norm", clipNorm);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be greater than 0, but is " + value);
    }
  }
}
