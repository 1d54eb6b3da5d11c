package io.rona.cli.config;

/**
 * Distorted copies of a shard's images that its teacher sees beside them.
 *
 * @param copies of each record
 * @param distortion how a copy is distorted
 */
public record TeacherAugmentationConfig(int copies, AugmentationConfig distortion) {
  /** Weaker than a student's distortions: a linear head cannot follow strong ones. */
  public static final TeacherAugmentationConfig DEFAULT =
      new TeacherAugmentationConfig(3, new AugmentationConfig(0.17, 0.1, 0.12, 1.2, 0));

  /**
   * Checks the range.
   *
   * @param copies of each record
   * @param distortion how a copy is distorted
   * @throws IllegalArgumentException if the number of copies is out of range
   */
  public TeacherAugmentationConfig {
    Checks.count("copies", copies, 1, 100);
  }
}
