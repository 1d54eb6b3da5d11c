package io.rona.privacy.accounting;

import java.util.Arrays;
import java.util.List;

/**
 * How far the data-dependent cost of GNMax answers can move when one teacher's votes change, so
 * that a noisy version of it can be published.
 *
 * <h2>Guarantee</h2>
 *
 * <p>Publishing the sum of the costs plus \( N(0, (\sigma_{ss} SS_\beta)^2) \), where \( SS_\beta =
 * \max_d e^{-\beta d} LS(d) \), itself costs \[ \frac{\alpha e^{2\beta}}{\sigma_{ss}^2} +
 * \frac{\beta \alpha - \frac12 \ln(1 - 2 \alpha \beta)}{\alpha - 1} \] at order \( \alpha \lt
 * 1/(2\beta) \), which is to be added. \( \beta \), \( \sigma_{ss} \) and the order must be chosen
 * without looking at the votes. Source: Papernot et al. (2018), Scalable Private Learning with
 * PATE, algorithms 3 to 5, theorem 23 and corollary 24 (version 1). The shape conditions of their
 * proposition 19 (both increments of the cost grow with the flip probability up to \( q_1 \)) are
 * checked numerically; where they fail, an exception is thrown.
 *
 * <p>Everything returned but {@link #releaseRdp} is sensitive. Immutable, thread-safe.
 */
public final class GnMaxSmoothSensitivity {
  private static final int SHAPE_POINTS = 400;
  private static final double DEEPEST = -1e5;

  private final GnMax mechanism;
  private final double order;
  private final int classes;
  private final double logQ0;
  private final double logQ1;
  private final double plateau;

  private GnMaxSmoothSensitivity(GnMax mechanism, double order, int classes) {
    this.mechanism = mechanism;
    this.order = order;
    this.classes = classes;
    this.logQ0 = crossing();
    this.logQ1 = lower(logQ0);
    this.plateau = plateau();
    checkShape();
  }

  /**
   * Prepares the analysis of one mechanism at one order.
   *
   * @param mechanism the mechanism
   * @param order the order of the cost; finite and greater than 1
   * @param classes the number of classes; at least 2
   * @return the analysis
   * @throws IllegalArgumentException if an argument is out of range, or if the conditions of the
   *     theorem fail for this mechanism and order
   */
  public static GnMaxSmoothSensitivity of(GnMax mechanism, double order, int classes) {
    Checks.order(order);
    if (!(classes >= 2)) {
      throw new IllegalArgumentException("classes must be at least 2, but is " + classes);
    }
    return new GnMaxSmoothSensitivity(mechanism, order, classes);
  }

  /**
   * Returns the logarithm of the flip probability from which on the data-independent cost is used.
   *
   * @return ln q0; does not depend on the votes
   */
  public double logCrossing() {
    return logQ0;
  }

  /**
   * Returns the cost of one answer as the analysis defines it: data-dependent up to the crossing,
   * data-independent above.
   *
   * @param votes votes per class. Not modified.
   * @return the cost at the order of this analysis, one direction only; sensitive
   * @throws IllegalArgumentException if the votes are out of range or of another number of classes
   */
  public double rdp(double[] votes) {
    return cost(logFlip(votes));
  }

  /**
   * Returns bounds on the local sensitivity of the cost at each distance.
   *
   * @param votes votes per class, each a whole number. Not modified.
   * @return one bound for each number of teachers changed before, from 0 to the sum of the votes;
   *     sensitive
   * @throws IllegalArgumentException if the votes are out of range or of another number of classes
   */
  public double[] localSensitivity(double[] votes) {
    double logFlip = logFlip(votes);
    double teachers = Arrays.stream(votes).sum();
    if (teachers != Math.rint(teachers) || !(teachers <= 1_000_000)) {
      throw new IllegalArgumentException("votes must be whole numbers, 1000000 teachers at most");
    }
    double[] bounds = new double[(int) teachers + 1];
    Arrays.fill(bounds, plateau);
    if (logFlip < logQ1 || logFlip > logQ0) {
      walk(votes, logFlip > logQ0, bounds);
    }
    return bounds;
  }

  /**
   * Returns the smooth sensitivity of the summed cost of several answers, each voted on by the same
   * teachers.
   *
   * @param histograms the votes of each answered query
   * @param beta the smoothness; finite and greater than 0
   * @return the maximum over the distances d of e^(-beta d) times the summed local sensitivities;
   *     sensitive
   * @throws IllegalArgumentException if an argument is out of range, the list is empty or the
   *     numbers of teachers differ
   */
  public double smoothSensitivity(List<double[]> histograms, double beta) {
    Checks.positiveFinite("beta", beta);
    if (histograms.isEmpty()) {
      throw new IllegalArgumentException("histograms must not be empty");
    }
    double[] sums = new double[0];
    for (double[] votes : histograms) {
      double[] bounds = localSensitivity(votes);
      if (sums.length != 0 && sums.length != bounds.length) {
        throw new IllegalArgumentException("histograms must all have the same number of teachers");
      }
      sums = sums.length == 0 ? bounds : sum(sums, bounds);
    }
    double smooth = 0;
    for (int d = 0; d < sums.length; d++) {
      smooth = Math.max(smooth, Math.exp(-beta * d) * sums[d]);
    }
    return smooth * RenyiKernel.ROUND_UP;
  }

