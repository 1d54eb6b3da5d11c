package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.pld.GridLoss.Grid;
import io.rona.privacy.accounting.pld.Plan.Ends;
import io.rona.privacy.accounting.pld.Plan.Shifts;
import io.rona.privacy.accounting.pld.Plan.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The charges of a composition against the formulas of docs/math/pld.md, by direct sums. */
class ChargesTest {
  private static final double U = 0x1p-53;
  private static final double STEP = 0.05;
  private static final int LENGTH = 256;
  private static final GridLoss WIDE =
      new GridLoss(
          new int[] {-9, -4, 0, 3, 8, 14},
          new double[] {0.15, 0.2, 0.3, 0.2, 0.1, 0.05},
          new Grid(0.01, STEP),
          0,
          1e-15);
  private static final GridLoss NARROW =
      new GridLoss(
          new int[] {-1, 2}, new double[] {0.6, 0.4 - 1e-4}, new Grid(0.02, STEP), 1e-4, 2e-15);
  private static final long[] COUNTS = {3, 2};
  private static final double TILT = 0.8;
  private static final Shifts SHIFTS = new Shifts(2.5, 3.5, 4.5);

  /** Returns the moduli at all frequencies of weights, plus the error of a transform. */
  private static double[] moduli(int[] index, double[] weight, double error) {
    double[] moduli = new double[LENGTH];
    for (int k = 0; k < LENGTH; k++) {
      double re = 0;
      double im = 0;
      for (int i = 0; i < index.length; i++) {
        double angle = 2 * Math.PI * Math.floorMod((long) index[i] * k, (long) LENGTH) / LENGTH;
        re += weight[i] * Math.cos(angle);
        im += weight[i] * Math.sin(angle);
      }
      moduli[k] = Math.sqrt(re * re + im * im) + error;
    }
    return moduli;
  }

  private static double norm(double[] weight) {
    double square = 0;
    for (double w : weight) {
      square += w * w;
    }
    return Math.sqrt(square);
  }

  private static Plan plan(Window window) {
    return new Plan(TILT, 1.5, 1, window, SHIFTS, Math.log(1e-6));
  }

  private static TiltedTail compose(Side side, Window window) {
    return Convolution.compose(List.of(WIDE, NARROW), COUNTS, plan(window), side, LENGTH);
  }

  @Test
  void error_isThatOfTransformsPowersAndTheInverse() {
    double factor = RealFft.ofLength(LENGTH).errorFactor();
    TiltedLoss[] tilted = {TiltedLoss.of(WIDE, TILT), TiltedLoss.of(NARROW, TILT)};
    double[][] moduli = new double[2][];
    for (int c = 0; c < 2; c++) {
      moduli[c] = moduli(tilted[c].base().index(), tilted[c].weight(), factor);
    }
    double mean = 0;
    double[] rest = new double[2];
    double[] square = new double[2];
    for (int k = 0; k < LENGTH; k++) {
      double product = Math.pow(moduli[0][k], 3) * Math.pow(moduli[1][k], 2);
      mean += product / LENGTH;
      for (int c = 0; c < 2; c++) {
        double others = product / moduli[c][k];
        rest[c] += others / LENGTH;
        square[c] += others * others / LENGTH;
      }
    }
    double error = mean * (3 * U * (5 + 2) + factor);
    for (int c = 0; c < 2; c++) {
      double byNorm = norm(tilted[c].weight()) * Math.sqrt(square[c]);
      error += COUNTS[c] * factor * Math.min(rest[c], byNorm);
    }
    assertEquals(error, compose(Side.UPPER, new Window(-3, 6)).error(), 1e-5 * error);
  }

  @Test
  void slackShiftAndScale_addUpOverSteps() {
    TiltedTail tail = compose(Side.UPPER, new Window(-3, 6));
    TiltedLoss wide = TiltedLoss.of(WIDE, TILT);
    TiltedLoss narrow = TiltedLoss.of(NARROW, TILT);
    assertEquals(3 * wide.scale() + 2 * narrow.scale(), tail.logScale(), 1e-14);
    double slack = 3 * wide.relativeError(TILT) + 2 * narrow.relativeError(TILT);
    assertEquals(slack, tail.charges().slack(), 1e-9 * slack);
    double origin = 3 * 0.01 + 2 * 0.02;
    assertEquals(origin, tail.origin(), 1e-16);
    double low = origin + (tail.bottom() - 0.5) * STEP;
    double high = low + LENGTH * STEP;
    double shift = 3 * WIDE.positionError() + 2 * NARROW.positionError();
    shift += 16 * U * (origin + Math.abs(low) + Math.abs(high));
    assertEquals(shift, tail.charges().shift(), 1e-9 * shift);
    assertEquals(2 * Math.log1p(-1e-4), tail.charges().logInfinite(), 1e-18);
    // The window stands in the middle of the circle.
    assertEquals(1.5, (low + high) / 2, 2 * STEP);
  }

