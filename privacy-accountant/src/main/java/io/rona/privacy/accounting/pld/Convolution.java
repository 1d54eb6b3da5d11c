package io.rona.privacy.accounting.pld;

import io.rona.privacy.accounting.pld.RealFft.Spectrum;
import io.rona.privacy.accounting.pld.TiltedTail.Alias;
import io.rona.privacy.accounting.pld.TiltedTail.Charges;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Powers of more than this many steps are not judged by a root that rounding may reach. */
  private static final double MANY = 1e12;

  private static final double LEAST_WEIGHT = 1e-200;

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

  /**
   * The frequencies that the first factor leaves over, in the order of {@link RealFft}; the second
   * real one is length/2. All others are 0.
   */
  private int[] live = new int[0];

  /** Sum over the factors of count ln(|F| + e), e the error of the transform; of live ones. */
  private double[] logModulus = new double[0];

  /** |F| + e of each factor at live frequencies, and the norm of its weights. */
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
    int[] index = loss.base().index();
    double[] weights = loss.weight();
    for (int i = 0; i < weights.length; i++) {
      // Less than this is charged in finish().
      if (weights[i] > LEAST_WEIGHT) {
        circle[Math.floorMod(index[i], length)] += weights[i];
      }
    }
    double square = 0; // each point counts with the weights that make it up
    for (int i = 0; i < weights.length; i++) {
      square += weights[i] * circle[Math.floorMod(index[i], length)];
    }
    norms.add(Math.sqrt(square) * (1 + 1e-9));
    Spectrum spectrum = fft.forward(circle);
    if (moduli.isEmpty()) {
      start(spectrum, count);
    }
    addModuli(spectrum, count);
    power(spectrum, count);
  }

  /** Chooses the live frequencies, where the product begins as 1. */
  private void start(Spectrum spectrum, long count) {
    live = live(spectrum, count);
    logModulus = new double[live.length];
    for (int s : live) {
      if (s == re.length) {
        im[0] = 1;
      } else {
        re[s] = 1;
      }
    }
  }

  /** Returns the frequencies of a factor whose power is not certainly dead. */
  private int[] live(Spectrum spectrum, long count) {
    double least = Math.exp((LOG_DEAD - 1) / count) - fft.errorFactor() * (1 + 1e-9);
    double square = least > 0 && count < MANY ? least * least : 0;
    int[] found = new int[64];
    int size = 0;
    for (int s = 0; s <= re.length; s++) {
      double x = spectrum.re(s);
      double y = spectrum.im(s);
      if (!(x * x + y * y < square)) {
        found = size < found.length ? found : Arrays.copyOf(found, 2 * size);
        found[size++] = s;
      }
    }
    return Arrays.copyOf(found, size);
  }

  private void addModuli(Spectrum spectrum, long count) {
    double error = fft.errorFactor() * (1 + 1e-9);
    double[] modulus = new double[live.length];
    for (int k = 0; k < live.length; k++) {
      double x = spectrum.re(live[k]);
      double y = spectrum.im(live[k]);
      modulus[k] = Math.sqrt(x * x + y * y) + error;
      logModulus[k] += count * Math.log(modulus[k]);
    }
    moduli.add(modulus);
  }

  /** Multiplies the product by a power of a factor. */
  private void power(Spectrum spectrum, long count) {
    for (int k = 0; k < live.length; k++) {
      int s = live[k];
      if (s == 0) {
        re[0] *= Math.pow(spectrum.re(0), (double) count);
      } else if (s == re.length) {
        im[0] *= Math.pow(spectrum.re(s), (double) count);
      } else if (logModulus[k] < LOG_DEAD) {
        re[s] = 0;
        im[s] = 0;
      } else {
        ComplexPower.multiply(re, im, s, spectrum.re(s), spectrum.im(s), count);
      }
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
    double[] product = new double[live.length];
    double dead = 2 * Math.exp(LOG_DEAD + 1); // what was set to 0 stays below this
    double sum = length * dead;
    for (int k = 0; k < live.length; k++) {
      product[k] = logModulus[k] < LOG_DEAD + 1 ? 0 : Math.exp(logModulus[k]);
      sum += multiplicity(live[k]) * product[k];
    }
    double steps = 0;
    double error = 0;
    for (int c = 0; c < counts.length; c++) {
      steps += counts[c];
      error += counts[c] * factorError(c, product);
    }
    double rounding = 3 * 0x1p-53 * (steps + counts.length) + fft.errorFactor();
    return (error + sum / length * rounding + dead) * (1 + 1e-6) + steps * length * 1e-199;
  }

  private double factorError(int c, double[] product) {
    double[] modulus = moduli.get(c);
    double sum = 0;
    double square = 0;
    for (int k = 0; k < product.length; k++) {
      double rest = product[k] / modulus[k];
      sum += multiplicity(live[k]) * rest;
      square += multiplicity(live[k]) * rest * rest;
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