  /**
   * Returns what publishing the noisy cost costs.
   *
   * @param order the order; finite, greater than 1 and less than 1/(2 beta)
   * @param beta the smoothness; finite and greater than 0
   * @param noiseMultiplier standard deviation of the noise divided by the smooth sensitivity;
   *     finite and greater than 0
   * @return the divergence at the order, from above
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public static double releaseRdp(double order, double beta, double noiseMultiplier) {
    Checks.order(order);
    Checks.positiveFinite("beta", beta);
    Checks.positiveFinite("noiseMultiplier", noiseMultiplier);
    double slack = 1 - 2 * order * beta;
    if (!(slack > 0)) {
      throw new IllegalArgumentException(
          "order must be less than 1/(2 beta), but order * beta is " + order * beta);
    }
    double gaussian = order * Math.exp(2 * beta) / noiseMultiplier / noiseMultiplier;
    double stretch = (beta * order - Math.log(slack) / 2) / (order - 1);
    return (gaussian + stretch) * RenyiKernel.ROUND_UP;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sums = new double[a.length];
    Arrays.setAll(sums, i -> a[i] + b[i]);
    return sums;
  }

  private double logFlip(double[] votes) {
    if (votes.length != classes) {
      throw new IllegalArgumentException(
          "votes must have " + classes + " classes, but has " + votes.length);
    }
    return mechanism.logFlipProbability(votes);
  }

  /** Algorithm 5: moves votes toward the plateau, one teacher at a time. */
  private void walk(double[] votes, boolean towardAgreement, double[] bounds) {
    double[] sorted = votes.clone();
    for (int d = 0; d < bounds.length; d++) {
      double logFlip = mechanism.logFlipProbability(sorted);
      boolean reached = towardAgreement ? logFlip <= logQ0 : logFlip >= logQ1;
      if (reached) {
        return;
      }
      bounds[d] = increment(logFlip);
      moveOneVote(sorted, towardAgreement);
    }
  }

  private static void moveOneVote(double[] votes, boolean towardTop) {
    Arrays.sort(votes);
    int top = votes.length - 1;
    int from = towardTop ? top - 1 : top;
    int to = towardTop ? top : top - 1;
    if (votes[from] > 0) {
      votes[from]--;
      votes[to]++;
    }
  }

  private double cost(double logFlip) {
    return logFlip <= logQ0 ? mechanism.rdpAt(logFlip, order) : mechanism.dataIndependentRdp(order);
  }

  /** Algorithm 3: the larger change of the cost toward more and toward fewer flips. */
  private double increment(double logFlip) {
    double here = cost(logFlip);
    return Math.max(cost(upper(logFlip)) - here, here - cost(lower(logFlip)));
  }

  /**
   * The increment at q1, whose larger neighbor is q0: there the cost may jump to the
   * data-independent one, so the jump counts.
   */
  private double plateau() {
    double here = cost(logQ1);
    return Math.max(mechanism.dataIndependentRdp(order) - here, here - cost(lower(logQ1)));
  }

  /** B_U: the largest flip probability after one vote moves. */
  private double upper(double logFlip) {
    return Math.min(shifted(logFlip, -1), Math.log1p(-1.0 / classes));
  }

  /** B_L: the smallest flip probability after one vote moves. */
  private double lower(double logFlip) {
    return shifted(logFlip, 1);
  }

  private double shifted(double logFlip, int sign) {
    double logOthers = Math.log(classes - 1.0);
    double x = LogMath.inverseLogNormalTail(logFlip - logOthers);
    return logOthers + LogMath.logNormalTail(x + sign * Math.sqrt(2) / mechanism.noiseStdDev());
  }

  /** Returns the flip probability at which the two costs meet, or where the smaller one begins. */
  private double crossing() {
    double sigma = mechanism.noiseStdDev();
    double valid =
        -Math.max(
            square(1 + 1 / sigma), Math.max(square((order - 0.99) / sigma), square(1 / sigma)));
    double independent = mechanism.dataIndependentRdp(order);
    if (GnMax.gapBound(valid, sigma, order) < independent) {
      return valid;
    }
    double low = 2 * valid;
    while (!(GnMax.gapBound(low, sigma, order) <= independent)) {
      low *= 2;
      if (!(low > DEEPEST)) {
        throw new IllegalArgumentException(
            "order must be one at which the data-dependent cost is ever smaller, but is " + order);
      }
    }
    return -Bisection.smallest(
        -valid, -low, 8, y -> GnMax.gapBound(-y, sigma, order) <= independent);
  }

  private void checkShape() {
    double lastUp = 0;
    double lastDown = 0;
    for (int i = SHAPE_POINTS; i >= 0; i--) {
      double logFlip = logQ1 * (1 + 3.0 * i / SHAPE_POINTS);
      double here = cost(logFlip);
      double up = cost(upper(logFlip)) - here;
      double down = here - cost(lower(logFlip));
      double slack = 1e-9 * (here + plateau);
      if (!(up >= lastUp - slack && down >= lastDown - slack)) {
        throw new IllegalArgumentException(
            "the conditions of smooth sensitivity fail for noiseStdDev "
                + mechanism.noiseStdDev()
                + " and order "
                + order);
      }
      lastUp = up;
      lastDown = down;
    }
  }

  private static double square(double x) {
    return x * x;
  }
}
