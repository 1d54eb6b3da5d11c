package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.pld.GridLoss.Grid;
import io.rona.privacy.accounting.pld.Plan.Ends;
import io.rona.privacy.accounting.pld.Plan.Shifts;
import io.rona.privacy.accounting.pld.Plan.Window;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compositions by transforms against compositions by direct sums. */
class ConvolutionTest {
  /** A composed loss by direct sums: masses by grid index from {@code first} on. */
  private static final class Direct {
    private final double[] mass;
    private final int first;
    private final double origin;
    private final double step;
    private final double infinite;

    Direct(double[] mass, int first, double origin, double step, double infinite) {
      this.mass = mass;
      this.first = first;
      this.origin = origin;
      this.step = step;
      this.infinite = infinite;
    }

    static Direct of(GridLoss loss) {
      int first = loss.index()[0];
      double[] mass = new double[loss.index()[loss.size() - 1] - first + 1];
      for (int i = 0; i < loss.size(); i++) {
        mass[loss.index()[i] - first] += loss.mass()[i];
      }
      return new Direct(mass, first, loss.grid().origin(), loss.grid().step(), loss.infinite());
    }

    Direct plus(Direct other) {
      double[] sum = new double[mass.length + other.mass.length - 1];
      for (int i = 0; i < mass.length; i++) {
        for (int j = 0; j < other.mass.length; j++) {
          sum[i + j] += mass[i] * other.mass[j];
        }
      }
      double either = infinite + (1 - infinite) * other.infinite;
      return new Direct(sum, first + other.first, origin + other.origin, step, either);
    }

    Direct times(int count) {
      Direct power = this;
      for (int i = 1; i < count; i++) {
        power = power.plus(this);
      }
      return power;
    }

    double loss(int i) {
      return origin + (first + i) * step;
    }

    double delta(double epsilon) {
      double sum = infinite;
      for (int i = 0; i < mass.length; i++) {
        sum += loss(i) > epsilon ? mass[i] * -Math.expm1(epsilon - loss(i)) : 0;
      }
      return sum;
    }

