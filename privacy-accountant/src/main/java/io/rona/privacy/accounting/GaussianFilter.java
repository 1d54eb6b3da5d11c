package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEvent;

/**
 * The filter over Gaussian releases and Poisson-sampled ones; see {@link PrivacyFilter#gaussian}.
 *
 * <p>Sampled steps are \( \mu \)-GDP but for a failure of some probability. What failures may
 * happen comes out of what sampled steps are charged above their \( \mu^2 \): with \( v \mapsto
 * \delta_{\sqrt v}(\varepsilon) \) convex up to the limit \( L \), leaving \( x \) of it unspent
 * frees at least \( x \varphi / x_1 \) of delta, \( \varphi = \delta - \delta_{\sqrt{L - x_1}} \)
 * and \( x \le x_1 \). Proof: {@code docs/math/accounting.md}.
 *
 * @param limit largest sum of costs
 * @param failure probability of failure that sampled steps may have for each unit of \( \mu^2 \); 0
 *     if they must be charged as if all records took part
 */
record GaussianFilter(double limit, double failure) implements PrivacyFilter {
  GaussianFilter(PrivacyParameters budget) {
    this(budget, squareDown(GaussianDp.muFor(budget)));
  }

  private GaussianFilter(PrivacyParameters budget, double limit) {
    this(limit, failure(budget, limit));
  }

  private static double squareDown(double mu) {
    return Math.nextDown(mu * mu);
  }

  private static double failure(PrivacyParameters budget, double limit) {
    double epsilon = budget.epsilon();
    // Where this holds at the limit it holds below, and delta is convex in the square of mu.
    if (!(limit >= Double.MIN_NORMAL && epsilon * epsilon / limit - limit / 4 >= 1 + 1e-9)) {
      return 0;
    }
    double unspent = limit * SampledCost.SURCHARGE / (1 + SampledCost.SURCHARGE);
    double freed = budget.delta() - GaussianDp.delta(Math.sqrt(limit - unspent), epsilon);
    return freed > 0 ? freed / unspent * SampledCost.SURCHARGE * (1 - 1e-9) : 0;
  }

  @Override
  public String name() {
    return "gaussian";
  }

  @Override
  public double cost(DpEvent event) {
    return GaussianCost.isGaussian(event) ? GaussianCost.of(event) : SampledCost.of(event, failure);
  }
}
