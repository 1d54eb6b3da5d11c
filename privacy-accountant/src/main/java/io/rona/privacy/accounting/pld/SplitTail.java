package io.rona.privacy.accounting.pld;

import java.util.List;
import java.util.function.DoublePredicate;

/**
 * The tail of a composed loss whose distribution is the sum of several parts, such as the paths
 * without a rare loss and those with a few.
 *
 * @param parts the parts, all on one side of the truth
 * @param rest probability of what is in no part
 * @param estimate about where epsilon is
 */
record SplitTail(List<TiltedTail> parts, double rest, double estimate) implements Tail {
  private static final int HALVINGS = 28;
  private static final double MARGIN = 1e-12;

  @Override
  public double epsilonUpper(double delta) {
    double high = 2 * estimate;
    return deltaUpper(high) <= delta
        ? between(0, high, epsilon -> deltaUpper(epsilon) <= delta)[1]
        : Double.POSITIVE_INFINITY;
  }

  @Override
  public double epsilonLower(double delta) {
    return between(0, 2 * estimate, epsilon -> !(deltaLower(epsilon) >= delta))[0];
  }

  /** Returns ends close to each other: the predicate was false, or never asked, at the first. */
  private static double[] between(double from, double to, DoublePredicate above) {
    double low = from;
    double high = to;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (above.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return new double[] {low, high};
  }

  @Override
  public double deltaUpper(double epsilon) {
    double sum = rest;
    for (TiltedTail part : parts) {
      sum += part.deltaUpper(epsilon);
    }
    return Math.min(1, sum * (1 + MARGIN));
  }

  @Override
  public double deltaLower(double epsilon) {
    double sum = 0;
    for (TiltedTail part : parts) {
      sum += part.deltaLower(epsilon);
    }
    return sum * (1 - MARGIN);
  }
}
