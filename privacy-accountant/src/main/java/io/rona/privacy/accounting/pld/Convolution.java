package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.pld.RealFft.Spectrum;
import io.rona.privacy.accounting.pld.TiltedTail.Alias;
import io.rona.privacy.accounting.pld.TiltedTail.Charges;
import java.util.ArrayList;
import java.util.List;

/**
 * Composes losses: transform of each tilted loss, its power, the product, and back.
 *
 * <p>Every error is bounded: rounding of the transforms and powers, frequencies that were left out,
 * mass that wraps around the window, the tail above it.
 */
final class Convolution {
  /** Frequencies whose modulus is certainly below e^-60 are set to 0. */
  private static final double LOG_DEAD = -60;

  private final RealFft fft;
  private final int length;
  private final Plan plan;
  private final List<TiltedLoss> losses;
  private final long[] counts;
  private final double step;
  private final double origin;
  private final long bottom;

  private final double[] re;
  private final double[] im;

  /** Sum over the factors of count ln(|F| + e), e the error of the transform. */
  private final double[] logModulus;

  /** |F| + e of each factor, and the norm of its weights. */
  private final List<double[]> moduli = new ArrayList<>();

  private final List<Double> norms = new ArrayList<>();

  private Convolution(List<TiltedLoss> losses, long[] counts, Plan plan, int length) {
    this.losses = losses;
    this.counts = counts;
    this.plan = plan;
    this.length = length;
    step = losses.get(0).base().grid().step();
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      sum += counts[c] * losses.get(c).base().grid().origin();
    }
    origin = sum;
    double spare = Math.max(2 * step, length * step - plan.window().width()) / 2;
    bottom = (long) Math.floor((plan.window().low() - spare - origin) / step);
    fft = RealFft.ofLength(length);
    re = new double[length / 2];
    im = new double[length / 2];
    logModulus = new double[length / 2 + 1];
  }

  /**
   * Composes.
   *
   * @param losses what is composed, all on one side of the truth
   * @param counts how often each
   * @param plan tilt and window
   * @param length of the window in grid steps, a power of two
   */
  static TiltedTail compose(
      List<GridLoss> losses, long[] counts, Plan plan, Side side, int length) {
    List<TiltedLoss> tilted = losses.stream().map(l -> TiltedLoss.of(l, plan.tilt())).toList();
    Convolution convolution = new Convolution(tilted, counts, plan, length);
    for (int c = 0; c < counts.length; c++) {
      convolution.multiply(tilted.get(c), counts[c]);
    }
    return convolution.finish(side);
  }

  private void multiply(TiltedLoss loss, long count) {
    double[] circle = new double[length];
    for (int i = 0; i < loss.weight().length; i++) {
      double weight = loss.weight()[i];
      // Less than this is charged in finish().
      if (weight > 1e-200) {
        circle[Math.floorMod(loss.base().index()[i], length)] += weight;
      }
    }
    double square = 0;
    for (double weight : circle) {
      square += weight * weight;
    }
    norms.add(Math.sqrt(square));
    Spectrum spectrum = fft.forward(circle);
    addModuli(spectrum.re(), spectrum.im(), count);
    power(spectrum.re(), spectrum.im(), count, moduli.size() == 1);
  }

  private void addModuli(double[] factorRe, double[] factorIm, long count) {
    double error = fft.errorFactor() * (1 + 1e-9);
    double[] modulus = new double[re.length + 1];
    for (int s = 1; s < re.length; s++) {
      modulus[s] = Math.sqrt(factorRe[s] * factorRe[s] + factorIm[s] * factorIm[s]) + error;
    }
    modulus[0] = Math.abs(factorRe[0]) + error;
    modulus[re.length] = Math.abs(factorIm[0]) + error;
    for (int s = 0; s <= re.length; s++) {
      logModulus[s] += count * Math.log(modulus[s]);
    }
    moduli.add(modulus);
  }

  /** Multiplies the product by a power of a factor. */
  private void power(double[] factorRe, double[] factorIm, long count, boolean first) {
    double even = Math.pow(factorRe[0], (double) count);
    double odd = Math.pow(factorIm[0], (double) count);
    re[0] = first ? even : re[0] * even;
    im[0] = first ? odd : im[0] * odd;
    for (int s = 1; s < re.length; s++) {
      if (logModulus[s] < LOG_DEAD) {
        re[s] = 0;
        im[s] = 0;
        continue;
      }
      double a = factorRe[s];
      double b = factorIm[s];
      double x = first ? 1 : re[s];
      double y = first ? 0 : im[s];
      for (long n = count; n > 0; n >>= 1) {
        if ((n & 1) == 1) {
          double t = x * a - y * b;
          y = x * b + y * a;
          x = t;
        }
        double t = a * a - b * b;
        b = 2 * a * b;
        a = t;
      }
      re[s] = x;
      im[s] = y;
    }
  }

  private TiltedTail finish(Side side) {
    double error = pointwiseError();
    double[] weight = fft.inverse(new Spectrum(re, im));
    double logScale = 0;
    for (int c = 0; c < counts.length; c++) {
      logScale += counts[c] * losses.get(c).scale();
    }
    Charges charges = charges(side, logScale);
    return new TiltedTail(
        weight, error, bottom, step, plan.tilt(), origin, plan.middle(), logScale, charges);
  }

  /**
   * Bounds the error of one element of the inverse transform: what rounding left of the powers and
   * of the inverse, and the error of each factor's transform, by its largest value or by its norm,
   * whichever is less.
   */
  private double pointwiseError() {
    double[] product = new double[logModulus.length];
    double sum = 0;
    for (int s = 0; s < product.length; s++) {
      boolean dead = logModulus[s] < LOG_DEAD + 1; // what was set to 0 stays below this
      product[s] = dead ? 0 : Math.exp(logModulus[s]);
      sum += multiplicity(s) * (dead ? 2 * Math.exp(LOG_DEAD + 1) : product[s]);
    }
    double steps = 0;
    double error = 0;
    for (int c = 0; c < counts.length; c++) {
      steps += counts[c];
      error += counts[c] * factorError(c, product);
    }
    double rounding = 3 * 0x1p-53 * (steps + counts.length) + fft.errorFactor();
    double dead = 2 * Math.exp(LOG_DEAD + 1);
    return (error + sum / length * rounding + dead) * (1 + 1e-6) + steps * length * 1e-199;
  }

  private double factorError(int c, double[] product) {
    double[] modulus = moduli.get(c);
    double sum = 0;
    double square = 0;
    for (int s = 0; s < product.length; s++) {
      double rest = product[s] / modulus[s];
      sum += multiplicity(s) * rest;
      square += multiplicity(s) * rest * rest;
    }
    double byLargest = sum / length;
    double byNorm = norms.get(c) * Math.sqrt(square / length);
    return fft.errorFactor() * Math.min(byLargest, byNorm);
  }

  /** Each frequency but the two real ones stands for itself and its conjugate. */
  private int multiplicity(int s) {
    return s == 0 || s == length / 2 ? 1 : 2;
  }

  private Charges charges(Side side, double logScale) {
    double logFinite = 0;
    double slack = 0;
    double shift = 0;
    for (int c = 0; c < counts.length; c++) {
      GridLoss base = losses.get(c).base();
      logFinite += counts[c] * Math.log1p(-base.infinite());
      slack += counts[c] * losses.get(c).relativeError(plan.tilt());
      shift += counts[c] * base.positionError();
    }
    double low = low();
    double high = high();
    shift += 16 * 0x1p-53 * (Math.abs(origin) + Math.abs(low) + Math.abs(high));
    double tail = Math.min(0, logAbove(high, plan.shifts().tail()));
    double above = tail + logScale - plan.tilt() * high + slack;
    Alias alias = side == Side.UPPER ? Alias.HARMLESS : alias(low, high);
    return new Charges(logFinite, Math.min(0, above), alias, slack, shift);
  }

  private double low() {
    return origin + (bottom - 0.5) * step;
  }

  private double high() {
    return origin + (bottom + length - 0.5) * step;
  }

  /** What lies above the window by less than safe - low appears below the safe point. */
  private Alias alias(double low, double high) {
    double safe = Math.max(plan.safe(), low + step);
    double below = Math.exp(logBelow(low, plan.shifts().below()));
    double far = Math.exp(logAbove(high + (safe - low) - step, plan.shifts().above()));
    double near = Math.exp(logAbove(high, plan.shifts().above()));
    return new Alias(safe, Math.min(1, below + far), Math.min(1, below + near));
  }

  /** Bounds ln of the tilted mass above a loss, which lies in the window or above. */
  private double logAbove(double loss, double shift) {
    double last = origin;
    for (int c = 0; c < counts.length; c++) {
      GridLoss base = losses.get(c).base();
      last += counts[c] * (base.index()[base.size() - 1] * step);
    }
    return last < loss - step ? Double.NEGATIVE_INFINITY : logMoment(shift) - shift * loss;
  }

  private double logBelow(double loss, double shift) {
    double first = origin;
    for (int c = 0; c < counts.length; c++) {
      first += counts[c] * (losses.get(c).base().index()[0] * step);
    }
    return first > loss + step ? Double.NEGATIVE_INFINITY : logMoment(-shift) + shift * loss;
  }

  private double logMoment(double shift) {
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      sum += counts[c] * losses.get(c).logMoment(shift);
    }
    return sum;
  }
}
