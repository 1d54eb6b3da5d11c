package io.rona.query.features;

/** Inverse deviations for standardizing. */
final class Scales {

  /** A feature that public inputs vary in less than this is centered and left unscaled. */
  private static final float SMALLEST_DEVIATION = 1e-4f;

  private Scales() {}

  static float[] inverse(float[] deviations) {
    float[] scales = new float[deviations.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = deviations[i] > SMALLEST_DEVIATION ? 1 / deviations[i] : 1f;
    }
    return scales;
  }
}