    double epsilon(double delta) {
      double low = 0;
      double high = 100;
      for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (delta(middle) <= delta) {
          high = middle;
        } else {
          low = middle;
        }
      }
      return high;
    }
  }

  private static GridLoss loss(long seed, int size, double step, double infinite) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] index = new int[size];
    double[] mass = new double[size];
    for (int i = 0; i < size; i++) {
      index[i] = i - size / 3;
      mass[i] = random.nextDouble();
    }
    double sum = Arrays.stream(mass).sum();
    Arrays.setAll(mass, i -> mass[i] / sum * (1 - infinite));
    return new GridLoss(index, mass, new Grid(0.01 * seed, step), infinite, 1e-15);
  }

  private static Plan plan(double tilt, double middle, double safe, Window window) {
    return new Plan(tilt, middle, safe, window, new Shifts(2, 2, 2), Math.log(1e-6));
  }

  static Stream<Arguments> compositions() {
    return Stream.of(
        Arguments.of(0.0, 3, 2, 1024), Arguments.of(1.5, 3, 2, 1024), Arguments.of(4.0, 1, 5, 512));
  }

  @ParameterizedTest
  @MethodSource("compositions")
  void compose_twoLosses_surroundsTheDirectSums(double tilt, int one, int two, int length) {
    GridLoss a = loss(1, 40, 0.03, 1e-4);
    GridLoss b = loss(2, 25, 0.03, 0);
    Direct direct = Direct.of(a).times(one).plus(Direct.of(b).times(two));
    Plan plan = plan(tilt, 1, 0.5, new Window(direct.loss(0), direct.loss(direct.mass.length - 1)));
    long[] counts = {one, two};
    TiltedTail upper = Convolution.compose(List.of(a, b), counts, plan, Side.UPPER, length);
    TiltedTail lower = Convolution.compose(List.of(a, b), counts, plan, Side.LOWER, length);
    for (double epsilon : new double[] {0.1, 0.5, 0.77, 1, 1.9, 2.6, direct.loss(0)}) {
      double exact = direct.delta(epsilon);
      if (epsilon > 0) {
        assertEquals(exact, upper.deltaUpper(epsilon), 1e-9 * exact + 1e-12);
        assertEquals(exact, lower.deltaLower(epsilon), 1e-9 * exact + 1e-12);
      }
      assertTrue(upper.deltaUpper(epsilon) >= exact);
      assertTrue(lower.deltaLower(epsilon) <= exact);
    }
    for (double delta : new double[] {0.3, 0.1, 0.01, 5e-4}) {
      double exact = direct.epsilon(delta);
      assertEquals(exact, upper.epsilonUpper(delta), 1e-8);
      assertEquals(exact, lower.epsilonLower(delta), 1e-8);
      assertTrue(upper.epsilonUpper(delta) >= exact && lower.epsilonLower(delta) <= exact);
    }
    assertEquals(-Math.expm1(one * Math.log1p(-1e-4)), upper.charges().infinite(), 1e-15);
    assertEquals(Double.POSITIVE_INFINITY, upper.epsilonUpper(0.9e-4 * one));
  }

  @Test
  void compose_weights_areTheTiltedMasses() {
    GridLoss a = loss(3, 30, 0.05, 0);
    double tilt = 1.2;
    Direct direct = Direct.of(a).times(4);
    Plan plan = plan(tilt, 1, 0.5, new Window(direct.loss(0), direct.loss(direct.mass.length - 1)));
    TiltedTail tail = Convolution.compose(List.of(a), new long[] {4}, plan, Side.UPPER, 256);
    double total = 0;
    for (int i = 0; i < direct.mass.length; i++) {
      double tilted = direct.mass[i] * Math.exp(tilt * direct.loss(i) - tail.logScale());
      double weight = tail.weight()[Math.floorMod(direct.first + i, 256)];
      assertEquals(tilted, weight, tail.error());
      total += tilted;
    }
    assertEquals(1, total, 1e-12);
    assertTrue(tail.error() > 1e-17 && tail.error() < 1e-13, () -> "" + tail.error());
    assertEquals(4 * 0.03, tail.origin(), 1e-15);
    assertEquals(0.05, tail.step());
    assertEquals(tilt, tail.tilt());
    assertEquals(1, tail.reference());
    assertTrue(tail.bottom() <= direct.first);
    assertTrue(tail.bottom() + 256 >= direct.first + direct.mass.length);
    double slack = 4 * TiltedLoss.of(a, tilt).relativeError(tilt);
    assertEquals(slack, tail.charges().slack(), 1e-9 * slack);
    assertTrue(tail.charges().shift() >= 4 * a.positionError());
    assertTrue(tail.charges().shift() < 4 * a.positionError() + 1e-13);
    assertEquals(Double.NEGATIVE_INFINITY, tail.charges().logAbove());
  }

  /** A window too short: what lies above is charged, what wraps around is taken off. */
  @Test
  void compose_shortWindow_isChargedOnTheSafeSide() {
    GridLoss a = loss(4, 60, 0.05, 0);
    Direct direct = Direct.of(a).times(6);
    double middle = direct.loss(direct.mass.length / 2);
    Window window = new Window(middle - 3, middle + 3);
    Plan plan = plan(0.3, middle, middle - 1, window);
    TiltedTail upper = Convolution.compose(List.of(a), new long[] {6}, plan, Side.UPPER, 128);
    TiltedTail lower = Convolution.compose(List.of(a), new long[] {6}, plan, Side.LOWER, 128);
    assertTrue(upper.charges().logAbove() < 0 && upper.charges().logAbove() > -40);
    assertTrue(lower.charges().alias().anywhere() > 0);
    assertTrue(lower.charges().alias().aboveSafe() <= lower.charges().alias().anywhere());
    assertEquals(middle - 1, lower.charges().alias().safe(), 1e-12);
    assertEquals(0, upper.charges().alias().anywhere());
    for (double epsilon : new double[] {middle - 0.5, middle, middle + 1, middle + 2}) {
      double exact = direct.delta(epsilon);
      assertTrue(upper.deltaUpper(epsilon) >= exact && lower.deltaLower(epsilon) <= exact);
    }
    double above = 0;
    for (int i = 0; i < direct.mass.length; i++) {
      above += direct.loss(i) > middle + 3.2 ? direct.mass[i] : 0;
    }
    assertTrue(Math.exp(upper.charges().logAbove()) >= above);
  }

  /** Long compositions leave few frequencies; what is left out costs nothing that shows. */
  @Test
  void compose_manySteps_keepsTheFewLiveFrequencies() {
    GridLoss a = loss(0, 20, 0.01, 0);
    Direct direct = Direct.of(a).times(128);
    Window window = new Window(direct.loss(0), direct.loss(direct.mass.length - 1));
    double mean = 0;
    for (int i = 0; i < a.size(); i++) {
      mean += 128 * a.mass()[i] * a.loss(i);
    }
    Plan plan = plan(0, mean, 0.5, window);
    TiltedTail tail = Convolution.compose(List.of(a), new long[] {128}, plan, Side.LOWER, 4096);
    for (double epsilon : new double[] {mean - 0.5, mean, mean + 0.6}) {
      double exact = direct.delta(epsilon);
      assertEquals(exact, tail.deltaLower(epsilon), 1e-8 * exact);
      assertTrue(tail.deltaLower(epsilon) <= exact && tail.deltaUpper(epsilon) >= exact);
    }
    for (int i = 0; i < direct.mass.length; i++) {
      double weight = tail.weight()[Math.floorMod(direct.first + i, 4096)];
      assertEquals(direct.mass[i], weight, tail.error());
    }
    assertTrue(tail.error() < 2e-14, () -> "" + tail.error());
  }

  /** The first factor leaves frequencies out; a second one with its own period keeps none back. */
  @Test
  void compose_narrowAfterWide_isTheSameInEitherOrder() {
    GridLoss wide = loss(0, 30, 0.01, 0);
    GridLoss narrow =
        new GridLoss(new int[] {-8, 8}, new double[] {0.5, 0.5}, new Grid(0, 0.01), 0, 1e-15);
    Direct direct = Direct.of(wide).times(40).plus(Direct.of(narrow).times(3));
    Window window = new Window(direct.loss(0), direct.loss(direct.mass.length - 1));
    Plan plan = plan(0.5, 2, 0.5, window);
    TiltedTail one =
        Convolution.compose(List.of(wide, narrow), new long[] {40, 3}, plan, Side.UPPER, 2048);
    TiltedTail two =
        Convolution.compose(List.of(narrow, wide), new long[] {3, 40}, plan, Side.UPPER, 2048);
    for (double epsilon : new double[] {0.5, 1.5, 2, 2.5}) {
      double exact = direct.delta(epsilon);
      assertEquals(exact, one.deltaUpper(epsilon), 1e-8 * exact + 1e-13);
      assertEquals(exact, two.deltaUpper(epsilon), 1e-8 * exact + 1e-13);
      assertTrue(one.deltaUpper(epsilon) >= exact && two.deltaUpper(epsilon) >= exact);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void rare_pathsWithLargeLosses_areTheDirectSums(int most) {
    double step = 0.02;
    int[] index = {-4, -1, 0, 2, 3, 60, 75, 90};
    double[] mass = {0.1, 0.3, 0.2, 0.2, 0.2 - 6e-4, 3e-4, 2e-4, 1e-4};
    GridLoss loss = new GridLoss(index, mass, new Grid(0, step), 0, 1e-15);
    int count = 5;
    List<GridLoss> losses = List.of(loss);
    long[] counts = {count};
    double threshold = 0.5;
    Window window = new Window(-0.4, 0.3);
    Ends ends = new Ends(window, new Shifts(3, 3, 3));
    TiltedTail tail = RareConvolution.compose(losses, threshold, counts, most, ends, 1024);
    Direct small = Direct.of(loss.upTo(threshold));
    Direct rare = Direct.of(loss.beyond(threshold));
    DoubleUnaryOperator direct =
        epsilon -> {
          double sum = 0;
          double choose = 1;
          for (int j = 1; j <= most; j++) {
            choose *= (count - j + 1.0) / j;
            Direct path = small.times(count - j).plus(rare.times(j));
            sum += choose * path.delta(epsilon);
          }
          return sum;
        };
    for (double epsilon : new double[] {0.05, 0.9, 1.3, 1.7, 2.5}) {
      double exact = direct.applyAsDouble(epsilon);
      assertTrue(tail.deltaUpper(epsilon) >= exact, () -> "at " + epsilon);
      assertTrue(tail.deltaLower(epsilon) <= exact, () -> "at " + epsilon);
      assertEquals(exact, tail.deltaUpper(epsilon), 1e-8 * exact + 1e-12);
      assertEquals(exact, tail.deltaLower(epsilon), 1e-8 * exact + 1e-12);
    }
    double rate = count * 6e-4;
    double rest = Math.pow(rate, most + 1);
    for (int j = 2; j <= most + 1; j++) {
      rest /= j;
    }
    assertEquals(rest, RareConvolution.more(losses, threshold, counts, most), 2e-9 * rest);
    assertEquals(0.7 + most * 1.8, RareConvolution.width(ends, losses, most), 1e-12);
    assertTrue(tail.error() > 0 && tail.error() < 2e-16, () -> "" + tail.error());
    assertEquals(0, tail.charges().infinite(), 1e-300);
  }

  @Test
  void rare_twoMechanisms_areTheDirectSums() {
    Grid grid = new Grid(0.005, 0.02);
    GridLoss a =
        new GridLoss(new int[] {-2, 1, 50}, new double[] {0.6, 0.4 - 1e-3, 1e-3}, grid, 0, 1e-15);
    GridLoss b = new GridLoss(new int[] {-1, 4}, new double[] {0.7, 0.3}, grid, 0, 1e-15);
    Ends ends = new Ends(new Window(-0.3, 0.4), new Shifts(12, 12, 12));
    TiltedTail tail = RareConvolution.compose(List.of(a, b), 0.5, new long[] {3, 2}, 1, ends, 1024);
    Direct path = Direct.of(a.upTo(0.5)).times(2).plus(Direct.of(a.beyond(0.5)));
    Direct direct = path.plus(Direct.of(b).times(2));
    for (double epsilon : new double[] {0.2, 0.8, 0.95, 1.05}) {
      double exact = 3 * direct.delta(epsilon);
      assertEquals(exact, tail.deltaUpper(epsilon), 1e-8 * exact + 1e-12);
      assertEquals(exact, tail.deltaLower(epsilon), 1e-8 * exact + 1e-12);
    }
    assertEquals(5 * 0.005, tail.origin(), 1e-16);
  }

  /** A window too short for the small losses: both bounds give way. */
  @Test
  void rare_shortWindow_isChargedOnTheSafeSide() {
    int[] index = {-20, 0, 20, 120};
    double[] mass = {0.3, 0.4, 0.3 - 1e-3, 1e-3};
    GridLoss loss = new GridLoss(index, mass, new Grid(0, 0.02), 0, 1e-15);
    Ends ends = new Ends(new Window(-0.5, 0.5), new Shifts(2, 2, 2));
    TiltedTail tail = RareConvolution.compose(List.of(loss), 1, new long[] {6}, 1, ends, 128);
    Direct small = Direct.of(loss.upTo(1.0));
    Direct path = small.times(5).plus(Direct.of(loss.beyond(1.0)));
    for (double epsilon : new double[] {1.5, 2.2, 2.7}) {
      double exact = 6 * path.delta(epsilon);
      assertTrue(tail.deltaUpper(epsilon) >= exact && tail.deltaLower(epsilon) <= exact);
    }
    assertTrue(tail.charges().alias().anywhere() > 0);
    assertTrue(tail.charges().logAbove() <= 0);
  }

  @Test
  void compose_lengthNoPowerOfTwo_throws() {
    GridLoss a = loss(1, 10, 0.1, 0);
    Plan plan = plan(0, 1, 0.5, new Window(-1, 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> Convolution.compose(List.of(a), new long[] {1}, plan, Side.UPPER, 100));
  }
}