  @Test
  void outside_isChernoffsBoundOnTheGridLosses() {
    Window window = new Window(-0.6, 1.2);
    TiltedTail upper =
        Convolution.compose(List.of(WIDE, NARROW), COUNTS, plan(window), Side.UPPER, 32);
    TiltedLoss wide = TiltedLoss.of(WIDE, TILT);
    TiltedLoss narrow = TiltedLoss.of(NARROW, TILT);
    double low = upper.origin() + (upper.bottom() - 0.5) * STEP;
    double high = low + 32 * STEP;
    double tail = 3 * wide.logMoment(4.5) + 2 * narrow.logMoment(4.5) - 4.5 * high;
    double above = Math.min(0, tail) + upper.logScale() - TILT * high + upper.charges().slack();
    assertEquals(above, upper.charges().logAbove(), 1e-12);
    TiltedTail lower =
        Convolution.compose(List.of(WIDE, NARROW), COUNTS, plan(window), Side.LOWER, 32);
    double below = 3 * wide.logMoment(-2.5) + 2 * narrow.logMoment(-2.5) + 2.5 * low;
    double near = 3 * wide.logMoment(3.5) + 2 * narrow.logMoment(3.5) - 3.5 * high;
    double last = upper.origin() + (3 * 14 + 2 * 2) * STEP;
    boolean any = last >= high + (1 - low) - 2 * STEP; // some loss is as large as that
    double far = any ? near - 3.5 * (1 - low - STEP) : Double.NEGATIVE_INFINITY;
    TiltedTail.Alias alias = lower.charges().alias();
    assertEquals(1, alias.safe());
    assertEquals(Math.min(1, Math.exp(below) + Math.exp(near)), alias.anywhere(), 1e-12);
    assertEquals(Math.min(1, Math.exp(below) + Math.exp(far)), alias.aboveSafe(), 1e-12);
  }

  private static final GridLoss RARE =
      new GridLoss(
          new int[] {-4, -1, 2, 40, 60},
          new double[] {0.3, 0.4, 0.3 - 1e-3, 7e-4, 3e-4},
          new Grid(0.01, STEP),
          0,
          1e-15);

  private static TiltedTail rare(int most, Window window, int length) {
    Ends ends = new Ends(window, SHIFTS);
    return RareConvolution.compose(List.of(RARE), 1, new long[] {6}, most, ends, length);
  }

  @Test
  void rareError_isThatOfPowersTransformsAndTheInverse() {
    double factor = RealFft.ofLength(LENGTH).errorFactor();
    GridLoss small = RARE.upTo(1);
    double[] moduli = moduli(small.index(), small.mass(), factor);
    double sum = 0;
    for (double modulus : moduli) {
      sum += Math.pow(modulus, 6 - 2 - 1);
    }
    double rate = 6e-3;
    double scale = rate + rate * rate / 2;
    double one = factor * (6 + 2 + 1) + 3 * U * (6 + 8 * 3);
    double expected = scale * sum / LENGTH * one;
    assertEquals(expected, rare(2, new Window(-1.5, 1), LENGTH).error(), 1e-5 * expected);
  }

  @Test
  void rareCharges_areThoseOfTheirLosses() {
    Window window = new Window(-1.5, 1);
    TiltedTail tail = rare(2, window, LENGTH);
    double origin = 0.06;
    assertEquals(origin, tail.origin(), 1e-16);
    double low = origin + (tail.bottom() - 0.5) * STEP;
    double high = low + LENGTH * STEP;
    double width = 2.5 + 2 * 3.01;
    assertEquals(-1.5 - (LENGTH * STEP - width) / 2, low + STEP / 2, STEP);
    double slack = 6 * (1e-15 + 8 * U * 800);
    assertEquals(slack, tail.charges().slack(), 1e-9 * slack);
    double shift = 16 * U * (origin + Math.abs(low) + Math.abs(high));
    shift += 6 * RARE.beyond(1).positionError();
    assertEquals(shift, tail.charges().shift(), 1e-9 * shift);
    double logScale = Math.log(0.006 + 0.006 * 0.006 / 2);
    TiltedLoss small = TiltedLoss.of(RARE.upTo(1), 0);
    double up = small.logMoment(3.5) + small.scale();
    double above = logScale + 6 * up + 3 * Math.max(0, -up) - 3.5 * (high - 2 * 3.01);
    double down = small.logMoment(-2.5) + small.scale();
    double below = logScale + 6 * down + 3 * Math.max(0, -down) + 2.5 * low;
    boolean reached = origin + 6 * -4 * STEP <= low + STEP;
    double outside = Math.exp(above) + (reached ? Math.exp(below) : 0);
    assertEquals(outside, tail.charges().alias().anywhere(), 1e-6 * outside);
    assertEquals(above + slack, tail.charges().logAbove(), 1e-6);
    assertEquals(0, tail.charges().logInfinite());
    TiltedTail shorter = rare(1, new Window(-0.3, 0.2), 64);
    double least = shorter.origin() + (shorter.bottom() - 0.5) * STEP;
    assertTrue(least > 0.06 - 6 * 4 * STEP, "some small losses lie below the window");
    double wrapped = Math.log(0.006) + 6 * down + 2 * Math.max(0, -down) + 2.5 * least;
    assertTrue(shorter.charges().alias().anywhere() >= Math.min(1, Math.exp(wrapped)));
  }

