package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which windows the search asks for, in order, until its goal is met or nothing is left. */
class SearchTest {
  private final List<String> asked = new ArrayList<>();
  private double lower;
  private double upper;

  private static Engine engine(LossCurve curve, long count) {
    return new Engine(List.of(new Component(curve, count)));
  }

  private static String window(Tail tail) {
    return tail instanceof TiltedTail one ? "" + one.weight().length : "split";
  }

  private Search search(double delta, Engine... engines) {
    Search search = new Search();
    for (int i = 0; i < engines.length; i++) {
      String name = engines.length == 1 ? "" : i == 0 ? "a" : "b";
      Search.Reader reader =
          new Search.Reader(
              tail -> {
                asked.add(name + "L" + window(tail));
                return tail.epsilonLower(delta);
              },
              tail -> {
                asked.add(name + "U" + window(tail));
                return tail.epsilonUpper(delta);
              },
              bound -> new Engine.Target(bound, Math.log(delta)));
      search.add(engines[i], engines[i].planForDelta(delta), reader);
    }
    return search;
  }

  /** Searches until that many windows have been asked for, and returns them. */
  private String windows(int most, double delta, Engine... engines) {
    double[] bounds = search(delta, engines).bounds((low, high) -> asked.size() >= most);
    lower = bounds[0];
    upper = bounds[1];
    assertTrue(lower <= upper, () -> Arrays.toString(bounds));
    return String.join(" ", asked);
  }

  @Test
  void oneDirection_doublesTheUpperWindowAndFollowsWithTheLower() {
    Engine narrow = engine(new GaussianCurve(0.002), 25);
    assertEquals("U16384 L4096 L16384 U32768 L32768 U65536 L65536", windows(7, 1e-6, narrow));
    double exact = SingleRun.epsilon(new GaussianCurve(0.01), 1e-6, 0).upper();
    assertTrue(lower <= exact && exact <= upper);
    assertTrue(upper - lower < 1e-8);
  }

  @Test
  void widerLoss_beginsWithALongerWindow() {
    assertEquals("U32768 L8192 L32768", windows(3, 1e-6, engine(new GaussianCurve(0.02), 25)));
  }

  @Test
  void goalMet_endsAtOnce() {
    assertEquals("U32768 L8192", windows(2, 1e-6, engine(new GaussianCurve(0.02), 25)));
    asked.clear();
    Search search = search(1e-6, engine(new GaussianCurve(0.02), 25));
    double bound = search.firstUpper();
    assertEquals("U32768", String.join(" ", asked));
    assertEquals(upper, bound, 1e-5);
  }

  @Test
  void twoDirections_areComparedOnQuarters() {
    PoissonCurve step = new PoissonCurve(new GaussianCurve(1), 0.01);
    Engine removed = engine(step, 20);
    Engine added = engine(step.reversed(), 20);
    assertEquals("aU65536 bU4096 aU262144 aL65536 aL262144", windows(5, 1e-6, removed, added));
    asked.clear();
    assertEquals("aU4096 bU65536 bU262144 bL65536", windows(4, 1e-6, added, removed));
  }

  @Test
  void veryManySteps_takeCoarserGridsAndBothSidesAlike() {
    Engine many = engine(new PoissonCurve(new GaussianCurve(0.1), 0.001), 60_000);
    assertEquals("U16384 L16384 U32768 L32768", windows(3, 1e-6, many));
    asked.clear();
    Engine large = engine(new PoissonCurve(new GaussianCurve(1), 0.004), 100_000);
    assertEquals("U262144 L262144", windows(2, 1e-6, large));
  }

  @Test
  void lattice_beginsWithItsOwnPoints() {
    Engine lattice = engine(AtomicCurve.approximateDp(0.1, 0), 10);
    assertEquals("U64 L64 U128 L128", windows(3, 1e-6, lattice));
    assertTrue(lower < 1 && upper < 1 && upper - lower < 1e-8);
  }

  @Test
  void envelope_isNotRefinedBeyondTheFirstGrid() {
    Engine envelope = engine(new BoundedRangeCurve(0.1), 10);
    assertEquals("U65536 L16384", windows(99, 1e-6, envelope));
    assertTrue(upper - lower > 0.05);
  }

  @Test
  void rareLargeLosses_areTakenApartOnceAFinerLowerGridHasFailed() {
    Engine rare = engine(new PoissonCurve(new GaussianCurve(1 / 0.7), 1e-5), 2);
    // The plan is made anew once: the second window is for another epsilon.
    assertEquals(
        "U65536 U65536 L8192 L16384 L65536 Usplit Lsplit U131072 L131072", windows(9, 1e-12, rare));
    double exact = 0.036274034281092805;
    assertTrue(lower <= exact && exact <= upper && upper - lower < 1e-5);
  }

  @Test
  void noBoundFromAbove_endsSoon() {
    Engine failing =
        new Engine(
            List.of(
                new Component(AtomicCurve.approximateDp(0.1, 1e-3), 10),
                new Component(new GaussianCurve(0.002), 25)));
    windows(99, 1e-3, failing);
    assertEquals(Double.POSITIVE_INFINITY, upper);
    assertTrue(asked.size() <= 4, () -> "" + asked);
  }

  @Test
  void knownBounds_countWithoutAnySearch() {
    Search search = new Search();
    search.addKnown(0.25, 0.5);
    search.addKnown(0.125, 0.75);
    double[] bounds = search.bounds((low, high) -> false);
    assertEquals(0.25, bounds[0]);
    assertEquals(0.75, bounds[1]);
  }
}
