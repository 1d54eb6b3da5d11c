package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class NormalQuantileTest {
  private static final double[] PLACES = {-0.5, -0.490234375, -0.25, 0, 0.1640625, 0.5};

  @Test
  void evaluate_everySegment_errorStaysWithinItsBound() {
    int row = 0;
    for (int octave = 0; octave < NormalQuantile.OCTAVES; octave++) {
      for (int segment = 0; segment < 1 << NormalQuantile.SEGMENT_BITS; segment++) {
        for (double t : PLACES) {
          double bound = NormalQuantile.rows()[row + NormalQuantile.BOUND];
          assertTrue(isWithin(octave, segment, t, bound), octave + " " + segment + " " + t);
        }
        row += NormalQuantile.STRIDE;
      }
    }
    assertEquals(NormalQuantile.rows().length, row);
  }

  @Test
  void isWithin_errorOfAFewRoundoffs_isSeen() {
    // The check above is sharp enough to reject a claim that the error is a hundredth of the bound.
    boolean all = true;
    for (int segment = 0; segment < 32; segment++) {
      double bound = NormalQuantile.rows()[segment * NormalQuantile.STRIDE + NormalQuantile.BOUND];
      all &= isWithin(0, segment, 0.1640625, bound / 100);
    }
    assertFalse(all);
  }

  @Test
  void bound_everySegment_isAFewUnitsOfRoundoff() {
    for (int row = 0; row < NormalQuantile.rows().length; row += NormalQuantile.STRIDE) {
      double bound = NormalQuantile.rows()[row + NormalQuantile.BOUND];
      double size = NormalQuantile.rows()[row + NormalQuantile.CONSTANT];
      assertTrue(bound > 0 && bound < 0x1p-53 * (size + 1), "bound " + bound + " at " + size);
    }
  }

  @Test
  void slope_everySegment_isAtLeastTheSecantAndNotMuchMore() {
    double[] rows = NormalQuantile.rows();
    for (int row = 0; row < rows.length; row += NormalQuantile.STRIDE) {
      double secant =
          NormalQuantile.evaluate(rows, row, -0.5) - NormalQuantile.evaluate(rows, row, 0.5);
      double slope = rows[row + NormalQuantile.SLOPE];
      assertTrue(slope >= secant && slope < 1.25 * secant, slope + " against " + secant);
    }
  }

  @Test
  void estimate_deepTail_isNearTheReference() {
    // Q(8.5) to 17 digits, by mpmath 1.3.0.
    assertEquals(8.5, NormalQuantile.estimate(Math.log(9.479534822203318e-18)), 1e-12);
    assertEquals(0.5, NormalQuantile.estimate(Math.log(0.3085375387259869)), 1e-12);
  }

  /** Says whether surely Q(w + bound) <= v <= Q(w - bound) for the polynomial's w at the place. */
  private static boolean isWithin(int octave, int segment, double t, double bound) {
    int row = ((octave << NormalQuantile.SEGMENT_BITS) + segment) * NormalQuantile.STRIDE;
    double w = NormalQuantile.evaluate(NormalQuantile.rows(), row, t);
    double v = (32 + segment + 0.5 + t) * Math.scalb(1.0, -(octave + 7));
    BigDecimal lower = new BigDecimal(w).subtract(new BigDecimal(bound));
    BigDecimal upper = new BigDecimal(w).add(new BigDecimal(bound));
    BigDecimal target = new BigDecimal(v);
    NormalTail.Bounds least = tail(upper);
    return scaled(target, least).compareTo(new BigDecimal(least.upper())) >= 0
        && (lower.signum() <= 0 || isAtMost(target, tail(lower)));
  }

  private static boolean isAtMost(BigDecimal value, NormalTail.Bounds tail) {
    return scaled(value, tail).compareTo(new BigDecimal(tail.lower())) <= 0;
  }

  private static BigDecimal scaled(BigDecimal value, NormalTail.Bounds unit) {
    return value.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(unit.scale())));
  }

  private static NormalTail.Bounds tail(BigDecimal x) {
    return NormalTail.at(
        x.setScale(Math.max(0, x.scale())).unscaledValue(),
        BigInteger.TEN.pow(Math.max(0, x.scale())),
        96);
  }
}
