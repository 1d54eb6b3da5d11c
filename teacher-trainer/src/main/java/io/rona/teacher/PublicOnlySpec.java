package io.rona.teacher;

/**
 * What is learned from public data alone: the shared feature map and a head on it.
 *
 * @param backbone feature map learned from public data
 * @param headPenalty ridge penalty of the head, greater than 0
 * @param seed public seed of everything random in training that is not secret
 */
public record PublicOnlySpec(BackboneSpec backbone, double headPenalty, long seed) {
  /**
   * Checks the penalty.
   *
   * @param backbone feature map learned from public data
   * @param headPenalty ridge penalty of the head
   * @param seed public seed
   * @throws IllegalArgumentException if the penalty is not finite and greater than 0
   */
  public PublicOnlySpec {
    if (!(headPenalty > 0 && headPenalty < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "head penalty must be finite and greater than 0, but is " + headPenalty);
    }
  }
}
