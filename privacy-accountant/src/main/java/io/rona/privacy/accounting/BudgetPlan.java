package io.rona.privacy.accounting;

import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Splits one budget over several Gaussian releases on the same data.
 *
 * <h2>Guarantee</h2>
 *
 * <p>All planned releases together satisfy the budget, and {@link PrivacyFilter#gaussian} admits
 * them in any order and in any number of parts up to a million. Release \( i \) with weight \( w_i
 * \) and count \( m_i \) gets the share \( w_i / \sum w \) of \( \mu^2 \), that is the noise
 * multiplier \( z_i = \sqrt{m_i / (\mu^2 w_i / \sum w)} \). Source: Dong, Roth and Su (2022),
 * Gaussian Differential Privacy, corollary 2.
 *
 * @param budget what to stay within
 * @param releases the planned releases, each with its noise multiplier
 */
public record BudgetPlan(PrivacyParameters budget, List<PlannedRelease> releases) {
  /** Leaves room for the rounding of a million sums in a filter. */
  private static final double ROOM = 1 + 1e-9;

  /**
   * Copies the list.
   *
   * @param budget what to stay within
   * @param releases the planned releases
   */
  public BudgetPlan {
    releases = List.copyOf(releases);
  }

  /**
   * A release to be planned.
   *
   * @param name its name, unique in the plan; not blank
   * @param weight its share of the budget relative to the others; finite and greater than 0
   * @param count how many answers it gives; at least 1
   */
  public record Request(String name, double weight, long count) {
    /**
     * Checks the ranges; NaN fails.
     *
     * @param name its name
     * @param weight its share
     * @param count how many answers
     * @throws IllegalArgumentException if a component is out of range or NaN
     */
    public Request {
      if (name.isBlank()) {
        throw new IllegalArgumentException("name must not be blank");
      }
      Checks.positiveFinite("weight", weight);
      Checks.atLeastOne("count", count);
    }
  }

  /**
   * A planned release.
   *
   * @param name its name
   * @param count how many answers it gives
   * @param noiseMultiplier the noise of each answer, rounded up
   */
  public record PlannedRelease(String name, long count, double noiseMultiplier) {
    /**
     * Returns what the release will do.
     *
     * @return a Gaussian event, count times
     */
    public DpEvent event() {
      return new SelfComposedEvent(new GaussianEvent(noiseMultiplier), count);
    }
  }

  /**
   * Plans the releases.
   *
   * @param budget what to stay within
   * @param requests what is to be released; not empty, names unique
   * @return the plan
   * @throws IllegalArgumentException if there is no request or two have one name
   */
  public static BudgetPlan of(PrivacyParameters budget, List<Request> requests) {
    Set<String> names = new HashSet<>();
    double weights = 0;
    for (Request request : requests) {
      if (!names.add(request.name())) {
        throw new IllegalArgumentException("names must be unique, but two are " + request.name());
      }
      weights = Math.nextUp(weights + request.weight());
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("requests must not be empty");
    }
    double limit = PrivacyFilter.gaussian(budget).limit();
    List<PlannedRelease> releases = new ArrayList<>();
    for (Request request : requests) {
      double share = limit * (request.weight() / weights);
      double noise = Math.sqrt(request.count() / share) * ROOM;
      releases.add(new PlannedRelease(request.name(), request.count(), noise));
    }
    return new BudgetPlan(budget, releases);
  }

  /**
   * Returns what all releases together will do.
   *
   * @return the composition of the releases
   */
  public DpEvent event() {
    return new ComposedEvent(releases.stream().map(PlannedRelease::event).toList());
  }
}
