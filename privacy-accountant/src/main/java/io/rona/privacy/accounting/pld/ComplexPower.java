package io.rona.privacy.accounting.pld;

/** Integer powers of complex numbers, by squaring. */
final class ComplexPower {
  private ComplexPower() {}

  /** Multiplies number {@code at} of an array by {@code (a + ib)^count}, count at least 0. */
  static void multiply(double[] re, double[] im, int at, double a, double b, long count) {
    double x = re[at];
    double y = im[at];
    double baseRe = a;
    double baseIm = b;
    for (long n = count; n > 0; n >>= 1) {
      if ((n & 1) == 1) {
        double t = x * baseRe - y * baseIm;
        y = x * baseIm + y * baseRe;
        x = t;
      }
      double t = baseRe * baseRe - baseIm * baseIm;
      baseIm = 2 * baseRe * baseIm;
      baseRe = t;
    }
    re[at] = x;
    im[at] = y;
  }
}
