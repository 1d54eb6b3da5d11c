package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositiveRationalTest {
  @Test
  void of_commonFactors_areCancelled() {
    assertEquals(PositiveRational.of(2, 3), PositiveRational.of(40, 60));
    assertEquals(PositiveRational.of(4, 9), PositiveRational.of(2, 3).squared());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 3, 1e300, 1e-300, Double.MIN_NORMAL, Double.MAX_VALUE, 0x1p60})
  void of_double_isExact(double value) {
    PositiveRational rational = PositiveRational.of(value);
    BigDecimal product = new BigDecimal(value).multiply(new BigDecimal(rational.denominator()));
    assertEquals(0, product.compareTo(new BigDecimal(rational.numerator())));
    assertEquals(value, rational.approximate(), 4e-16 * value);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 1e-310})
  void of_notAPositiveNormalNumber_throwsException(double value) {
    assertThrows(IllegalArgumentException.class, () -> PositiveRational.of(value));
  }

  @Test
  void of_notPositiveParts_throwsException() {
    assertThrows(IllegalArgumentException.class, () -> PositiveRational.of(0, 1));
    assertThrows(IllegalArgumentException.class, () -> PositiveRational.of(1, 0));
    assertThrows(IllegalArgumentException.class, () -> PositiveRational.of(-1, -2));
  }

  @Test
  void approximate_partsBeyondDoubles_isNear() {
    BigInteger huge = BigInteger.TEN.pow(400);
    PositiveRational third =
        new PositiveRational(huge, huge.multiply(BigInteger.valueOf(3)).add(BigInteger.ONE));
    assertEquals(1 / 3.0, third.approximate(), 2e-16);
  }
}
