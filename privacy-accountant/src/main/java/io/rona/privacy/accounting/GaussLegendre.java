package io.rona.privacy.accounting;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/** A fixed Gauss-Legendre rule, for integrands that are smooth on the interval. */
final class GaussLegendre {
  private static final int POINTS = 20;
  private static final double[] NODES = new double[POINTS];
  private static final double[] WEIGHTS = new double[POINTS];

  static {
    GaussIntegrator rule = new GaussIntegratorFactory().legendre(POINTS);
    for (int i = 0; i < POINTS; i++) {
      NODES[i] = rule.getPoint(i);
      WEIGHTS[i] = rule.getWeight(i);
    }
  }

  private GaussLegendre() {}

  /** Returns the mean of a function over [start, start + length]. */
  static double mean(double start, double length, DoubleUnaryOperator function) {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      sum += WEIGHTS[i] * function.applyAsDouble(start + length / 2 * (1 + NODES[i]));
    }
    return sum / 2;
  }
}
