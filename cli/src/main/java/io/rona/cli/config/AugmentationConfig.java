package io.rona.cli.config;

/**
 * Random distortion of training images.
 *
 * @param rotation largest rotation either way, in radians
 * @param scale largest relative change of size either way, below 1
 * @param shear largest shear either way
 * @param shift largest shift either way, in pixels
 * @param elastic standard deviation of the elastic displacement, in pixels
 */
public record AugmentationConfig(
    double rotation, double scale, double shear, double shift, double elastic) {
  /** Distortions that suit small images of characters. */
  public static final AugmentationConfig DEFAULT = new AugmentationConfig(0.2, 0.12, 0.15, 2, 0.6);

  /**
   * Checks the ranges.
   *
   * @param rotation largest rotation either way
   * @param scale largest relative change of size either way
   * @param shear largest shear either way
   * @param shift largest shift either way
   * @param elastic standard deviation of the elastic displacement
   * @throws IllegalArgumentException if a value is out of range
   */
  public AugmentationConfig {
    Checks.between("rotation", rotation, 0, 3.2);
    Checks.between("scale", scale, 0, 0.9);
    Checks.between("shear", shear, 0, 10);
    Checks.between("shift", shift, 0, 1000);
    Checks.between("elastic", elastic, 0, 1000);
  }
}
