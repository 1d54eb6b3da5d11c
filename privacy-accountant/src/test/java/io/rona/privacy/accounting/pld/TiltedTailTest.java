package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.pld.TiltedTail.Alias;
import io.rona.privacy.accounting.pld.TiltedTail.Charges;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Delta and epsilon of given weights, and what each charge does to them. */
class TiltedTailTest {
  private static final double STEP = 0.01;
  private static final int LENGTH = 1024;
  private static final long BOTTOM = -200;
  private static final double TILT = 1.5;
  private static final double ORIGIN = 0.003;
  private static final double REFERENCE = 2;
  private static final double[] MASS = mass();

  private static double[] mass() {
    SplittableRandom random = new SplittableRandom(5);
    double[] mass = new double[LENGTH];
    double sum = 0;
    for (int i = 0; i < LENGTH; i++) {
      mass[i] = random.nextDouble() * Math.exp(-loss(i) * loss(i));
      sum += mass[i];
    }
    for (int i = 0; i < LENGTH; i++) {
      mass[i] /= sum;
    }
    return mass;
  }

  private static double loss(int i) {
    return ORIGIN + (BOTTOM + i) * STEP;
  }

  private static double delta(double epsilon) {
    double sum = 0;
    for (int i = 0; i < LENGTH; i++) {
      sum += loss(i) > epsilon ? MASS[i] * -Math.expm1(epsilon - loss(i)) : 0;
    }
    return sum;
  }

