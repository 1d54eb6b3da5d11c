package io.rona.teacher;

import io.rona.query.HeadDescent;
import io.rona.query.features.UnitFeatures;

/**
 * How a private head is trained.
 *
 * @param publicOnly what is learned from public data, and the head starts from
 * @param whitening how public features are whitened
 * @param clipNorm L2 norm that the gradient of one privacy unit is clipped to, greater than 0
 * @param schedule how far and how fast the head descends
 */
public record PrivateHeadSpec(
    PublicOnlySpec publicOnly,
    UnitFeatures.Whitening whitening,
    double clipNorm,
    HeadDescent.Schedule schedule) {
  /**
   * Checks the ranges.
   *
   * @param publicOnly what is learned from public data
   * @param whitening how public features are whitened
   * @param clipNorm clip norm of one unit's gradient
   * @param schedule how far and how fast the head descends
   * @throws IllegalArgumentException if the clip norm is not finite and greater than 0
   */
  public PrivateHeadSpec {
    if (!(clipNorm > 0 && clipNorm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("clip norm must be greater than 0, but is " + clipNorm);
    }
  }
}
