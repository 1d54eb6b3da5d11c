package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.pld.Plan.Ends;
import io.rona.privacy.accounting.pld.RealFft.Spectrum;
import io.rona.privacy.accounting.pld.TiltedTail.Alias;
import io.rona.privacy.accounting.pld.TiltedTail.Charges;
import java.util.Arrays;
import java.util.List;

/**
 * Composes the paths on which at least one and at most a few steps have a rare, large loss.
 *
 * <p>With B the small losses of a step and J its rare ones, as measures, the composition of n steps
 * is the sum over j of C(n, j) B^(n-j) J^j. Terms with j >= 1 are as small as J is, and so are
 * their rounding errors: no tilt is needed, which rare losses of many sizes would not bear.
 */
final class RareConvolution {
  private static final double UNIT_ROUNDOFF = 0x1p-53;

  /** Frequencies whose modulus is certainly below e^-60 times the whole are set to 0. */
  private static final double LOG_DEAD = -60;

  private final List<GridLoss> small;
  private final List<GridLoss> rare;
  private final long[] counts;
  private final int most;
  private final Ends ends;
  private final int length;
  private final RealFft fft;

  /** Coefficients of z^0 to z^most of the product of (F_B + z F_J)^count, by frequency. */
  private final double[][] re;

  private final double[][] im;

  /** Sum over the factors of (count - most - 1) ln(|F_B| + error). */
  private final double[] logModulus;

  private RareConvolution(
      List<GridLoss> losses, double threshold, long[] counts, int most, Ends ends, int length) {
    small = losses.stream().map(loss -> loss.upTo(threshold)).toList();
    rare = losses.stream().map(loss -> loss.beyond(threshold)).toList();
    this.counts = counts;
    this.most = most;
    this.ends = ends;
    this.length = length;
    fft = RealFft.ofLength(length);
    re = new double[most + 1][length / 2 + 1];
    im = new double[most + 1][length / 2 + 1];
    Arrays.fill(re[0], 1);
    logModulus = new double[length / 2 + 1];
  }

  /**
   * Composes.
   *
   * @param losses what is composed, all on one side of the truth
   * @param threshold what counts as rare lies above
   * @param counts how often each
   * @param most how many rare losses there may be
   * @param ends ends of the composed small losses
   * @param length of the window in grid steps, a power of two
   */
  static TiltedTail compose(
      List<GridLoss> losses, double threshold, long[] counts, int most, Ends ends, int length) {
    RareConvolution convolution =
        new RareConvolution(losses, threshold, counts, most, ends, length);
    for (int c = 0; c < counts.length; c++) {
      convolution.multiply(c);
    }
    return convolution.finish();
  }

  /** Returns an upper bound on the probability of more than the given number of rare losses. */
  static double more(List<GridLoss> losses, double threshold, long[] counts, int most) {
    double rate = rate(losses.stream().map(l -> l.beyond(threshold)).toList(), counts);
    double term = 1;
    for (int j = 1; j <= most + 1; j++) {
      term *= rate / j;
    }
    return term * (1 + 1e-9);
  }

  /** Returns the expected number of rare losses. */
  private static double rate(List<GridLoss> rare, long[] counts) {
    double rate = 0;
    for (int c = 0; c < counts.length; c++) {
      rate += counts[c] * rare.get(c).total();
    }
    return rate;
  }

  private Spectrum transform(GridLoss loss) {
    double[] circle = new double[length];
    for (int i = 0; i < loss.size(); i++) {
      circle[Math.floorMod(loss.index()[i], length)] += loss.mass()[i];
    }
    return fft.forward(circle);
  }

  private void multiply(int c) {
    Spectrum bulk = transform(small.get(c));
    Spectrum jumps = transform(rare.get(c));
    int half = length / 2;
    Factor factor = new Factor(counts[c], most);
    factor.set(bulk.re()[0], 0, jumps.re()[0], 0);
    multiply(factor, 0);
    factor.set(bulk.im()[0], 0, jumps.im()[0], 0);
    multiply(factor, half);
    for (int s = 1; s < half; s++) {
      factor.set(bulk.re()[s], bulk.im()[s], jumps.re()[s], jumps.im()[s]);
      multiply(factor, s);
    }
  }

  private void multiply(Factor factor, int s) {
    double modulus = Math.sqrt(factor.bRe * factor.bRe + factor.bIm * factor.bIm);
    long exponent = Math.max(0, factor.count - most - 1);
    logModulus[s] += exponent * Math.log(modulus + fft.errorFactor() * (1 + 1e-9));
    if (logModulus[s] < LOG_DEAD) {
      for (int j = 0; j <= most; j++) {
        re[j][s] = 0;
        im[j][s] = 0;
      }
      return;
    }
    factor.expand();
    for (int j = most; j >= 0; j--) {
      double x = 0;
      double y = 0;
      for (int i = 0; i <= j; i++) {
        double a = factor.re[j - i];
        double b = factor.im[j - i];
        x += re[i][s] * a - im[i][s] * b;
        y += re[i][s] * b + im[i][s] * a;
      }
      re[j][s] = x;
      im[j][s] = y;
    }
  }

  /** The first coefficients of (b + z j)^count for two complex numbers. */
  private static final class Factor {
    private final long count;
    private final int terms;
    private final double[] re;
    private final double[] im;
    private double bRe;
    private double bIm;
    private double jRe;
    private double jIm;

    Factor(long count, int most) {
      this.count = count;
      terms = (int) Math.min(count, most);
      re = new double[most + 1];
      im = new double[most + 1];
    }

    void set(double bRe, double bIm, double jRe, double jIm) {
      this.bRe = bRe;
      this.bIm = bIm;
      this.jRe = jRe;
      this.jIm = jIm;
    }

