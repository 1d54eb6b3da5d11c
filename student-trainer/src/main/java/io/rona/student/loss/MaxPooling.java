package io.rona.student.loss;

/**
 * Maximum over windows that cover a map of any size evenly ("adaptive" pooling): output i of h
 * looks at rows floor(i H / h) to ceil((i + 1) H / h) of H.
 */
final class MaxPooling {

  private final Tensor source;
  private final Tensor pooled;
  private final int[] origins;

  private MaxPooling(Tensor source, Tensor pooled, int[] origins) {
    this.source = source;
    this.pooled = pooled;
    this.origins = origins;
  }

  /**
   * Pools maps of shape {@code [n, channels, height, width]}.
   *
   * @param height at most that of the source
   * @param width at most that of the source
   */
  static MaxPooling of(Tensor source, int height, int width) {
    int maps = source.batch() * source.length(1);
    int[] origins = new int[maps * height * width];
    double[] values = new double[origins.length];
    for (int i = 0; i < origins.length; i++) {
      int column = i % width;
      int row = i / width % height;
      origins[i] =
          origin(
              source,
              i / (height * width),
              window(row, height, source.length(2)),
              window(column, width, source.length(3)));
      values[i] = source.values()[origins[i]];
    }
    int[] shape = {source.batch(), source.length(1), height, width};
    return new MaxPooling(source, Tensor.own(shape, values), origins);
  }

  private static int[] window(int index, int windows, int length) {
    return new int[] {index * length / windows, ((index + 1) * length + windows - 1) / windows};
  }

  /** Place of the first largest value of a window. */
  private static int origin(Tensor source, int map, int[] rows, int[] columns) {
    int width = source.length(3);
    int start = map * source.length(2) * width;
    int best = start + rows[0] * width + columns[0];
    for (int r = rows[0]; r < rows[1]; r++) {
      for (int c = columns[0]; c < columns[1]; c++) {
        int at = start + r * width + c;
        if (source.values()[at] > source.values()[best]) {
          best = at;
        }
      }
    }
    return best;
  }

  Tensor pooled() {
    return pooled;
  }

  /** Carries a gradient at the pooled values back to where they came from. */
  double[] gradient(double[] atPooled) {
    double[] result = new double[source.size()];
    for (int i = 0; i < atPooled.length; i++) {
      result[origins[i]] += atPooled[i];
    }
    return result;
  }
}
