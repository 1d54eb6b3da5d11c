package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Against values computed to 50 digits with mpmath. */
class GaussianQuadratureTest {
  @ParameterizedTest
  @CsvFileSource(resources = "gaussian-delta.csv")
  void delta_exactValues_agreeToTwelveDigits(double sigma, double epsilon, double exact) {
    double delta = GaussianQuadrature.delta(1 / sigma, epsilon);

    // 1/sigma is rounded, which the curve amplifies by up to a^2 ulp.
    assertEquals(exact, delta, 1e-12 * exact + 1e-300);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "gaussian-epsilon.csv")
  void epsilon_exactValues_agreeToTwelveDigits(double sigma, double delta, double exact) {
    assertEquals(exact, GaussianQuadrature.epsilon(1 / sigma, delta), 1e-12 * Math.max(1, exact));
  }

  @Test
  void delta_argumentsOutOfRange_throws() {
    assertThrows(IllegalArgumentException.class, () -> GaussianQuadrature.delta(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> GaussianQuadrature.delta(0, 1));
    assertThrows(IllegalArgumentException.class, () -> GaussianQuadrature.delta(1e5, 1));
    assertThrows(IllegalArgumentException.class, () -> GaussianQuadrature.delta(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> GaussianQuadrature.delta(1, -1));
  }
}
