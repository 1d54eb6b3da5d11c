package io.rona.privacy.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExactGaussianTest {
  private static final Grid UNIT = new Grid(0);

  /** The digits of the reference are 10^-60 of it apart, so 2^-170 of it is safely beyond. */
  private static final int DISTANCE_BITS = 170;

  static LongStream seeds() {
    return LongStream.of(3, 1847, 90210);
  }

  /**
   * The probability of a cell is the length of the set of U that leads to it; the ends of these
   * sets are compared with 60-digit values, from both sides, at a relative distance of 2^-170.
   */
  @ParameterizedTest
  @MethodSource("io.rona.privacy.noise.NormalCells#read")
  void draw_uniformNextToCellEnd_fallsOnTheProperSide(NormalCells.End end) {
    int scale = 32 * ((DISTANCE_BITS + 40 + leadingZeros(end.tail())) / 32 + 1);
    BigInteger tail =
        end.tail().multiply(new BigDecimal(BigInteger.ONE.shiftLeft(scale))).toBigInteger();
    BigInteger distance = tail.shiftRight(DISTANCE_BITS);
    boolean negative = !end.positive();
    double inside = draw(FixedBits.ofTail(negative, tail.add(distance), scale), end);
    double outside = draw(FixedBits.ofTail(negative, tail.subtract(distance), scale), end);
    // A larger tail probability is a smaller |Z|.
    long insideCell = end.positive() ? end.cell() : end.cell() + 1;
    long outsideCell = end.positive() ? end.cell() + 1 : end.cell();
    assertEquals(insideCell * end.grid().step(), inside);
    assertEquals(outsideCell * end.grid().step(), outside);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void draw_fastPath_agreesWithExactSearch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 4000; i++) {
      Grid grid = new Grid(random.nextInt(-40, 10));
      double stdDev = Math.scalb(1 + random.nextDouble(), grid.exponent() + random.nextInt(-4, 43));
      double mean = (random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(-40, 12));
      int[] words = random.ints(8).toArray();
      long word = (long) words[0] << 32 | (words[1] & 0xffffffffL);
      FixedBits further = new FixedBits(words[2], words[3], words[4], words[5], words[6], words[7]);
      long cell = new BoundarySearch(new LazyNormal(further, word), mean, stdDev, grid).cell();
      assertEquals(
          cell * grid.step(), ExactGaussian.draw(new FixedBits(words), mean, stdDev, grid));
    }
  }

  @Test
  void draw_mostly_takesThirtyTwoBits() {
    long taken = 0;
    for (int i = 0; i < 10_000; i++) {
      FixedBits bits = new FixedBits(i * 0x9e3779b9);
      ExactGaussian.draw(bits, 0.3, 1.0, new Grid(-10));
      taken += bits.taken();
    }
    assertTrue(taken < 10_050, "words " + taken);
  }

  @Test
  void draw_uniformOnABoundaryForLong_drawsAsManyBitsAsItNeeds() {
    // Z = 0 is the end between cells 0 and 1 of mean 1/2: v = 1/2 - 2^-500 is just beside it.
    BigInteger tail = BigInteger.ONE.shiftLeft(543).subtract(BigInteger.ONE.shiftLeft(43));
    FixedBits above = FixedBits.ofTail(false, tail, 544);
    FixedBits below = FixedBits.ofTail(true, tail, 544);
    assertEquals(1.0, ExactGaussian.draw(above, 0.5, 1.0, UNIT));
    assertEquals(0.0, ExactGaussian.draw(below, 0.5, 1.0, UNIT));
    // Beside the end at Z = 1/4 the first 512 bits of v say nothing.
    NormalTail.Bounds quarter = NormalTail.at(BigInteger.ONE, BigInteger.valueOf(4), 600);
    BigInteger lower = quarter.lower().shiftRight(quarter.scale() - 544);
    FixedBits inner = FixedBits.ofTail(false, lower.add(BigInteger.TWO.pow(30)), 544);
    FixedBits outer = FixedBits.ofTail(false, lower.subtract(BigInteger.TWO.pow(30)), 544);
    assertEquals(0.0, ExactGaussian.draw(inner, 0.25, 1.0, UNIT));
    assertEquals(1.0, ExactGaussian.draw(outer, 0.25, 1.0, UNIT));
    assertTrue(inner.taken() >= 16, "words " + inner.taken());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void draw_everythingScaledByAPowerOfTwo_isScaled(long seed) {
    for (int shift : new int[] {-900, -500, 1, 300, 850}) {
      RandomBits bits = new SeededBits(seed);
      RandomBits same = new SeededBits(seed);
      for (int i = 0; i < 500; i++) {
        double mean = i / 7.0;
        double value = ExactGaussian.draw(bits, mean, 1.7, new Grid(-20));
        double scaled =
            ExactGaussian.draw(
                same, Math.scalb(mean, shift), Math.scalb(1.7, shift), new Grid(shift - 20));
        assertEquals(Math.scalb(value, shift), scaled);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void draw_meanMovedByWholeSteps_movesWithIt(long seed) {
    for (long steps : new long[] {1, -12345, 1L << 40, -(1L << 51)}) {
      RandomBits bits = new SeededBits(seed);
      RandomBits same = new SeededBits(seed);
      for (int i = 0; i < 500; i++) {
        double value = ExactGaussian.draw(bits, 0.25, 1e4, UNIT);
        assertEquals(value + steps, ExactGaussian.draw(same, 0.25 + steps, 1e4, UNIT));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void draw_subnormalOrTinyMean_equalsZeroMean(long seed) {
    RandomBits bits = new SeededBits(seed);
    for (double mean : new double[] {Double.MIN_VALUE, -Double.MIN_VALUE, 1e-310, -1e-200}) {
      for (int i = 0; i < 100; i++) {
        int word = bits.nextInt();
        double expected = ExactGaussian.draw(new FixedBits(word), 0.0, 3.0, UNIT);
        assertEquals(expected, ExactGaussian.draw(new FixedBits(word), mean, 3.0, UNIT));
        double coarse = ExactGaussian.draw(new FixedBits(word), 0.0, 0x1p900, new Grid(900));
        assertEquals(coarse, ExactGaussian.draw(new FixedBits(word), mean, 0x1p900, new Grid(900)));
      }
    }
  }

  @Test
  void draw_meanOnACellEndAndTinyNoise_fallsOnEitherSide() {
    RandomBits bits = new SeededBits(5);
    int up = 0;
    for (int i = 0; i < 400; i++) {
      double value = ExactGaussian.draw(bits, 2.5, 0x1p-64, UNIT);
      assertTrue(value == 2.0 || value == 3.0, "value " + value);
      up += value == 3.0 ? 1 : 0;
    }
    // Binomial of 400 and 1/2: outside 130 to 270 with probability below 10^-11.
    assertTrue(up > 130 && up < 270, "up " + up);
  }

  @Test
  void draw_everyResult_isOnTheGridAndNeverNegativeZero() {
    RandomBits bits = new SeededBits(11);
    for (int i = 0; i < 20_000; i++) {
      double value = ExactGaussian.draw(bits, -0.0, 0.7, new Grid(-3));
      assertEquals(0.0, value % 0.125, 0.0);
      assertFalse(Double.doubleToRawLongBits(value) == Long.MIN_VALUE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, NaN, 0",
    "0, 0, 0",
    "0, -1, 0",
    "0, Infinity, 0",
    "NaN, 1, 0",
    "Infinity, 1, 0",
    "-Infinity, 1, 0",
    "9.1e15, 1, 0",
    "-4.6e15, 1, 0",
    "0, 1.8e13, 0",
    "0, 5.4e-20, 0",
    "0, 1e-310, -1000",
    "0, 4.9e-324, -1000",
    "0, 1, -45",
    "1e300, 1, 0",
    "1.7e308, 1, -1000"
  })
  void draw_argumentOutOfRange_throwsExceptionAndDrawsNothing(
      double mean, double stdDev, int exponent) {
    FixedBits bits = new FixedBits();
    assertThrows(
        IllegalArgumentException.class,
        () -> ExactGaussian.draw(bits, mean, stdDev, new Grid(exponent)));
    assertEquals(0, bits.taken());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.2345678e300, Double.NaN})
  void draw_refusedMean_isNotInTheMessage(double mean) {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> ExactGaussian.draw(new FixedBits(), mean, 1.0, UNIT));
    String message = String.valueOf(thrown.getMessage());
    assertFalse(message.contains("1.2345678") || message.contains("NaN"), message);
  }

  @Test
  void draw_beyond64StandardDeviations_throwsException() {
    int[] zeros = new int[110];
    assertThrows(
        ArithmeticException.class, () -> ExactGaussian.draw(new FixedBits(zeros), 0.0, 1.0, UNIT));
    // 38 standard deviations are far from refused: v is about 2^-1050.
    assertEquals(38.0, Math.abs(ExactGaussian.draw(new FixedBits(new int[33]), 0.0, 1.0, UNIT)), 1);
  }

  private static double draw(FixedBits bits, NormalCells.End end) {
    return ExactGaussian.draw(bits, end.mean(), end.stdDev(), end.grid());
  }

  private static int leadingZeros(BigDecimal probability) {
    return (int) ((probability.scale() - probability.precision()) * 3.33) + 8;
  }
}
