package io.rona.query.data;

/**
 * Scales images by a triangle filter, which averages where an image shrinks and interpolates
 * linearly where it grows.
 *
 * <p>Along each axis an output pixel is the mean of the input pixels, weighted by a triangle around
 * its place whose half width is the scale, or 1 if that is larger; rows first, then columns
 * (Turkowski 1990, Filters for Common Resampling Tasks, Graphics Gems). The same input gives the
 * same bytes on every machine: no operation depends on the platform.
 */
final class ImageResampler {
  private ImageResampler() {}

  /**
   * Scales one plane.
   *
   * @param plane bytes, row by row; not modified
   * @param from its size
   * @param to the size that is wanted
   * @return the scaled plane, rounded to the nearest byte
   */
  static byte[] scale(byte[] plane, ImageForm.Size from, ImageForm.Size to) {
    if (from.equals(to)) {
      return plane;
    }
    double[][] across = weights(from.width(), to.width());
    double[][] down = weights(from.height(), to.height());
    double[] narrow = new double[from.height() * to.width()];
    for (int y = 0; y < from.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        narrow[y * to.width() + x] = sum(across[x], plane, y * from.width());
      }
    }
    byte[] scaled = new byte[to.height() * to.width()];
    for (int y = 0; y < to.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        double value = sum(down[y], narrow, x, to.width());
        scaled[y * to.width() + x] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
    }
    return scaled;
  }

  private static double sum(double[] weights, byte[] values, int offset) {
    double sum = 0;
    for (int i = 1; i < weights.length; i++) {
      sum += weights[i] * (values[offset + (int) weights[0] + i - 1] & 0xff);
    }
    return sum;
  }

  private static double sum(double[] weights, double[] values, int offset, int stride) {
    double sum = 0;
    for (int i = 1; i < weights.length; i++) {
      sum += weights[i] * values[offset + ((int) weights[0] + i - 1) * stride];
    }
    return sum;
  }

  /** For each output: the first input it sees, then the weights of that and the next ones. */
  private static double[][] weights(int from, int to) {
    double scale = from / (double) to;
    double reach = Math.max(1, scale);
    double[][] weights = new double[to][];
    for (int i = 0; i < to; i++) {
      double center = (i + 0.5) * scale;
      int first = (int) Math.max(0, Math.floor(center - reach));
      int last = (int) Math.min(from, Math.ceil(center + reach));
      double[] row = new double[1 + last - first];
      row[0] = first;
      double total = 0;
      for (int j = first; j < last; j++) {
        row[1 + j - first] = Math.max(0, 1 - Math.abs(j + 0.5 - center) / reach);
        total += row[1 + j - first];
      }
      for (int j = 1; j < row.length; j++) {
        row[j] /= total;
      }
      weights[i] = row;
    }
    return weights;
  }
}
