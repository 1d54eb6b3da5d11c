package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IntegerDistributionTest {
  private static final int DRAWS = 150_000;

  static Stream<PositiveRational> parameters() {
    return Stream.of(
        PositiveRational.of(1, 3),
        PositiveRational.of(1, 1),
        PositiveRational.of(2, 1),
        PositiveRational.of(7, 2),
        PositiveRational.of(0.3),
        PositiveRational.of(400, 1),
        PositiveRational.of(12.34));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void discreteGaussian_everyInteger_hasItsProbability(PositiveRational variance) {
    double value = variance.approximate();
    DiscreteGaussian distribution = DiscreteGaussian.withVariance(variance);
    double[] right = probabilities(x -> Math.exp(-0.5 * x * x / value));
    double[] wrong = probabilities(x -> Math.exp(-0.5 * x * x / (value * 1.05)));
    NoiseSource noise = SeededNoise.notReleasable(41);
    assertTrue(Statistics.fitsIntegers(() -> noise.draw(distribution), right, DRAWS));
    assertFalse(Statistics.fitsIntegers(() -> noise.draw(distribution), wrong, DRAWS), "5% off");
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void discreteLaplace_everyInteger_hasItsProbability(PositiveRational scale) {
    double value = scale.approximate();
    DiscreteLaplace distribution = DiscreteLaplace.withScale(scale);
    double[] right = probabilities(x -> Math.exp(-Math.abs(x) / value));
    double[] wrong = probabilities(x -> Math.exp(-Math.abs(x) / (value * 1.05)));
    NoiseSource noise = SeededNoise.notReleasable(43);
    assertTrue(Statistics.fitsIntegers(() -> noise.draw(distribution), right, DRAWS));
    assertFalse(Statistics.fitsIntegers(() -> noise.draw(distribution), wrong, DRAWS), "5% off");
  }

  /** On the same bits the interval comparison and the integer comparison must always agree. */
  @Test
  void expMinus_fastComparison_agreesWithIntegers() {
    SplittableRandom random = new SplittableRandom(6);
    int taken = 0;
    for (int i = 0; i < 40_000; i++) {
      long denominator = random.nextLong(1, 1L << random.nextInt(1, 57));
      long numerator = random.nextLong(0, denominator + 1);
      int first = random.nextInt();
      FixedBits bits = new FixedBits(first, i);
      Fraction x = new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
      boolean exact = ExactBernoulli.expMinus(new FixedBits(first, i), 0.5, 1.0, () -> x);
      assertEquals(exact, ExactBernoulli.expMinus(bits, numerator, denominator));
      taken += bits.taken();
    }
    assertTrue(taken < 80_000 * 2, "words " + taken);
  }

  @Test
  void expMinus_uniformOnTheFraction_drawsMoreBits() {
    // x = 1/3 = 0.010101...: the first 32 bits equal x's, the next word decides.
    int third = 0x55555555;
    Fraction x = new Fraction(BigInteger.ONE, BigInteger.valueOf(3));
    for (int next : new int[] {0, 0x55555554, 0x55555556, -1}) {
      FixedBits bits = new FixedBits(third, next, -1);
      boolean below = next >= 0 && next <= 0x55555554;
      // Below x / 1 the next coin, against x / 2, fails on all ones: two coins, so the answer is
      // no.
      assertEquals(!below, ExactBernoulli.expMinus(bits, 1 / 3.0, 0x1p-52, () -> x));
      assertEquals(below ? 3 : 2, bits.taken());
    }
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void approximateExponent_anyDistance_staysWithinItsBound(PositiveRational variance) {
    DiscreteGaussian distribution = DiscreteGaussian.withVariance(variance);
    for (long y = 0; y < 1_000_000_000L; y = y * 5 / 4 + 1) {
      Fraction exact = distribution.exponent(y);
      BigDecimal value =
          new BigDecimal(exact.numerator())
              .divide(new BigDecimal(exact.denominator()), new MathContext(60));
      double error =
          value.subtract(new BigDecimal(distribution.approximateExponent(y))).abs().doubleValue();
      assertTrue(error <= distribution.exponentError(y), "y " + y);
    }
  }

  @Test
  void uniform_smallAndLargeBounds_isEven() {
    RandomBits bits = new SeededBits(77);
    assertEquals(0, ExactBernoulli.uniform(bits, 1));
    for (int bound : new int[] {2, 3, 7, 8, 100}) {
      long[] counts = new long[bound];
      for (int i = 0; i < 50_000; i++) {
        counts[(int) ExactBernoulli.uniform(bits, bound)]++;
      }
      double[] even = new double[bound];
      Arrays.fill(even, 1.0 / bound);
      assertTrue(Statistics.fits(counts, even, 50_000), "bound " + bound);
    }
    long bound = 3L << 54;
    long[] thirds = new long[3];
    for (int i = 0; i < 50_000; i++) {
      thirds[(int) (ExactBernoulli.uniform(bits, bound) >>> 54)]++;
    }
    assertTrue(Statistics.fits(thirds, new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, 50_000));
  }

  @Test
  void withScale_tooManyBits_throwsException() {
    assertThrows(
        IllegalArgumentException.class,
        () -> DiscreteLaplace.withScale(PositiveRational.of(1L << 56, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> DiscreteLaplace.withScale(PositiveRational.of(1, 1L << 56)));
  }

  @Test
  void withVariance_outOfRange_throwsException() {
    for (double variance : new double[] {0x1p-41, 0x1.8p80, 1e300, 1e-300}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> DiscreteGaussian.withVariance(PositiveRational.of(variance)));
    }
  }

  @Test
  void discreteGaussian_largestVariance_hasItsSpread() {
    DiscreteGaussian distribution = DiscreteGaussian.withVariance(PositiveRational.of(0x1p80));
    NoiseSource noise = SeededNoise.notReleasable(12);
    assertTrue(Statistics.fitsNormal(() -> noise.draw(distribution) * 0x1p-40, 20_000));
  }

  @Test
  void draw_notReleasableWithoutIntegers_throwsException() {
    NoiseSource broken =
        new NotReleasableNoise() {
          @Override
          public double gaussian(double mean, double stdDev, Grid grid) {
            return mean;
          }
        };
    assertThrows(
        UnsupportedOperationException.class,
        () -> broken.draw(DiscreteLaplace.withScale(PositiveRational.of(1, 1))));
    assertFalse(broken.releasable());
  }

  private static double[] probabilities(LongToDoubleFunction weight) {
    double[] weights = new double[801];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weight.applyAsDouble(i - 400);
    }
    for (long x = -40_000; x <= 40_000; x++) {
      sum += weight.applyAsDouble(x);
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }
}
