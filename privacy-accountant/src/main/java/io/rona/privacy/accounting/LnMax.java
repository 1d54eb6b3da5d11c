package io.rona.privacy.accounting;

/**
 * The cost of LNMax, the arg-max over votes with Laplace noise of scale \( 1/\gamma \) on each
 * count.
 *
 * <p>One answer is \( (2\gamma, 0) \)-DP. The data-dependent moment covers one direction only and
 * is sensitive, as in {@link GnMax}; it is used only where its precondition \( q \le 1/(e^{2\gamma}
 * + 1) \) holds. Sources: Papernot et al. (2017), Semi-supervised Knowledge Transfer for Deep
 * Learning from Private Training Data, theorems 2 and 3 and lemma 4. Immutable, thread-safe.
 */
public final class LnMax {
  private final double gamma;

  private LnMax(double gamma) {
    this.gamma = gamma;
  }

  /**
   * Returns the mechanism.
   *
   * @param gamma the inverse of the scale of the noise; finite and greater than 0
   * @return the mechanism
   * @throws IllegalArgumentException if gamma is out of range or NaN
   */
  public static LnMax of(double gamma) {
    Checks.positiveFinite("gamma", gamma);
    return new LnMax(gamma);
  }

  /**
   * Returns a bound on the probability that the answer is not the class with the most votes.
   *
   * <p>Lemma 4: the sum of \( (2 + \gamma g) / (4 e^{\gamma g}) \) over the gaps g, capped at that
   * of a uniform answer.
   *
   * @param votes votes per class; at least two, finite and at least 0. Not modified.
   * @return the bound; sensitive
   * @throws IllegalArgumentException if there are fewer than two classes or a count is out of range
   */
  public double flipProbability(double[] votes) {
    int top = GnMax.indexOfMost(votes);
    double sum = 0;
    for (int i = 0; i < votes.length; i++) {
      if (i != top) {
        double gap = gamma * (votes[top] - votes[i]);
        sum += (2 + gap) * Math.exp(-gap) / 4;
      }
    }
    return Math.min(sum, 1 - 1.0 / votes.length);
  }

  /**
   * Tells whether the data-dependent theorem applies.
   *
   * @param votes votes per class; at least two, finite and at least 0. Not modified.
   * @return true if the flip probability is at most 1/(e^(2 gamma) + 1); sensitive
   * @throws IllegalArgumentException if there are fewer than two classes or a count is out of range
   */
  public boolean theoremApplies(double[] votes) {
    return flipProbability(votes) <= 1 / (Math.exp(2 * gamma) + 1);
  }

  /**
   * Returns the logarithm of the moment of the privacy loss at \( \lambda \), that is \( \lambda \)
   * times the divergence at order \( \lambda + 1 \).
   *
   * @param votes votes per class; at least two, finite and at least 0. Not modified.
   * @param lambda the moment; finite and greater than 0
   * @return the smallest of the data-independent moment, that of pure DP and, where its
   *     precondition holds, the data-dependent one; sensitive
   * @throws IllegalArgumentException if an argument is out of range or NaN
   */
  public double logMoment(double[] votes, double lambda) {
    Checks.positiveFinite("lambda", lambda);
    double flip = flipProbability(votes);
    double loss = 2 * gamma;
    double independent = Math.min(loss * lambda, loss * loss / 2 * lambda * (lambda + 1));
    if (!theoremApplies(votes)) {
      return independent * RenyiKernel.ROUND_UP;
    }
    return Math.min(independent, dependent(flip, loss, lambda)) * RenyiKernel.ROUND_UP;
  }

  /** ln((1-q) ((1-q)/(1 - e^loss q))^lambda + q e^(loss lambda)), with the 1 taken out. */
  private static double dependent(double flip, double loss, double lambda) {
    double logStay = Math.log1p(-flip);
    double stay = logStay + lambda * (logStay - Math.log1p(-Math.exp(loss) * flip));
    double leave = Math.log(flip) + loss * lambda;
    if (leave > 600) {
      return LogMath.logAdd(stay, leave);
    }
    double moment = Math.log1p(Math.expm1(stay) + Math.exp(leave));
    return moment >= 0 ? moment : Double.POSITIVE_INFINITY;
  }
}
