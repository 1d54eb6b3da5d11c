package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NormalTailTest {
  private static final BigDecimal RELATIVE_ERROR_OF_REFERENCE = new BigDecimal("1e-59");

  @ParameterizedTest
  @MethodSource("io.rona.privacy.noise.NormalCells#read")
  void at_referenceOf60Digits_liesInNarrowInterval(NormalCells.End end) {
    // x = ((n + 1/2) g - a) / s, exactly.
    BigDecimal distance =
        new BigDecimal(end.cell())
            .add(new BigDecimal("0.5"))
            .multiply(new BigDecimal(end.grid().step()))
            .subtract(new BigDecimal(end.mean()))
            .abs();
    BigDecimal stdDev = new BigDecimal(end.stdDev());
    int scale = Math.max(0, Math.max(distance.scale(), stdDev.scale()));
    BigInteger numerator = distance.setScale(scale).unscaledValue();
    BigInteger denominator = stdDev.setScale(scale).unscaledValue();
    for (int bits : new int[] {64, 128, 160}) {
      NormalTail.Bounds bounds = NormalTail.at(numerator, denominator, bits);
      BigDecimal slack = end.tail().multiply(RELATIVE_ERROR_OF_REFERENCE);
      assertTrue(decimal(bounds.lower(), bounds.scale()).compareTo(end.tail().add(slack)) <= 0);
      assertTrue(
          decimal(bounds.upper(), bounds.scale()).compareTo(end.tail().subtract(slack)) >= 0);
      BigDecimal width = decimal(bounds.upper().subtract(bounds.lower()), bounds.scale());
      BigDecimal allowed = end.tail().multiply(decimal(BigInteger.ONE, bits));
      assertTrue(width.compareTo(allowed) <= 0, () -> "width " + width + " of " + end);
    }
  }

  @Test
  void at_zero_isOneHalf() {
    NormalTail.Bounds bounds = NormalTail.at(BigInteger.ZERO, BigInteger.ONE, 64);
    BigInteger half = BigInteger.ONE.shiftLeft(bounds.scale() - 1);
    assertTrue(bounds.lower().compareTo(half) <= 0 && bounds.upper().compareTo(half) >= 0);
    assertTrue(bounds.upper().subtract(bounds.lower()).bitLength() < 8);
  }

  @Test
  void at_beyond64_throwsException() {
    assertThrows(
        IllegalArgumentException.class,
        () -> NormalTail.at(BigInteger.valueOf(65), BigInteger.ONE, 64));
  }

  @Test
  void bounds_twoPrecisions_areNested() {
    for (int i = 0; i < 200; i++) {
      BigInteger numerator = BigInteger.valueOf(i * 37L);
      NormalTail.Bounds wide = NormalTail.at(numerator, BigInteger.valueOf(1000), 64);
      NormalTail.Bounds narrow = NormalTail.at(numerator, BigInteger.valueOf(1000), 400);
      int shift = narrow.scale() - wide.scale();
      assertTrue(wide.lower().shiftLeft(shift).compareTo(narrow.lower()) <= 0);
      assertTrue(wide.upper().shiftLeft(shift).compareTo(narrow.upper()) >= 0);
      assertEquals(1, narrow.upper().compareTo(narrow.lower()));
    }
  }

  private static BigDecimal decimal(BigInteger value, int scale) {
    return new BigDecimal(value)
        .divide(new BigDecimal(BigInteger.ONE.shiftLeft(scale)), new MathContext(90));
  }
}
