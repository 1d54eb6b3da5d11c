package io.rona.privacy.accounting.pld;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The cumulant generating function K(theta) = ln E_P[e^(theta L)] of a composition, roughly.
 *
 * <p>From the masses between a few hundred knots of each curve, without the tail that is cut off
 * anyway: with it, theta could not grow beyond what the far tail allows. Good for choosing a tilt
 * and a window; no bound rests on it.
 */
final class Cumulants {
  private final double[][] knots;
  private final double[][] losses;
  private final double[][] logMasses;
  private final long[] counts;

  private Cumulants(double[][] knots, double[][] losses, double[][] logMasses, long[] counts) {
    this.knots = knots;
    this.losses = losses;
    this.logMasses = logMasses;
    this.counts = counts;
  }

  static Cumulants of(List<Component> components, double cut) {
    return upTo(components, cut, Double.POSITIVE_INFINITY);
  }

  /** Returns the function without the losses of any step above a limit. */
  static Cumulants upTo(List<Component> components, double cut, double limit) {
    int size = components.size();
    double[][] knots = new double[size][];
    double[][] losses = new double[size][];
    double[][] logMasses = new double[size][];
    long[] counts = new long[size];
    for (int c = 0; c < size; c++) {
      LossCurve curve = components.get(c).curve();
      knots[c] = within(curve, cut, limit);
      losses[c] = middles(knots[c]);
      logMasses[c] = logMasses(curve, knots[c]);
      counts[c] = components.get(c).count();
    }
    return new Cumulants(knots, losses, logMasses, counts);
  }

  /** Value, mean and variance of the tilted composition. */
  record Tilted(double value, double mean, double variance) {
    double deviation() {
      return Math.sqrt(variance);
    }
  }

  Tilted at(double theta) {
    double value = 0;
    double mean = 0;
    double variance = 0;
    for (int c = 0; c < counts.length; c++) {
      Tilted one = one(c, theta);
      value += counts[c] * one.value;
      mean += counts[c] * one.mean;
      variance += counts[c] * one.variance;
    }
    return new Tilted(value, mean, variance);
  }

  /**
   * Returns how wide the cells of a step's grid may be.
   *
   * @param c which step
   * @param thetas tilts under which they must not matter
   * @param step of the grid
   */
  Cells cells(int c, double[] thetas, double step) {
    double[] share = new double[knots[c].length - 1];
    double steepest = 0;
    for (double theta : thetas) {
      double value = one(c, theta).value;
      for (int i = 0; i < share.length; i++) {
        double logShare = theta * losses[c][i + 1] + logMasses[c][i + 1] - value;
        share[i] = Math.max(share[i], Math.exp(logShare));
      }
      steepest = Math.max(steepest, Math.abs(theta));
    }
    return Cells.of(knots[c], share, steepest, step);
  }

  private Tilted one(int c, double theta) {
    double[] loss = losses[c];
    double[] weight = new double[loss.length];
    double peak = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < loss.length; i++) {
      weight[i] = theta * loss[i] + logMasses[c][i];
      peak = Math.max(peak, weight[i]);
    }
    double sum = 0;
    double first = 0;
    for (int i = 0; i < loss.length; i++) {
      weight[i] = Math.exp(weight[i] - peak);
      sum += weight[i];
      first += weight[i] * loss[i];
    }
    double mean = first / sum;
    double second = 0;
    for (int i = 0; i < loss.length; i++) {
      double gap = loss[i] - mean;
      second += weight[i] * gap * gap;
    }
    return new Tilted(peak + Math.log(sum), mean, second / sum);
  }

  /** Returns the knots between the ends, and the ends. */
  private static double[] within(LossCurve curve, double cut, double limit) {
    double low = Discretizer.lowerEnd(curve, cut);
    double high = Math.min(limit, Discretizer.upperEnd(curve, cut));
    double margin = 1e-5 * Math.max(-low, high);
    double from = low - margin;
    double to = high + margin;
    return DoubleStream.concat(
            DoubleStream.of(from, to),
            Arrays.stream(curve.knots()).filter(knot -> knot > from && knot < to))
        .sorted()
        .toArray();
  }

  /** Returns the first knot, the middles of the gaps and the last knot. */
  private static double[] middles(double[] knots) {
    double[] middles = new double[knots.length + 1];
    middles[0] = knots[0];
    for (int i = 1; i < knots.length; i++) {
      middles[i] = (knots[i - 1] + knots[i]) / 2;
    }
    middles[knots.length] = knots[knots.length - 1];
    return middles;
  }

  private static double[] logMasses(LossCurve curve, double[] knots) {
    double[] masses = new double[knots.length + 1];
    masses[0] = curve.massBelow(knots[0]);
    for (int i = 1; i < knots.length; i++) {
      double mass =
          knots[i - 1] < 0
              ? curve.massBelow(knots[i]) - curve.massBelow(knots[i - 1])
              : curve.massAbove(knots[i - 1]) - curve.massAbove(knots[i]);
      masses[i] = Math.max(0, mass);
    }
    for (int i = 0; i < masses.length; i++) {
      masses[i] = Math.log(masses[i]);
    }
    return masses;
  }
}
