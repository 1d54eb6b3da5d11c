package io.rona.query;

import org.apache.commons.math3.special.Erf;

/**
 * The chance that noise leaves the largest of several numbers the largest.
 *
 * <p>One coordinate leads the \( c - 1 \) others, which are level, by a gap \( g \); each gets
 * Gaussian noise of standard deviation \( s \). The leader stays ahead with probability \[
 * \int_{-\infty}^{\infty} \varphi(t)\, \Phi(t + g/s)^{c-1}\, dt. \] Not part of any guarantee.
 */
public final class ArgMaxSurvival {
  private static final double RANGE = 9;
  private static final int STEPS = 1800;

  private ArgMaxSurvival() {}

  /**
   * Computes the probability; the trapezoidal rule converges fast here.
   *
   * @param gap by how much the leader leads, at least 0
   * @param noiseStdDev standard deviation of the noise on each number, greater than 0
   * @param classes how many numbers there are, at least 2
   * @return between 1/classes and 1
   */
  public static double of(double gap, double noiseStdDev, int classes) {
    double lead = gap / noiseStdDev;
    double step = 2 * RANGE / STEPS;
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
      double t = -RANGE + i * step;
      double density = Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
      sum += density * Math.pow(Erf.erfc(-(t + lead) / Math.sqrt(2)) / 2, classes - 1);
    }
    return Math.min(1, sum * step);
  }
}
