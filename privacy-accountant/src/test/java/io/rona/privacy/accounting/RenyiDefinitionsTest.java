package io.rona.privacy.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.event.DiscreteGaussianEvent;
import io.rona.privacy.event.DiscreteLaplaceEvent;
import io.rona.privacy.event.RandomizedResponseEvent;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Divergences against the sums and integrals that define them, one mechanism at a time. */
class RenyiDefinitionsTest {
  /** Relative distance from above that rounding and margins may make up. */
  private static final double TIGHT = 1e-10;

  private static void assertAbove(double exact, double value, double tolerance) {
    assertTrue(value >= exact * (1 - 1e-12), () -> value + " below " + exact);
    assertEquals(exact, value, tolerance * exact);
  }

  /** The divergence of two lists of masses. */
  private static double divergence(double order, double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += order == 1 ? p[i] * Math.log(p[i] / q[i]) : p[i] * Math.pow(p[i] / q[i], order - 1);
    }
    return order == 1 ? sum : Math.log(sum) / (order - 1);
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 1, 1",
    "0.5, 1, 3",
    "0.5, 3, 1",
    "0.5, 3, 2.5",
    "0.2, 4, 2",
    "0.2, 4, 17",
    "1.5, 2, 1.1",
    "3, 5, 1.5",
    "0.01, 6, 40"
  })
  void discreteLaplace_isTheSumOverOutcomes(double decay, long sensitivity, double order) {
    int reach = (int) (60 / decay);
    double[] p = new double[2 * reach + 1];
    double[] q = new double[2 * reach + 1];
    for (int i = -reach; i <= reach; i++) {
      p[i + reach] = Math.tanh(decay / 2) * Math.exp(-decay * Math.abs(i));
      q[i + reach] = Math.tanh(decay / 2) * Math.exp(-decay * Math.abs(i - sensitivity));
    }
    double value = BasicRenyi.discreteLaplace(order, new DiscreteLaplaceEvent(decay, sensitivity));
    assertAbove(divergence(order, p, q), value, 1e-9);
  }

  @Test
  void discreteLaplace_veryLargeSensitivity_isPureDp() {
    DiscreteLaplaceEvent event = new DiscreteLaplaceEvent(1e-6, 100_001);
    double pure = BasicRenyi.pure(3, 0.100001);
    assertEquals(pure, BasicRenyi.discreteLaplace(3, event), 1e-14 * pure);
    double listed = BasicRenyi.discreteLaplace(3, new DiscreteLaplaceEvent(3e-5, 100_000));
    assertEquals(BasicRenyi.laplace(3, 1 / 3.0), listed, 1e-4, "summed up to a hundred thousand");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 2.5",
    "1, 3, 1.5",
    "2, 1, 7.3",
    "0.5, 1, 1.25",
    "4.9, 2, 3.35",
    "0.4, 1, 2.5",
    "1, 1, 2"
  })
  void discreteGaussian_isTheSumOverIntegers(double sigma, long sensitivity, double order) {
    int reach = (int) Math.ceil(45 * sigma + order * sensitivity);
    double total = 0;
    for (int i = -reach; i <= reach; i++) {
      total += Math.exp(-0.5 * i * i / sigma / sigma);
    }
    double[] log = new double[2 * reach + 1];
    double peak = Double.NEGATIVE_INFINITY;
    for (int i = -reach; i <= reach; i++) {
      double near = -0.5 * (i - sensitivity) * (i - sensitivity) / sigma / sigma;
      double far = -0.5 * i * i / sigma / sigma;
      log[i + reach] = order * near - (order - 1) * far;
      peak = Math.max(peak, log[i + reach]);
    }
    double sum = 0;
    for (double one : log) {
      sum += Math.exp(one - peak);
    }
    double exact = (peak + Math.log(sum) - Math.log(total)) / (order - 1);
    double value =
        BasicRenyi.discreteGaussian(order, new DiscreteGaussianEvent(sigma, sensitivity));
    assertAbove(exact, value, 1e-10);
  }

  @Test
  void discreteGaussian_whereNothingIsSaved_isTheGaussian() {
    for (double[] one : new double[][] {{6, 1, 2.5}, {2, 3, 1}, {1, 4, 2e9 + 0.5}}) {
      DiscreteGaussianEvent event = new DiscreteGaussianEvent(one[0], (long) one[1]);
      double gaussian = one[2] * one[1] * one[1] / one[0] / one[0] / 2;
      assertEquals(gaussian, BasicRenyi.discreteGaussian(one[2], event), 2e-12 * gaussian);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.8, 2, 2.5", "0.8, 2, 1", "0.6, 5, 4", "0.3, 2, 3", "0.99, 3, 64", "0.1, 4, 2"})
  void randomizedResponse_isTheSumOverCategories(double truth, int categories, double order) {
    double other = (1 - truth) / (categories - 1);
    double[] p = new double[categories];
    double[] q = new double[categories];
    Arrays.fill(p, other);
    Arrays.fill(q, other);
    p[0] = truth;
    q[1] = truth;
    double value =
        BasicRenyi.randomizedResponse(order, new RandomizedResponseEvent(truth, categories));
    assertAbove(divergence(order, p, q), value, TIGHT);
  }

  @ParameterizedTest
  @CsvSource({"0.7, 1", "0.7, 1.5", "2, 3", "0.1, 20", "3, 64"})
  void pure_isBinaryResponse(double epsilon, double order) {
    double high = 1 / (1 + Math.exp(-epsilon));
    double[] p = {high, 1 - high};
    double[] q = {1 - high, high};
    assertAbove(divergence(order, p, q), BasicRenyi.pure(order, epsilon), TIGHT);
  }

  @ParameterizedTest
  @CsvSource({"0.7, 1.5", "0.7, 4", "2, 3", "0.05, 20", "3, 64", "1, 1", "0.3, 1"})
  void boundedRange_isTheWorstOfItsPairs(double epsilon, double order) {
    double worst = 0;
    for (int i = 1; i < 20_000; i++) {
      double t = epsilon * i / 20_000;
      double high = -Math.expm1(t - epsilon) / -Math.expm1(-epsilon);
      double highQ = high * Math.exp(-t);
      double[] p = {high, 1 - high};
      double[] q = {highQ, 1 - highQ};
      worst = Math.max(worst, divergence(order, p, q));
    }
    assertAbove(worst, BasicRenyi.boundedRange(order, epsilon), 1e-7);
  }

  @Test
  void boundedRange_ends_areTheQuadraticBoundAndEpsilon() {
    double quadratic = 2 * 1e-14 / 8;
    assertEquals(quadratic, BasicRenyi.boundedRange(2, 1e-7), 2e-12 * quadratic);
    assertEquals(0.5, BasicRenyi.boundedRange(2e9, 0.5), 1e-15);
    assertEquals(0.125 * 1e9 * 1e-18, BasicRenyi.boundedRange(1e9, 1e-9), 1e-10);
    double far = BasicRenyi.boundedRange(1e8, 0.5);
    assertTrue(far <= 0.5 * (1 + 1e-15) && far > 0.49999);
  }

  @ParameterizedTest
  @CsvSource({"1, 2.5", "0.4, 1.3", "10, 3", "0.05, 2", "0.02, 12", "0.01, 6.9", "0.01, 7.1"})
  void laplace_isTheClosedForm(double scale, double order) {
    // Mironov (2017), proposition 6, in logarithms.
    double a = order;
    double first = Math.log(a / (2 * a - 1)) + (a - 1) / scale;
    double second = Math.log((a - 1) / (2 * a - 1)) - a / scale;
    double exact = (first + Math.log1p(Math.exp(second - first))) / (a - 1);
    assertAbove(exact, BasicRenyi.laplace(order, scale), 2e-4 * (scale < 0.1 ? 1 : 1e-6));
  }

  @Test
  void laplace_orderOne_isTheMeanLoss() {
    for (double scale : new double[] {0.1, 0.7, 3, 50}) {
      double exact = 1 / scale + Math.expm1(-1 / scale);
      assertAbove(exact, BasicRenyi.laplace(1, scale), 1e-10);
    }
    assertTrue(BasicRenyi.laplace(1e5, 2) <= Math.nextUp(0.5));
  }

  @Test
  void gaussian_isRoundedUpByTheLeast() {
    assertEquals(Math.nextUp(Math.nextUp(0.5)) + Double.MIN_NORMAL, BasicRenyi.gaussian(1, 1));
    assertEquals(3.0 / 8, BasicRenyi.gaussian(3, 2), 2e-16);
    assertTrue(BasicRenyi.gaussian(3, 2) > 3.0 / 8);
    assertTrue(BasicRenyi.gaussian(1.5, 1e200) > 0);
  }

  private static double integral(DoubleUnaryOperator f, double from, double to, int cells) {
    double width = (to - from) / cells;
    double sum = 0;
    for (int i = 0; i < cells; i++) {
      sum += GaussLegendre.mean(from + i * width, width, f) * width;
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 1, 2.5",
    "0.1, 1, 1",
    "0.3, 0.5, 4",
    "0.9, 0.2, 1.5",
    "0.01, 2, 16",
    "0.5, 0.1, 3",
    "0.001, 0.3, 32"
  })
  void sampledLaplace_isTheLargerOfBothDirections(double q, double scale, double order) {
    DoubleUnaryOperator without = x -> Math.exp(-Math.abs(x) / scale) / (2 * scale);
    DoubleUnaryOperator with =
        x -> (1 - q) * without.applyAsDouble(x) + q * without.applyAsDouble(x - 1);
    double[] ends = {-60 * scale, 0, 1, 1 + 60 * scale};
    double worst = 0;
    for (boolean add : new boolean[] {false, true}) {
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        sum +=
            integral(
                x -> {
                  double p = add ? without.applyAsDouble(x) : with.applyAsDouble(x);
                  double r = p / (add ? with.applyAsDouble(x) : without.applyAsDouble(x));
                  return order == 1 ? p * Math.log(r) : p * Math.pow(r, order - 1);
                },
                ends[i],
                ends[i + 1],
                400);
      }
      worst = Math.max(worst, order == 1 ? sum : Math.log(sum) / (order - 1));
    }
    assertAbove(worst, SampledLaplaceRenyi.divergence(order, q, scale), 1e-8);
  }

  @Test
  void sampledLaplace_extremes_areBoundedByTheLargestLoss() {
    double loss = Math.log1p(0.1 * Math.expm1(2));
    assertEquals(loss, SampledLaplaceRenyi.divergence(1e4, 0.1, 0.5), 1e-11);
    double far = 1000 + Math.log(0.1) + 1e-12;
    assertEquals(far, SampledLaplaceRenyi.divergence(1e4, 0.1, 1e-3), 1e-8);
    assertEquals(BasicRenyi.laplace(3, 0.7), SampledLaplaceRenyi.divergence(3, 1, 0.7));
    double order = 512; // 256 panels at scale 1 still
    assertTrue(SampledLaplaceRenyi.divergence(order, 0.1, 1) < Math.log1p(0.1 * Math.expm1(1)));
    assertEquals(
        Math.log1p(0.1 * Math.expm1(1)), SampledLaplaceRenyi.divergence(520, 0.1, 1), 1e-11);
    double tiny = SampledLaplaceRenyi.divergence(1.5, 0.5, 0.002);
    assertTrue(tiny > 0 && tiny <= BasicRenyi.laplace(1.5, 0.002));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 1, 2.5",
    "0.1, 1, 1",
    "0.01, 0.7, 1.7",
    "0.5, 3, 10.25",
    "0.02, 0.5, 5.5",
    "0.3, 8, 60",
    "0.001, 2, 33.5",
    "0.1, 0.3, 1.01"
  })
  void sampledGaussian_realOrders_areTheIntegral(double q, double sigma, double order) {
    DoubleUnaryOperator excess =
        x -> {
          double density = Math.exp(-x * x / (2 * sigma * sigma)) / sigma / Math.sqrt(2 * Math.PI);
          double u = q * Math.expm1((2 * x - 1) / (2 * sigma * sigma));
          double kernel =
              order == 1
                  ? (1 + u) * Math.log1p(u) - u
                  : Math.expm1(order * Math.log1p(u)) - order * u;
          return density * kernel;
        };
    double sum = integral(excess, -12 * sigma, order + 12 * sigma, 3000);
    double exact = order == 1 ? sum : Math.log1p(sum) / (order - 1);
    assertAbove(exact, SampledGaussianRenyi.divergence(order, q, sigma), 1e-8);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 1, 2", "0.1, 1, 3", "0.01, 0.8, 6", "0.3, 2, 40"})
  void sampledGaussian_integerOrders_areTheBinomialSum(double q, double sigma, int order) {
    double sum = 0;
    double choose = 1;
    for (int k = 0; k <= order; k++) {
      double power = Math.pow(1 - q, order - k) * Math.pow(q, k);
      sum += choose * power * Math.expm1((k * k - k) / (2 * sigma * sigma));
      choose = choose * (order - k) / (k + 1);
    }
    double exact = Math.log1p(sum) / (order - 1);
    assertAbove(exact, SampledGaussianRenyi.divergence(order, q, sigma), 1e-10);
    double near = SampledGaussianRenyi.divergence(order + 1e-9, q, sigma);
    assertEquals(exact, near, 1e-7 * exact);
  }

  /** Where quadrature takes too many points: chords between integer orders, or no sampling. */
  @Test
  void sampledGaussian_veryLargeOrders_areChords() {
    double q = 0.01;
    double sigma = 0.01;
    double order = 2500.25;
    double low = 2499 * (unsampledTop(2500, sigma) + Math.log(q) * 2500 / 2499);
    double high = 2500 * (unsampledTop(2501, sigma) + Math.log(q) * 2501 / 2500);
    double chord = (0.75 * low + 0.25 * high) / (order - 1);
    double value = SampledGaussianRenyi.divergence(order, q, sigma);
    assertEquals(chord, value, 1e-10 * chord);
    double gaussian = BasicRenyi.gaussian(1e7 + 0.5, 0.01);
    assertEquals(gaussian, SampledGaussianRenyi.divergence(1e7 + 0.5, q, sigma));
    assertEquals(BasicRenyi.gaussian(3, 2), SampledGaussianRenyi.divergence(3, 1, 2));
  }

  /** Returns order/(2 sigma^2), the term k = order of the sum over (order - 1). */
  private static double unsampledTop(int order, double sigma) {
    return order / (2 * sigma * sigma);
  }

  @ParameterizedTest
  @CsvSource({"0.05, 2, 2", "0.05, 2, 3", "0.05, 2, 4", "0.1, 4, 7", "0.01, 1, 5", "0.2, 0.5, 3"})
  void fixedSize_integerOrders_areTheoremTwentySeven(double fraction, double sigma, int order) {
    double sum = 0;
    double choose = order;
    for (int j = 2; j <= order; j++) {
      choose = choose * (order - j + 1) / j;
      double plain = 2 * Math.exp(j * (j - 1) / (2 * sigma * sigma));
      double even = 4 * Math.sqrt(moment(j - j % 2, sigma) * moment(j + j % 2, sigma));
      double term = j > 2 && sigma < 0.7 ? plain : Math.min(plain, even);
      sum += Math.pow(fraction, j) * choose * term;
    }
    double exact = Math.min(Math.log1p(sum) / (order - 1), order / (2 * sigma * sigma));
    double value = new FixedSizeRenyi(fraction, sigma).applyAsDouble(order);
    assertAbove(exact, value, 1e-9);
  }

  /** E[(r - 1)^n] for even n. */
  private static double moment(int n, double sigma) {
    return integral(
        x -> {
          double density = Math.exp(-x * x / (2 * sigma * sigma)) / sigma / Math.sqrt(2 * Math.PI);
          return density * Math.pow(Math.expm1((2 * x - 1) / (2 * sigma * sigma)), n);
        },
        -14 * sigma,
        n + 14 * sigma,
        2000);
  }

  @Test
  void fixedSize_otherOrders_areChords() {
    FixedSizeRenyi curve = new FixedSizeRenyi(0.05, 2);
    double two = curve.applyAsDouble(2);
    double three = 2 * curve.applyAsDouble(3);
    double four = 3 * curve.applyAsDouble(4);
    assertEquals(two, curve.applyAsDouble(1.5), 1e-11 * two);
    assertEquals(two, curve.applyAsDouble(1), 1e-11 * two);
    double middle = (0.75 * two + 0.25 * three) / 1.25;
    assertEquals(middle, curve.applyAsDouble(2.25), 1e-11 * middle);
    double later = (0.25 * three + 0.75 * four) / 2.75;
    assertEquals(later, curve.applyAsDouble(3.75), 1e-11 * later);
    assertEquals(BasicRenyi.gaussian(5, 2), new FixedSizeRenyi(1, 2).applyAsDouble(5));
    assertEquals(BasicRenyi.gaussian(1e6, 2), curve.applyAsDouble(1e6));
    assertTrue(curve.applyAsDouble(99_999) <= BasicRenyi.gaussian(99_999, 2));
    double late = new FixedSizeRenyi(0.001, 5).applyAsDouble(300);
    assertTrue(late <= BasicRenyi.gaussian(300, 5) && late > 0);
  }

  @ParameterizedTest
  @CsvSource({"2.5, 0.4", "2.5, 0.01", "1.5, -0.3", "7, 0.03", "7, 0.9", "3, -0.9", "1.0001, 2"})
  void kernel_nearAndFar_isTheDifferenceOfPowers(double order, double u) {
    double direct = (Math.pow(1 + u, order) - 1 - order * u) / (order - 1);
    double log = RenyiKernel.logKernel(order, u, Math.log1p(u));
    assertEquals(direct, Math.exp(log), 1e-11 * (1 + direct) + 1e-9 * direct);
  }

  @Test
  void kernel_extremes_areTheirLeadingTerms() {
    double t = 400;
    double infinity = Double.POSITIVE_INFINITY;
    // r (r^(a-1) - 1)/(a - 1) - u, with r = u: t + ln((r^(a-1) - 1)/(a - 1) - 1).
    assertEquals(t + Math.log(t - 1), RenyiKernel.logKernel(1, infinity, t), 1e-12);
    double growth = Math.expm1(0.5 * t) / 0.5;
    assertEquals(t + Math.log(growth - 1), RenyiKernel.logKernel(1.5, infinity, t), 1e-12);
    assertEquals(t + 2 * t - Math.log(2), RenyiKernel.logKernel(3, infinity, t), 1e-12);
    double u = Math.expm1(10);
    assertEquals(10 + 990 - Math.log(99), RenyiKernel.logKernel(100, u, 10), 1e-12);
    assertEquals(Math.log(0.5 * 1e-10), RenyiKernel.logKernel(1, 1e-5, 1e-5), 1e-5);
    assertEquals(infinity, RenyiKernel.divergence(2, Double.NaN));
    assertEquals(0.25, RenyiKernel.divergence(1, Math.log(0.25)), 1e-12);
    assertEquals(Math.log1p(0.25), RenyiKernel.divergence(2, Math.log(0.25)), 1e-12);
    assertEquals(Math.log1p(60) / 2, RenyiKernel.divergence(3, Math.log(30)), 5e-12);
    assertTrue(RenyiKernel.divergence(3, Math.log(30)) > Math.log1p(60) / 2);
  }

  @Test
  void conversion_isPropositionTwelve() {
    double order = 5.5;
    double rdp = 0.3;
    double delta = 1e-6;
    double exact = rdp + Math.log(4.5 / 5.5) - (Math.log(delta) + Math.log(5.5)) / 4.5;
    assertAbove(exact, RenyiConversion.epsilon(order, rdp, delta), 1e-14);
    assertTrue(RenyiConversion.epsilon(order, rdp, delta) > exact);
    double back = RenyiConversion.delta(order, rdp, exact);
    assertAbove(delta, back, 1e-12);
    double low = 1.25;
    double near = rdp + Math.log(0.25 / 1.25) - (Math.log(delta) + Math.log(1.25)) / 0.25;
    assertAbove(near, RenyiConversion.epsilon(low, rdp, delta), 1e-14);
    double variation = Math.sqrt(-Math.expm1(-rdp));
    assertEquals(0, RenyiConversion.epsilon(order, rdp, variation * (1 + 1e-14)));
    assertTrue(RenyiConversion.delta(order, rdp, 0) <= variation * (1 + 1e-14));
    assertEquals(0, RenyiConversion.epsilon(2, 0, 0.4));
    assertTrue(RenyiConversion.delta(2, 0, 1) >= 0);
    for (double bad : new double[] {Double.NaN, 0, 1}) {
      assertThrows(IllegalArgumentException.class, () -> RenyiConversion.epsilon(2, 0.1, bad));
    }
    assertThrows(IllegalArgumentException.class, () -> RenyiConversion.delta(2, 0.1, -1));
    assertThrows(IllegalArgumentException.class, () -> RenyiConversion.delta(2, 0.1, Double.NaN));
  }

  @Test
  void orders_minimum_isFoundInsideAndAtTheEnds() {
    RenyiBound bound = RenyiOrders.minimize(a -> Math.pow(Math.log(a - 1) - 3, 2) + 2);
    assertEquals(2, bound.value(), 1e-10);
    assertEquals(1 + Math.exp(3), bound.order(), 1e-3);
    RenyiBound falling = RenyiOrders.minimize(a -> 1 / a);
    assertEquals(1e-7, falling.value(), 6e-8);
    RenyiBound rising = RenyiOrders.minimize(a -> a);
    assertEquals(1, rising.value(), 1e-6);
    RenyiBound none = RenyiOrders.minimize(a -> Double.NaN);
    assertEquals(Double.POSITIVE_INFINITY, none.value());
    RenyiBound zero = RenyiOrders.minimize(a -> a > 5 ? 0 : 1);
    assertEquals(0, zero.value());
    assertTrue(zero.order() > 5);
    int[] calls = {0};
    RenyiOrders.minimize(
        a -> {
          calls[0]++;
          return a;
        });
    assertTrue(calls[0] < 60, () -> "left once the bound only grows: " + calls[0]);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.99, 1, 1.01, 3, 5.99, 6.01, 20, 2e8})
  void erfcx_everyBranch_isTheIntegral(double x) {
    // 2/sqrt(pi) times the integral of e^(-t^2 - 2 x t).
    double reach = Math.min(8, 40 / (2 * x));
    double exact =
        2 / Math.sqrt(Math.PI) * integral(t -> Math.exp(-t * t - 2 * x * t), 0, reach, 200);
    assertEquals(exact, LogMath.erfcx(x), 1e-13 * exact);
  }

  @Test
  void logMath_branches_agreeWithTheDefinition() {
    assertEquals(Math.log(Math.exp(2) + Math.exp(3)), LogMath.logAdd(2, 3), 1e-15);
    assertEquals(3, LogMath.logAdd(3, Double.NEGATIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, LogMath.logAdd(Double.POSITIVE_INFINITY, 3));
    assertEquals(Math.log(Math.exp(3) - Math.exp(2)), LogMath.logSub(3, 2), 1e-14);
    assertEquals(3, LogMath.logSub(3, Double.NEGATIVE_INFINITY));
    assertEquals(Double.NEGATIVE_INFINITY, LogMath.logSub(3, 3));
    assertThrows(IllegalArgumentException.class, () -> LogMath.logSub(2, 3));
    assertThrows(IllegalArgumentException.class, () -> LogMath.logSub(Double.NaN, 3));
    assertEquals(Math.log(-Math.expm1(-1e-20)), LogMath.log1mexp(-1e-20), 1e-15);
    assertEquals(-Math.exp(-50), LogMath.log1mexp(-50), 1e-36);
    assertEquals(Math.log(1 - Math.exp(-0.7)), LogMath.log1mexp(-0.7), 1e-15);
    assertEquals(Math.log(1 - Math.exp(-0.6)), LogMath.log1mexp(-0.6), 1e-15);
    assertEquals(Math.log(Math.expm1(0.9)), LogMath.logExpm1(0.9), 1e-15);
    assertEquals(1000, LogMath.logExpm1(1000), 1e-12);
    assertEquals(Math.log(Math.expm1(1.2)), LogMath.logExpm1(1.2), 1e-15);
    assertEquals(Math.expm1(0.6) - 0.6, LogMath.expm1MinusX(0.6), 1e-16);
    assertEquals(1e-20 / 2, LogMath.expm1MinusX(1e-10), 1e-29);
    assertEquals(0.14872127070012814, LogMath.expm1MinusX(0.5), 1e-16);
    assertEquals(0.10653065971263342, LogMath.expm1MinusX(-0.5), 1e-16);
    assertEquals(Math.log(252), LogMath.logBinomial(10, 5), 1e-13);
    // mpmath, 50 digits: ln Q(-3), ln Q(40), M(1), 1 - 2 M(2), 1 - 1.9 M(1.9).
    assertEquals(-0.001350809964748203, LogMath.logNormalTail(-3), 1e-17);
    assertEquals(-804.6084420137538, LogMath.logNormalTail(40), 1e-11);
    assertEquals(0.655679542418798, LogMath.mills(1), 1e-15);
    for (double t : new double[] {1.999, 2, 2.001, 5, 8.4, 8.5, 30}) {
      // 1 - t M(t) is the integral of u e^(-u^2/2 - t u).
      double exact = integral(u -> u * Math.exp(-u * u / 2 - t * u), 0, 40 / (t + 1), 100);
      assertEquals(exact, LogMath.millsSlope(t), 1e-13 * exact, () -> "slope at " + t);
    }
    for (double log : new double[] {-1e-9, -0.1, -0.69, -0.71, -3, -50, -1e6}) {
      double x = LogMath.inverseLogNormalTail(log);
      assertEquals(log, LogMath.logNormalTail(x), 1e-12 * -log + 1e-22, () -> "inverse " + log);
    }
  }
}
