package io.rona.privacy.noise;

import java.math.BigInteger;
import org.apache.commons.math3.special.Erf;

/**
 * The quantile \( w(v) = Q^{-1}(v) \) of the standard normal distribution's upper tail in double
 * precision, with a proven bound on the error.
 *
 * <p>For \( 2^{-17} \le v < 1/2 \) each octave of v is cut into 32 segments; on each, w is its
 * Taylor polynomial of degree 8 about the middle. All derivatives are known: \( w^{(n)} = (-1)^n
 * P_n(w) / \varphi(w)^n \) with \( P_1 = 1, P_{n+1}(x) = P_n'(x) + n x P_n(x) \) (Steinbrecher and
 * Shaw, 2008, Quantile Mechanics), and their sizes fall with v, so Lagrange's remainder is bounded
 * by its value at the segment's lower end. The constant term is checked against {@link NormalTail}.
 * Derivation of each part of the bound: {@code docs/math/noise.md}, section 2.
 */
final class NormalQuantile {
  /** Octave e holds v in [2^-(e+2), 2^-(e+1)). */
  static final int OCTAVES = 16;

  static final int SEGMENT_BITS = 5;

  /** Doubles in a row: bound, slope, constant, its low part, eight coefficients. */
  static final int STRIDE = 12;

  static final int BOUND = 0;
  static final int SLOPE = 1;
  static final int CONSTANT = 2;
  private static final int DEGREE = 8;

  /** Half the distance from 1 to the next double: the unit roundoff. */
  private static final double ROUNDOFF = 0x1p-53;

  private static final double SQRT_TWO_PI = 2.5066282746310002;
  private static final int RESIDUAL_BITS = 72;

  private static final double[][] DERIVATIVES = derivativePolynomials();
  private static final double[] ROWS = buildRows();

  private NormalQuantile() {}

  /** Returns the rows, octave by octave; the entries are named by the constants above. */
  static double[] rows() {
    return ROWS;
  }

  /** Evaluates the polynomial of the row that starts at the index; t lies in [-1/2, 1/2]. */
  static double evaluate(double[] rows, int row, double t) {
    double tail = rows[row + 8] + t * (rows[row + 9] + t * (rows[row + 10] + t * rows[row + 11]));
    double all =
        rows[row + 4] + t * (rows[row + 5] + t * (rows[row + 6] + t * (rows[row + 7] + t * tail)));
    return rows[row + CONSTANT] + (rows[row + 3] + t * all);
  }

  /**
   * Estimates w(v) from ln v by Newton's method; good to some 10^-14 where v is above 10^-300, and
   * never relied on.
   */
  static double estimate(double logTail) {
    double start = Math.sqrt(Math.max(0, -2 * (logTail + StrictMath.log(2))));
    double w = start;
    double step = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 10 && Math.abs(step) > 1e-9 * w; i++) {
      double tail = 0.5 * Erf.erfc(w / Math.sqrt(2));
      if (!(tail > 1e-300)) {
        return start;
      }
      step = tail / density(w) * (StrictMath.log(tail) - logTail);
      w += step;
    }
    return w;
  }

  private static double density(double w) {
    return StrictMath.exp(-0.5 * w * w) / SQRT_TWO_PI;
  }

  private static double[] buildRows() {
    double[] rows = new double[(OCTAVES << SEGMENT_BITS) * STRIDE];
    for (int row = 0; row < rows.length / STRIDE; row++) {
      fillRow(rows, row);
    }
    return rows;
  }

  private static void fillRow(double[] rows, int row) {
    int octave = row >> SEGMENT_BITS;
    int segment = row & (1 << SEGMENT_BITS) - 1;
    double width = Math.scalb(1.0, -(octave + 2 + SEGMENT_BITS));
    double middle = ((1 << SEGMENT_BITS) + segment + 0.5) * width;
    double guess = Math.max(0, estimate(StrictMath.log(middle)));
    double shift = -residual(middle, guess) / density(guess);
    double center = guess + shift;
    double low = (guess - center) + shift;
    int start = row * STRIDE;
    rows[start + CONSTANT] = center;
    rows[start + CONSTANT + 1] = low;
    for (int n = 1; n <= DEGREE; n++) {
      rows[start + CONSTANT + 1 + n] = coefficient(n, center, width);
    }
    // The density is at least v (3w + sqrt(w^2 + 8)) / 4 (Sampford, 1953) and rises with v.
    double least = (middle - width / 2) * (3 * center + Math.sqrt(center * center + 8)) / 4;
    double slope = width / (least * (1 - 0x1p-30));
    rows[start + SLOPE] = slope;
    rows[start + BOUND] = bound(rows, start, shift, slope);
  }

  /** Returns middle - Q(guess). */
  private static double residual(double middle, double guess) {
    BigInteger numerator = BigInteger.valueOf((long) (guess * 0x1p60));
    NormalTail.Bounds tail = NormalTail.at(numerator, BigInteger.ONE.shiftLeft(60), RESIDUAL_BITS);
    BigInteger target = BigInteger.valueOf((long) (middle * 0x1p62)).shiftLeft(tail.scale() - 62);
    return Math.scalb(target.subtract(tail.lower()).doubleValue(), -tail.scale());
  }

  /** (-1)^n P_n(w) (width / density(w))^n / n!; every operation but the sign is on positives. */
  private static double coefficient(int n, double w, double width) {
    double ratio = width / density(w);
    double value = polynomial(DERIVATIVES[n], w);
    for (int i = 1; i <= n; i++) {
      value *= ratio / i;
    }
    return (n & 1) == 0 ? value : -value;
  }

  private static double bound(double[] rows, int start, double shift, double slope) {
    double center = rows[start + CONSTANT];
    double half = slope / 2;
    double remainder = polynomial(DERIVATIVES[DEGREE + 1], center + half);
    for (int n = 1; n <= DEGREE + 1; n++) {
      remainder *= half / n;
    }
    double sum = 0;
    double coefficientErrors = 0;
    for (int n = 1; n <= DEGREE; n++) {
      double term = Math.scalb(Math.abs(rows[start + CONSTANT + 1 + n]), -n);
      sum += term;
      coefficientErrors += n * (24 + 2 * center * center) * ROUNDOFF * term;
    }
    double low = Math.abs(rows[start + CONSTANT + 1]);
    double horner = 20 * ROUNDOFF * (sum + low);
    double last = ROUNDOFF * (center + sum + low);
    double constant = 2 * shift * shift * (center + 1) + 40 * ROUNDOFF * Math.abs(shift) + 0x1p-70;
    double argument = slope * 0x1p-54;
    return (remainder + coefficientErrors + horner + last + constant + argument) * (1 + 0x1p-20);
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      value = value * x + coefficients[i];
    }
    return value;
  }

  /** P_1 to P_(degree+1), whose coefficients are small whole numbers. */
  private static double[][] derivativePolynomials() {
    double[][] polynomials = new double[DEGREE + 2][DEGREE + 1];
    polynomials[1][0] = 1;
    for (int n = 1; n <= DEGREE; n++) {
      for (int i = 0; i < DEGREE; i++) {
        polynomials[n + 1][i] += (i + 1) * polynomials[n][i + 1];
        polynomials[n + 1][i + 1] += n * polynomials[n][i];
      }
    }
    return polynomials;
  }
}
