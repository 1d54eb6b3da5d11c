package io.rona.privacy.noise;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;

/** Tests of fit, each with the probability of rejecting a sampler that is right. */
final class Statistics {
  /** Every test of fit rejects a right sampler with about this probability. */
  static final double FALSE_REJECT_RATE = 1e-6;

  private static final double LEAST_EXPECTED = 10;

  private Statistics() {}

  /**
   * Pearson's test of counts; bins that expect fewer than 10 are joined to the next, so that the
   * chi-square distribution holds well.
   */
  static boolean fits(long[] observed, double[] probabilities, long total) {
    double statistic = 0;
    int bins = 0;
    double expectedSum = 0;
    double observedSum = 0;
    double expectedLeft = total;
    double observedLeft = total;
    for (int i = 0; i < observed.length; i++) {
      expectedSum += total * probabilities[i];
      observedSum += observed[i];
      if (expectedSum >= LEAST_EXPECTED && expectedLeft - expectedSum >= LEAST_EXPECTED) {
        statistic += term(observedSum, expectedSum);
        bins++;
        expectedLeft -= expectedSum;
        observedLeft -= observedSum;
        expectedSum = 0;
        observedSum = 0;
      }
    }
    // What is left, and what fell outside every bin, is the last bin.
    statistic += term(observedLeft, expectedLeft);
    return statistic <= quantile(bins);
  }

  /** Counts integers from -range to range and tests them. */
  static boolean fitsIntegers(LongSupplier sampler, double[] probabilities, int draws) {
    int range = probabilities.length / 2;
    long[] observed = new long[probabilities.length];
    for (int i = 0; i < draws; i++) {
      long value = sampler.getAsLong();
      if (Math.abs(value) <= range) {
        observed[(int) value + range]++;
      }
    }
    return fits(observed, probabilities, draws);
  }

  /** Tests whether two histograms come from one distribution. */
  static boolean agree(long[] first, long[] second) {
    double firstTotal = sum(first);
    double secondTotal = sum(second);
    double statistic = 0;
    int bins = 0;
    for (int i = 0; i < first.length; i++) {
      double both = first[i] + second[i];
      if (both >= 2 * LEAST_EXPECTED) {
        double expected = both * firstTotal / (firstTotal + secondTotal);
        statistic += term((double) first[i], expected) + term((double) second[i], both - expected);
        bins++;
      }
    }
    return statistic <= quantile(Math.max(1, bins - 1));
  }

  /**
   * The Kolmogorov-Smirnov test against N(0, 1): P(D > d) <= 2 exp(-2 n d^2) (Massart, 1990, The
   * Tight Constant in the Dvoretzky-Kiefer-Wolfowitz Inequality).
   */
  static boolean fitsNormal(DoubleSupplier sampler, int draws) {
    NormalDistribution normal = new NormalDistribution(0, 1);
    double[] sorted =
        java.util.stream.DoubleStream.generate(sampler).limit(draws).sorted().toArray();
    double distance = 0;
    for (int i = 0; i < draws; i++) {
      double probability = normal.cumulativeProbability(sorted[i]);
      distance = Math.max(distance, probability - (double) i / draws);
      distance = Math.max(distance, (i + 1.0) / draws - probability);
    }
    return distance <= Math.sqrt(Math.log(2 / FALSE_REJECT_RATE) / (2.0 * draws));
  }

  private static double sum(long[] counts) {
    double sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  private static double term(double observed, double expected) {
    return (observed - expected) * (observed - expected) / expected;
  }

  private static double quantile(int degrees) {
    return new ChiSquaredDistribution(null, degrees)
        .inverseCumulativeProbability(1 - FALSE_REJECT_RATE);
  }
}
