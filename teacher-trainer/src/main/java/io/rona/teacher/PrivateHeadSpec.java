package io.rona.teacher;

import io.rona.query.HeadDescent;

/**
 * How a private head is trained.
 *
 * @param backbone feature map learned from public data
 * @param whiteningFloor floor of the public whitening, greater than 0
 * @param headPenalty ridge penalty of the public-only head, greater than 0
 * @param clipNorm L2 norm that the gradient of one privacy unit is clipped to, greater than 0
 * @param schedule how far and how fast the head descends
 * @param seed public seed of everything random in training
 */
public record PrivateHeadSpec(
    BackboneSpec backbone,
    double whiteningFloor,
    double headPenalty,
    double clipNorm,
    HeadDescent.Schedule schedule,
    long seed) {
  /**
   * Checks the ranges.
   *
   * @param backbone feature map learned from public data
   * @param whiteningFloor floor of the public whitening
   * @param headPenalty ridge penalty of the public-only head
   * @param clipNorm clip norm of one unit's gradient
   * @param schedule how far and how fast the head descends
   * @param seed public seed
   * @throws IllegalArgumentException if a value is out of range
   */
  public PrivateHeadSpec {
    requirePositive("whitening floor", whiteningFloor);
    requirePositive("head penalty", headPenalty);
    requirePositive("clip norm", clipNorm);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be greater than 0, but is " + value);
    }
  }
}
