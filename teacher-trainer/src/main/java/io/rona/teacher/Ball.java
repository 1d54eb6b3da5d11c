package io.rona.teacher;

/** A ball around a public center: the bound on hints and gradients. */
final class Ball {

  private Ball() {}

  /**
   * Adds the difference of two vectors, clipped to the ball, to a sum. Nothing is added where it is
   * not finite.
   *
   * @param values not modified
   * @param centers not modified
   * @param radius L2 radius, greater than 0
   * @param sum modified
   */
  static void addClippedDifference(double[] values, double[] centers, double radius, double[] sum) {
    double squares = 0;
    for (int i = 0; i < sum.length; i++) {
      double difference = values[i] - centers[i];
      squares += difference * difference;
    }
    if (!(squares < Double.POSITIVE_INFINITY)) {
      return;
    }
    double norm = Math.sqrt(squares);
    double factor = norm <= radius ? 1 : radius / norm;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * (values[i] - centers[i]);
    }
  }

  /**
   * The same for vectors that stand inside others. A vector that is not finite counts as the
   * center.
   *
   * @param values the vector starts here; not modified
   * @param at index of its first entry
   * @param centers the center starts here; finite; not modified
   * @param centerAt index of its first entry
   * @param radius L2 radius, greater than 0
   * @param sum modified
   */
  static void addClippedDifference(
      float[] values, int at, float[] centers, int centerAt, double radius, double[] sum) {
    double[] vector = new double[sum.length];
    double[] center = new double[sum.length];
    for (int i = 0; i < sum.length; i++) {
      vector[i] = values[at + i];
      center[i] = centers[centerAt + i];
    }
    addClippedDifference(vector, center, radius, sum);
  }
}