    /** Sets coefficient k to C(count, k) b^(count - k) j^k. */
    void expand() {
      re[terms] = 1;
      im[terms] = 0;
      ComplexPower.multiply(re, im, terms, bRe, bIm, count - terms);
      for (int k = terms; k > 0; k--) {
        re[k - 1] = re[k] * bRe - im[k] * bIm;
        im[k - 1] = re[k] * bIm + im[k] * bRe;
      }
      double u = 1;
      double v = 0;
      for (int k = 1; k <= terms; k++) {
        double share = (count - k + 1) / (double) k;
        double t = share * (u * jRe - v * jIm);
        v = share * (u * jIm + v * jRe);
        u = t;
        double w = re[k] * u - im[k] * v;
        im[k] = re[k] * v + im[k] * u;
        re[k] = w;
      }
    }
  }

  private TiltedTail finish() {
    int half = length / 2;
    double[] sumRe = new double[half];
    double[] sumIm = new double[half];
    for (int j = 1; j <= most; j++) {
      sumRe[0] += re[j][0];
      sumIm[0] += re[j][half];
      for (int s = 1; s < half; s++) {
        sumRe[s] += re[j][s];
        sumIm[s] += im[j][s];
      }
    }
    double scale = scale();
    double error = scale * pointwiseError();
    double[] weight = fft.inverse(new Spectrum(sumRe, sumIm));
    double step = small.get(0).grid().step();
    double origin = 0;
    for (int c = 0; c < counts.length; c++) {
      origin += counts[c] * small.get(c).grid().origin();
    }
    double spare = Math.max(2 * step, length * step - width(ends, rare, most)) / 2;
    long bottom = (long) Math.floor((ends.window().low() - spare - origin) / step);
    double low = origin + (bottom - 0.5) * step;
    Charges charges = charges(scale, origin, low, low + length * step);
    return new TiltedTail(weight, error, bottom, step, 0, origin, 0, 0, charges);
  }

  /** Returns what the window must span: the small losses and the most rare ones. */
  static double width(Ends ends, List<GridLoss> losses, int most) {
    return ends.window().width() + most * largest(losses);
  }

  private static double largest(List<GridLoss> losses) {
    double largest = 0;
    for (GridLoss loss : losses) {
      largest = loss.size() == 0 ? largest : Math.max(largest, loss.loss(loss.size() - 1));
    }
    return largest;
  }

  /** Returns a bound on the sum of all weights: sum over j >= 1 of rate^j / j!. */
  private double scale() {
    double rate = rate(rare, counts);
    double term = 1;
    double sum = 0;
    for (int j = 1; j <= most; j++) {
      term *= rate / j;
      sum += term;
    }
    return sum * (1 + 1e-9);
  }

  /**
   * Bounds the error of one weight over {@link #scale}. Where each |F_B| is at most M and each
   * |F_J| at most the mass of J, coefficient j of the product is at most rate^j/j! times the
   * product of M^(count - j), M being at most 1 but for rounding; its derivatives by the factors
   * likewise, with one factor less.
   */
  private double pointwiseError() {
    double steps = 0;
    for (long count : counts) {
      steps += count;
    }
    double sum = 0;
    double dead = 0;
    int half = length / 2;
    for (int s = 0; s <= half; s++) {
      int multiplicity = s == 0 || s == half ? 1 : 2;
      if (logModulus[s] < LOG_DEAD + 1) { // what was set to 0 stays below this
        dead += multiplicity * 2 * Math.exp(LOG_DEAD + 1);
      } else {
        sum += multiplicity * Math.exp(logModulus[s]);
      }
    }
    double perFrequency =
        fft.errorFactor() * (steps + most + 1)
            + 3 * UNIT_ROUNDOFF * (steps + 8.0 * (most + 1) * counts.length);
    return (sum * perFrequency + dead) / length * (1 + 1e-6);
  }

  private Charges charges(double scale, double origin, double low, double high) {
    double slack = 0;
    double shift = 16 * UNIT_ROUNDOFF * (Math.abs(origin) + Math.abs(low) + Math.abs(high));
    for (int c = 0; c < counts.length; c++) {
      double relative = small.get(c).relativeError() + 8 * UNIT_ROUNDOFF * 800;
      slack += counts[c] * relative;
      shift += counts[c] * Math.max(small.get(c).positionError(), positionError(rare.get(c)));
    }
    double logScale = Math.log(scale);
    double up = ends.shifts().above();
    double down = ends.shifts().below();
    double above = logScale + logMoment(up) - up * (high - most * largest(rare));
    above = above < 0 ? above : 0;
    double least = least(origin);
    double step = small.get(0).grid().step();
    double below =
        least > low + step ? Double.NEGATIVE_INFINITY : logScale + logMoment(-down) + down * low;
    double outside = Math.exp(above) + Math.exp(below);
    outside = outside < 1 ? outside : 1;
    return new Charges(0, Math.min(0, above + slack), new Alias(0, outside, outside), slack, shift);
  }

  /** Returns the least composed loss without a rare one. */
  private double least(double origin) {
    double least = origin;
    for (int c = 0; c < counts.length; c++) {
      GridLoss loss = small.get(c);
      least += counts[c] * (loss.index()[0] * loss.grid().step());
    }
    return least;
  }

  private static double positionError(GridLoss loss) {
    return loss.size() == 0 ? 0 : loss.positionError();
  }

  /** Bounds ln of the sum of mass e^(shift loss) of all but a few of the small losses. */
  private double logMoment(double shift) {
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      TiltedLoss loss = TiltedLoss.of(small.get(c), 0);
      double one = loss.logMoment(shift) + loss.scale() + 1e-12;
      sum += counts[c] * one + (most + 1) * Math.max(0, -one);
    }
    return sum;
  }
}
