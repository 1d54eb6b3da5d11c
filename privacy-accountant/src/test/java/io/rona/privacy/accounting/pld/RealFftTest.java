package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.pld.RealFft.Spectrum;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against direct sums over a table of roots, within the bound that the class states. */
class RealFftTest {
  private static double[] random(int length) {
    SplittableRandom random = new SplittableRandom(length);
    double[] values = new double[length];
    Arrays.setAll(values, i -> random.nextDouble(-1, 1));
    return values;
  }

  private static double l1(double[] values) {
    return Arrays.stream(values).map(Math::abs).sum();
  }

  /** Returns the bits of a number below {@code count}, a power of two, in reversed order. */
  private static int reversed(int s, int count) {
    return Integer.reverse(s) >>> (32 - Integer.numberOfTrailingZeros(count));
  }

  private static double[] direct(double[] values, int frequency) {
    int length = values.length;
    double re = 0;
    double im = 0;
    for (int j = 0; j < length; j++) {
      double angle = 2 * Math.PI * ((long) j * frequency % length) / length;
      re += values[j] * Math.cos(angle);
      im -= values[j] * Math.sin(angle);
    }
    return new double[] {re, im};
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64, 128, 512, 1024, 4096, 8192, 16384})
  void forward_random_isTheDirectSumInReversedOrder(int length) {
    RealFft fft = RealFft.ofLength(length);
    double[] values = random(length);
    Spectrum spectrum = fft.forward(values);
    double error = 2 * fft.errorFactor() * l1(values);
    int half = length / 2;
    int stride = length <= 1024 ? 1 : length / 512 - 1;
    for (int s = 1; s < half; s += stride) {
      double[] expected = direct(values, reversed(s, half));
      assertEquals(expected[0], spectrum.re()[s], error, () -> "length " + length);
      assertEquals(expected[1], spectrum.im()[s], error, () -> "length " + length);
    }
    assertEquals(direct(values, 0)[0], spectrum.re()[0], error);
    assertEquals(direct(values, half)[0], spectrum.im()[0], error);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64, 256, 2048, 4096, 8192, 32768})
  void inverse_ofForward_isTheIdentity(int length) {
    RealFft fft = RealFft.ofLength(length);
    double[] values = random(length);
    double error = 4 * fft.errorFactor() * l1(values);
    assertArrayEquals(values, fft.inverse(fft.forward(values)), error);
  }

  @Test
  void forward_unitImpulse_isOneEverywhere() {
    double[] values = new double[64];
    values[0] = 1;
    Spectrum spectrum = RealFft.ofLength(64).forward(values);
    for (int s = 0; s <= 32; s++) {
      assertEquals(1, spectrum.re(s), 1e-15);
      assertEquals(0, spectrum.im(s), 1e-15);
    }
  }

  @Test
  void spectrum_byEntry_separatesTheTwoRealFrequencies() {
    Spectrum spectrum = new Spectrum(new double[] {3, 1, 2, 4}, new double[] {-5, 6, 7, 8});
    assertEquals(3, spectrum.re(0));
    assertEquals(0, spectrum.im(0));
    assertEquals(-5, spectrum.re(4));
    assertEquals(0, spectrum.im(4));
    assertEquals(2, spectrum.re(2));
    assertEquals(7, spectrum.im(2));
  }

  @Test
  void errorFactor_isTwelveUnitsALevel() {
    assertEquals(12 * 4 * 0x1p-53, RealFft.ofLength(8).errorFactor());
    assertEquals(12 * 11 * 0x1p-53, RealFft.ofLength(1024).errorFactor());
  }

  /** The bound is on any signs, and not a hundred times too wide. */
  @Test
  void errors_stayWithinTheBound() {
    int length = 256;
    RealFft fft = RealFft.ofLength(length);
    double[] values = random(length);
    Spectrum spectrum = fft.forward(values);
    double worst = 0;
    for (int s = 1; s < length / 2; s++) {
      double[] expected = direct(values, reversed(s, length / 2));
      worst = Math.max(worst, Math.abs(expected[0] - spectrum.re()[s]));
      worst = Math.max(worst, Math.abs(expected[1] - spectrum.im()[s]));
    }
    assertTrue(worst <= fft.errorFactor() * l1(values) && worst > 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4, 7, 12, 1000, -8})
  void ofLength_noPowerOfTwoOrTooShort_throws(int length) {
    assertThrows(IllegalArgumentException.class, () -> RealFft.ofLength(length));
  }
}