  private static TiltedTail tail(double error, Charges charges) {
    double logScale = 0.7;
    double[] weight = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      int at = (int) Math.floorMod(BOTTOM + i, (long) LENGTH);
      weight[at] = MASS[i] * Math.exp(TILT * loss(i) - logScale);
    }
    return new TiltedTail(weight, error, BOTTOM, STEP, TILT, ORIGIN, REFERENCE, logScale, charges);
  }

  private static Charges none() {
    return new Charges(0, Double.NEGATIVE_INFINITY, Alias.HARMLESS, 0, 0);
  }

  @Test
  void bounds_withoutCharges_areTheDirectSums() {
    TiltedTail tail = tail(0, none());
    for (double epsilon : new double[] {0.001, 0.003, 0.5, 0.5071, 1.7, 3.2, 4.9}) {
      double exact = delta(epsilon);
      assertEquals(exact, tail.deltaUpper(epsilon), 1e-10 * exact + 1e-300);
      assertEquals(exact, tail.deltaLower(epsilon), 1e-10 * exact + 1e-300);
      assertTrue(tail.deltaUpper(epsilon) >= exact && tail.deltaLower(epsilon) <= exact);
      if (exact > 0) {
        assertEquals(epsilon, tail.epsilonUpper(exact), 1e-9);
        assertEquals(epsilon, tail.epsilonLower(exact), 1e-9);
      }
    }
    assertEquals(1, tail.deltaUpper(-2.1), "below the window");
    assertEquals(0, tail.deltaLower(20));
    assertEquals(0, tail.deltaUpper(20), 1e-300);
  }

  @Test
  void epsilon_deltaNeverExceeded_isZero() {
    TiltedTail tail = tail(0, none());
    assertEquals(0, tail.epsilonUpper(0.9));
    assertEquals(0, tail.epsilonLower(0.9));
  }

  @Test
  void error_isAddedAboveAndTakenOffBelow() {
    double error = 1e-6;
    TiltedTail tail = tail(error, none());
    double epsilon = 1.2;
    double more = 0;
    for (int i = 0; i < LENGTH; i++) {
      if (loss(i) > epsilon) {
        more += error * Math.exp(0.7 - TILT * loss(i)) * -Math.expm1(epsilon - loss(i));
      }
    }
    double exact = delta(epsilon);
    assertEquals(exact + more, tail.deltaUpper(epsilon), 1e-10 * exact);
    // Weights stop at 0, so that less than the error may be taken off.
    assertTrue(tail.deltaLower(epsilon) >= exact - more - 1e-12);
    assertTrue(tail.deltaLower(epsilon) < exact - 0.2 * more);
    assertTrue(tail.epsilonUpper(1e-3) > tail(0, none()).epsilonUpper(1e-3));
    assertTrue(tail.epsilonLower(1e-3) < tail(0, none()).epsilonLower(1e-3));
  }

  @Test
  void infiniteAndAbove_areChargedToDelta() {
    double infinite = 1e-3;
    double above = 2e-3;
    Charges charges = new Charges(Math.log1p(-infinite), Math.log(above), Alias.HARMLESS, 0, 0);
    TiltedTail tail = tail(0, charges);
    double exact = delta(1.1);
    assertEquals(infinite, charges.infinite(), 1e-18);
    assertEquals(exact + infinite + above, tail.deltaUpper(1.1), 1e-10);
    assertEquals(exact + infinite, tail.deltaLower(1.1), 1e-10);
    assertEquals(1.1, tail.epsilonUpper(exact + infinite + above), 1e-8);
    assertEquals(1.1, tail.epsilonLower(exact + infinite), 1e-8);
    assertEquals(Double.POSITIVE_INFINITY, tail.epsilonUpper(2.9e-3));
    assertTrue(tail.epsilonUpper(3.1e-3) < 10);
    assertEquals(Double.POSITIVE_INFINITY, tail.epsilonLower(0.9e-3));
    assertTrue(tail.epsilonLower(1.1e-3) < 10);
  }

  @Test
  void slackAndShift_moveBothBoundsApart() {
    Charges charges = new Charges(0, Double.NEGATIVE_INFINITY, Alias.HARMLESS, 1e-3, 5e-3);
    TiltedTail tail = tail(0, charges);
    assertEquals(Math.exp(1e-3) * delta(1.1 - 5e-3), tail.deltaUpper(1.1), 1e-10);
    assertEquals(Math.exp(-1e-3) * delta(1.1 + 5e-3), tail.deltaLower(1.1), 1e-10);
    double goal = delta(1.1);
    assertEquals(1.1 + 5e-3, tail.epsilonUpper(goal * Math.exp(1e-3)), 1e-8);
    assertEquals(1.1 - 5e-3, tail.epsilonLower(goal * Math.exp(-1e-3)), 1e-8);
  }

  @Test
  void alias_isTakenOffTheLowerBoundOnly() {
    Alias alias = new Alias(1.5, 1e-3, 1e-2);
    assertEquals(1e-2, alias.above(1.4));
    assertEquals(1e-3, alias.above(1.5));
    TiltedTail tail = tail(0, new Charges(0, Double.NEGATIVE_INFINITY, alias, 0, 0));
    // t^tilt (1 - t) is largest at t = tilt/(1 + tilt).
    double share = Math.pow(0.6, 1.5) * 0.4;
    double off = 1e-3 * Math.exp(0.7 - TILT * 1.6) * share;
    assertEquals(delta(1.6) - off, tail.deltaLower(1.6), 1e-9 * off);
    double more = 1e-2 * Math.exp(0.7 - TILT * 1.3) * share;
    assertEquals(delta(1.3) - more, tail.deltaLower(1.3), 1e-9 * more);
    assertEquals(delta(1.6), tail.deltaUpper(1.6), 1e-12);
    assertEquals(0, tail.deltaLower(9));
    assertTrue(tail.epsilonLower(delta(1.6)) < 1.6);
    assertTrue(tail.deltaLower(tail.epsilonLower(delta(1.6))) >= delta(1.6) * (1 - 1e-6));
  }

  @Test
  void split_parts_addUpWithTheRestAbove() {
    TiltedTail tail = tail(0, none());
    SplitTail split = new SplitTail(List.of(tail, tail), 1e-5, 1.1);
    assertEquals(2 * delta(1.1) + 1e-5, split.deltaUpper(1.1), 1e-10);
    assertEquals(2 * delta(1.1), split.deltaLower(1.1), 1e-10);
    assertEquals(1.1, split.epsilonUpper(2 * delta(1.1) + 1e-5), 1e-7);
    assertEquals(1.1, split.epsilonLower(2 * delta(1.1)), 1e-7);
    assertTrue(split.deltaUpper(split.epsilonUpper(1e-2)) <= 1e-2);
    assertTrue(split.deltaLower(split.epsilonLower(1e-2)) >= 1e-2);
    assertEquals(Double.POSITIVE_INFINITY, split.epsilonUpper(0.9e-5));
    assertEquals(1, new SplitTail(List.of(tail, tail), 0.9, 1).deltaUpper(0));
  }

  @Test
  void noTilt_isPlain() {
    double[] weight = {0.25, 0.25, 0.25, 0.25};
    TiltedTail tail = new TiltedTail(weight, 0, 0, 0.5, 0, 0, 0, 0, none());
    double exact = 0.25 * (-Math.expm1(-0.4) - Math.expm1(-0.9));
    assertEquals(exact, tail.deltaUpper(0.6), 1e-11);
    assertEquals(
        0.75 - 0.25 * (Math.exp(-0.5) + Math.exp(-1) + Math.exp(-1.5)), tail.deltaUpper(0), 1e-11);
    TiltedTail aliased =
        new TiltedTail(
            weight,
            0,
            0,
            0.5,
            0,
            0,
            0,
            0,
            new Charges(0, Double.NEGATIVE_INFINITY, new Alias(0, 0.1, 0.1), 0, 0));
    assertEquals(exact - 0.1, aliased.deltaLower(0.6), 1e-11);
  }
}
