package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApproximationCostTest {
  @Test
  void costOf_blocks_isJustAboveTheSwitchingLemma() {
    SplittableRandom random = new SplittableRandom(2);
    BigDecimal unit = BigDecimal.ONE.divide(new BigDecimal(BigInteger.TWO.pow(129)));
    for (int i = 0; i < 1000; i++) {
      long blocks = random.nextLong(2, 1L << random.nextInt(2, 63));
      BigDecimal n = BigDecimal.valueOf(blocks);
      BigDecimal exact = n.multiply(n.subtract(BigDecimal.ONE)).multiply(unit);
      BigDecimal cost = new BigDecimal(KeystreamBits.costOf(blocks).totalVariation());
      assertTrue(cost.compareTo(exact) >= 0);
      double ratio = (double) blocks / (blocks - 1) * 1.000001;
      assertTrue(cost.doubleValue() <= exact.doubleValue() * ratio);
    }
    assertEquals(ApproximationCost.NONE, KeystreamBits.costOf(1));
  }

  @Test
  void plusAndTimes_anyCosts_roundUp() {
    ApproximationCost cost = new ApproximationCost(0.1);
    BigDecimal tenth = new BigDecimal(cost.totalVariation());
    BigDecimal three = new BigDecimal(cost.plus(cost).plus(cost).totalVariation());
    assertTrue(three.compareTo(tenth.multiply(BigDecimal.valueOf(3))) >= 0);
    BigDecimal many = new BigDecimal(cost.times(1_000_003).totalVariation());
    assertTrue(many.compareTo(tenth.multiply(BigDecimal.valueOf(1_000_003))) >= 0);
    assertEquals(100_000.3, many.doubleValue(), 1e-9);
    assertEquals(ApproximationCost.NONE, cost.times(0));
    assertEquals(cost, ApproximationCost.NONE.plus(cost).plus(ApproximationCost.NONE));
  }

  @Test
  void extraDelta_knownValues_areJustAbove() {
    ApproximationCost cost = new ApproximationCost(0x1p-40);
    assertEquals(0x1p-39, cost.extraDelta(0), 0x1p-85);
    assertTrue(cost.extraDelta(0) >= 0x1p-39);
    // (1 + e) 2^-40, by mpmath 1.3.0.
    assertEquals(3.3817576226820575e-12, cost.extraDelta(1), 1e-26);
    assertEquals(Double.POSITIVE_INFINITY, cost.extraDelta(1e4));
    assertEquals(0, ApproximationCost.NONE.extraDelta(1e4));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1e-300, Double.POSITIVE_INFINITY})
  void cost_outOfRange_throwsException(double totalVariation) {
    assertThrows(IllegalArgumentException.class, () -> new ApproximationCost(totalVariation));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1e-300})
  void extraDelta_epsilonOutOfRange_throwsException(double epsilon) {
    assertThrows(IllegalArgumentException.class, () -> ApproximationCost.NONE.extraDelta(epsilon));
  }

  @Test
  void times_negativeOrInfinite_throwsException() {
    ApproximationCost cost = new ApproximationCost(1e300);
    assertThrows(IllegalArgumentException.class, () -> cost.times(-1));
    assertThrows(IllegalArgumentException.class, () -> cost.times(1L << 60));
  }
}