  @Test
  void steps_areTheLatticeADecimalOrRound() {
    assertEquals(0.4, stepOf(AtomicCurve.approximateDp(0.2, 0), 5), 1e-15);
    double decimal = stepOf(new GaussianCurve(0.002), 25);
    assertEquals(Math.rint(1e-4 / decimal), 1e-4 / decimal, 1e-9);
    double laplace = stepOf(new LaplaceCurve(0.3), 9);
    assertEquals(Math.rint(0.6 / laplace), 0.6 / laplace, 1e-9, "divides the spacing");
    double odd = stepOf(new LaplaceCurve(0.31234567), 9);
    assertEquals(Math.rint(0.62469134 / odd), 0.62469134 / odd, 1e-7, "divides the spacing");
    double many = stepOf(new GaussianCurve(0.002), 2000);
    assertEquals(Math.rint(many / (Math.ulp(many) * 0x1p29)), many / (Math.ulp(many) * 0x1p29));
    assertTrue(many > 0);
  }

  private static double stepOf(LossCurve curve, long count) {
    Engine engine = new Engine(List.of(new Component(curve, count)));
    Plan plan = engine.planForDelta(1e-6);
    TiltedTail tail = (TiltedTail) engine.tail(Side.UPPER, plan, 1 << 14);
    double least = plan.window().width() / (1 << 14);
    assertTrue(tail.step() >= least, "the window holds");
    assertTrue(tail.step() <= 2 * least || engine.lattice() > 0, "and no more than twice");
    return tail.step();
  }

  /** Losses of a group at an outcome, where everything is a sum over how many take part. */
  @Test
  void group_everyOutcome_isFoundFromItsLoss() {
    double mu = 1.5;
    double q = 0.2;
    int size = 4;
    LossCurve curve = GroupCurve.of(mu, q, size);
    double[] weight = {0.4096, 0.4096, 0.1536, 0.0256, 0.0016};
    for (double x : new double[] {-4, -1, -0.2, 0.4, 1, 2, 3.7, 6, 9, 14, 25}) {
      double ratio = 0;
      double p = 0;
      for (int i = 0; i <= size; i++) {
        ratio += weight[i] * Math.exp(i * mu * (x - i * mu / 2));
        p += weight[i] * Normal.tail(x - i * mu);
      }
      double loss = Math.log(ratio);
      double q0 = Normal.tail(x);
      assertEquals(p, curve.massAbove(loss), 1e-9 * p, () -> "at " + x);
      assertEquals(ratio * q0, curve.slopeAbove(loss), 1e-9 * ratio * q0, () -> "at " + x);
      if (x > 0) {
        double above = p - ratio * q0;
        assertEquals(above, curve.above(loss), 1e-7 * p, () -> "at " + x);
      }
    }
    double[] knots = curve.knots();
    assertEquals(513, knots.length);
    double top = Math.log(0.0016) + 4 * mu * (39 + 4 * mu - 2 * mu);
    assertEquals(top, knots[512], 1e-6);
    assertEquals(Math.log(0.4096), knots[0], 1e-6);
  }

  @Test
  void poisson_knotsFarOut_areTheOuterLosses() {
    PoissonCurve curve = new PoissonCurve(new GaussianCurve(2), 0.1);
    double[] inner = new GaussianCurve(2).knots();
    double[] outer = curve.knots();
    for (int i = 0; i < inner.length; i++) {
      double expected =
          inner[i] > 30
              ? inner[i] + Math.log(0.1 + 0.9 * Math.exp(-inner[i]))
              : Math.log(0.9 + 0.1 * Math.exp(inner[i]));
      assertEquals(expected, outer[i], 1e-12 * (1 + Math.abs(expected)));
    }
  }

  @Test
  void rounding_ofLargeExponents_isCharged() {
    int length = 16;
    double[] weight = new double[length];
    weight[10] = 1;
    double reference = 1e9;
    TiltedTail.Charges none =
        new TiltedTail.Charges(0, Double.NEGATIVE_INFINITY, TiltedTail.Alias.HARMLESS, 0, 0);
    // One loss of 10 steps of 1 over the reference, taken at tilt 1; delta e^(-tilt loss).
    TiltedTail tail = new TiltedTail(weight, 0, 0, 1, 1, reference, reference, reference, none);
    double exact = Math.exp(-10) * -Math.expm1(-5.5);
    double rounding = U * (6 * 16 + 8 * (2 * reference + 16) + 8 * 256);
    double upper = tail.deltaUpper(reference + 4.5);
    double lower = tail.deltaLower(reference + 4.5);
    assertEquals(rounding, Math.log(upper / exact), 0.1 * rounding);
    assertEquals(-rounding, Math.log(lower / exact), 0.1 * rounding);
  }
}
