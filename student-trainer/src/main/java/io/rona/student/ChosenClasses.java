package io.rona.student;

import io.rona.query.ArgMaxSurvival;

/**
 * What a class that a noisy arg-max has chosen tells of the true class.
 *
 * <p>Votes are modeled as everywhere here: the one-hot true class plus Gaussian noise of variance
 * \( s^2 + s_0^2 \) in each coordinate ({@link Beliefs}). The largest coordinate is then the true
 * class with the probability \( r \) of {@link ArgMaxSurvival} and any other one with \( q = (1 -
 * r) / (c - 1) \). So a chosen class has a known probability of error: its likelihood ratio is \( r
 * / q \), and \( (e - q) / (r - q) \) is an unbiased estimate of the one-hot true class from the
 * one-hot chosen class \( e \) (the inverse of randomized response; Warner, 1965).
 */
final class ChosenClasses {

  /** A likelihood that is not 0 for any class, and an estimate that is finite. */
  private static final double MARGIN = 1e-6;

  private final double right;
  private final double wrong;
  private final int classes;

  private ChosenClasses(double right, int classes) {
    this.right = right;
    this.wrong = (1 - right) / (classes - 1);
    this.classes = classes;
  }

  /**
   * Works out the probability of error.
   *
   * @param noiseStdDev standard deviation of the guard's noise on each class's share, at least 0
   * @param classes number of classes, at least 2
   */
  static ChosenClasses of(double noiseStdDev, int classes) {
    double survival =
        ArgMaxSurvival.of(1, Math.hypot(noiseStdDev, Beliefs.TEACHER_SPREAD), classes);
    double right = Math.max(1.0 / classes + MARGIN, Math.min(1 - MARGIN, survival));
    return new ChosenClasses(right, classes);
  }

  /** Logarithm of the likelihood ratio of the chosen class against any other. */
  double logOdds() {
    return Math.log(right / wrong);
  }

  /**
   * Unbiased estimates of the one-hot true classes.
   *
   * @param chosen one-hot chosen classes, one row a query; not modified
   */
  double[][] unbiased(double[][] chosen) {
    double[][] rows = new double[chosen.length][classes];
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < classes; c++) {
        rows[i][c] = (chosen[i][c] - wrong) / (right - wrong);
      }
    }
    return rows;
  }

  /** Root of the mean variance of an unbiased estimate's coordinates. */
  double noiseStdDev() {
    double variance = right * (1 - right) + (classes - 1) * wrong * (1 - wrong);
    return Math.sqrt(variance / classes) / (right - wrong);
  }
}
