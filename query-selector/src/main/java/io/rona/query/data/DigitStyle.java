package io.rona.query.data;

/** How one digit is drawn: where its skeleton's points fall on the canvas, and how thick. */
final class DigitStyle {
  private static final int GRID = 7;
  private static final float CELL = DigitsGenerator.SIDE / (float) (GRID - 3);

  /** Row-major 2 x 2 matrix from glyph coordinates, centered, to pixels. */
  private final float xx;

  private final float xy;
  private final float yx;
  private final float yy;
  private final float centerX;
  private final float centerY;
  private final float[] shiftX = new float[GRID * GRID];
  private final float[] shiftY = new float[GRID * GRID];

  DigitStyle(SplitMix64 random) {
    double angle = random.uniform(-0.25, 0.25);
    float shear = random.uniform(-0.25, 0.25);
    float width = random.uniform(11, 18);
    float height = random.uniform(16.5, 21);
    float cos = (float) StrictMath.cos(angle);
    float sin = (float) StrictMath.sin(angle);
    this.xx = cos * width;
    this.xy = (cos * shear - sin) * height;
    this.yx = sin * width;
    this.yy = (sin * shear + cos) * height;
    this.centerX = DigitsGenerator.SIDE / 2f + random.uniform(-1.6, 1.6);
    this.centerY = DigitsGenerator.SIDE / 2f + random.uniform(-1.6, 1.6);
    float strength = random.uniform(0.8, 2.8);
    for (int i = 0; i < GRID * GRID; i++) {
      shiftX[i] = strength * random.bell();
      shiftY[i] = strength * random.bell();
    }
  }

  /**
   * Maps a point of the glyph to the canvas: affine, then elastic.
   *
   * <p>The displacement is a random field smoothed with a cubic B-spline, which is nearly Gaussian
   * (the elastic distortion of Simard, Steinkraus and Platt, 2003, Best Practices for Convolutional
   * Neural Networks Applied to Visual Document Analysis, section 2). It moves the skeleton in place
   * of the pixels, so lines keep their thickness.
   */
  void place(float glyphX, float glyphY, float[] target) {
    float u = glyphX - 0.5f;
    float v = glyphY - 0.5f;
    float x = centerX + xx * u + xy * v;
    float y = centerY + yx * u + yy * v;
    float cellX = Math.min(Math.max(x / CELL, 0), GRID - 3.001f);
    float cellY = Math.min(Math.max(y / CELL, 0), GRID - 3.001f);
    int column = (int) cellX;
    int row = (int) cellY;
    float sumX = 0;
    float sumY = 0;
    for (int i = 0; i < 4; i++) {
      float weightY = spline(i, cellY - row);
      for (int j = 0; j < 4; j++) {
        float weight = weightY * spline(j, cellX - column);
        int node = (row + i) * GRID + column + j;
        sumX += weight * shiftX[node];
        sumY += weight * shiftY[node];
      }
    }
    target[0] = x + sumX;
    target[1] = y + sumY;
  }

  /** The uniform cubic B-spline's weight of the i-th of four nodes at place t in a cell. */
  private static float spline(int i, float t) {
    float s = 1 - t;
    return switch (i) {
      case 0 -> s * s * s / 6;
      case 1 -> (3 * t * t * t - 6 * t * t + 4) / 6;
      case 2 -> (3 * s * s * s - 6 * s * s + 4) / 6;
      default -> t * t * t / 6;
    };
  }
}
