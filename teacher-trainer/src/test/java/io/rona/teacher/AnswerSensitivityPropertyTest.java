package io.rona.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.query.testing.TestImages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** However a teacher changes, no answer moves by more than the sensitivity that is stated. */
final class AnswerSensitivityPropertyTest {
  private static final INDArray QUERIES = TestImages.draw(12, 1).features();
  private static final double CLIP_NORM = 0.7;
  private static final int[] TEACHERS = {1, 2, 7, 60};

  static LongStream seeds() {
    return LongStream.range(0, 8);
  }

  /** What an adversary who chooses a shard's records could at best make of its head, and worse. */
  private static INDArray hostileHead(SplittableRandom random) {
    INDArray head = TestEnsembles.head(random, 1);
    return switch (random.nextInt(9)) {
      case 0 -> TestEnsembles.constant(Float.NaN);
      case 1 -> TestEnsembles.constant(Float.POSITIVE_INFINITY);
      case 2 -> TestEnsembles.constant(Float.MAX_VALUE);
      case 3 -> head.muli(1e30f);
      case 4 -> head.putScalar(random.nextInt(TestEnsembles.PIXELS), 1, Float.NaN);
      case 5 -> head.putScalar(random.nextInt(TestEnsembles.PIXELS), 2, Float.NEGATIVE_INFINITY);
      case 6 -> TestEnsembles.alwaysClass(random.nextInt(TestImages.CLASSES), 1e38f);
      case 7 -> TestEnsembles.alwaysClass(random.nextInt(TestImages.CLASSES), 50);
      default -> head;
    };
  }

  private static List<INDArray> changed(List<INDArray> heads, int count, SplittableRandom random) {
    List<INDArray> changed = new ArrayList<>(heads);
    int first = random.nextInt(heads.size());
    for (int i = 0; i < Math.min(count, heads.size()); i++) {
      changed.set((first + i) % heads.size(), hostileHead(random));
    }
    return changed;
  }

  private static double[] distances(double[][] one, double[][] other) {
    return IntStream.range(0, one.length)
        .mapToDouble(
            row -> {
              double squares = 0;
              for (int c = 0; c < one[row].length; c++) {
                squares += Math.pow(one[row][c] - other[row][c], 2);
              }
              return Math.sqrt(squares);
            })
        .toArray();
  }

  private static void requireWithinSensitivity(
      List<INDArray> heads,
      List<INDArray> neighbors,
      boolean labeled,
      Function<TeacherEnsemble, BoundedAnswers> ask) {
    BoundedAnswers answers = ask.apply(TestEnsembles.of("a", heads, labeled));
    BoundedAnswers others = ask.apply(TestEnsembles.of("b", neighbors, labeled));
    assertEquals(answers.l2Sensitivity(), others.l2Sensitivity());
    for (double distance : distances(answers.rows(), others.rows())) {
      // Positive form: NaN fails.
      assertTrue(
          distance <= answers.l2Sensitivity(),
          "distance " + distance + " against " + answers.l2Sensitivity());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void targets_moveByAtMostTheSensitivity(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int teachers : TEACHERS) {
      for (Adjacency adjacency : Adjacency.values()) {
        AnswerRule rule = new AnswerRule(random.nextBoolean(), 0.1 + 3 * random.nextDouble());
        List<INDArray> heads = changed(TestEnsembles.heads(teachers, random), 2, random);
        requireWithinSensitivity(
            heads,
            changed(heads, adjacency == Adjacency.ADD_REMOVE ? 1 : 2, random),
            random.nextBoolean(),
            ensemble -> new AnswerAggregator(ensemble, adjacency).targets(QUERIES, rule));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void hints_moveByAtMostTheSensitivity(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int teachers : TEACHERS) {
      for (Adjacency adjacency : Adjacency.values()) {
        double clipNorm = Math.exp(8 * random.nextDouble() - 4);
        List<INDArray> heads = changed(TestEnsembles.heads(teachers, random), 2, random);
        requireWithinSensitivity(
            heads,
            changed(heads, adjacency == Adjacency.ADD_REMOVE ? 1 : 2, random),
            random.nextBoolean(),
            ensemble -> new AnswerAggregator(ensemble, adjacency).hints(QUERIES, clipNorm));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void largestShares_moveByAtMostTheSensitivity(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    AnswerRule votes = new AnswerRule(true, 1);
    for (int teachers : TEACHERS) {
      for (Adjacency adjacency : Adjacency.values()) {
        double threshold = random.nextDouble();
        List<INDArray> heads = changed(TestEnsembles.heads(teachers, random), 2, random);
        requireWithinSensitivity(
            heads,
            changed(heads, adjacency == Adjacency.ADD_REMOVE ? 1 : 2, random),
            random.nextBoolean(),
            ensemble ->
                new AnswerAggregator(ensemble, adjacency).largestShares(QUERIES, votes, threshold));
      }
    }
  }

  /** Whatever the student answers and however far gradients may reach. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void gradients_moveByAtMostTheSensitivity(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] outputs = outputs(random);
    for (int teachers : TEACHERS) {
      for (Adjacency adjacency : Adjacency.values()) {
        double bound = Math.exp(6 * random.nextDouble() - 5);
        AnswerRule rule = new AnswerRule(random.nextBoolean(), 0.1 + 3 * random.nextDouble());
        List<INDArray> heads = changed(TestEnsembles.heads(teachers, random), 2, random);
        requireWithinSensitivity(
            heads,
            changed(heads, adjacency == Adjacency.ADD_REMOVE ? 1 : 2, random),
            random.nextBoolean(),
            ensemble ->
                new AnswerAggregator(ensemble, adjacency).gradients(QUERIES, outputs, rule, bound));
      }
    }
  }

  /** Points of the simplex, some at its corners. */
  private static double[][] outputs(SplittableRandom random) {
    double[][] outputs = new double[12][TestImages.CLASSES];
    for (double[] row : outputs) {
      double sum = 0;
      for (int c = 0; c < row.length; c++) {
        row[c] = Math.pow(random.nextDouble(), 20 * random.nextDouble());
        sum += row[c];
      }
      for (int c = 0; c < row.length; c++) {
        row[c] /= sum;
      }
    }
    return outputs;
  }

  /** A clipped gradient may turn round: with a small bound its sensitivity is twice the bound. */
  @Test
  void gradients_worstNeighbors_reachTheSensitivity() {
    List<INDArray> one = new ArrayList<>(TestEnsembles.heads(7, new SplittableRandom(1)));
    List<INDArray> other = new ArrayList<>(one);
    one.set(3, TestEnsembles.alwaysClass(0, 1));
    other.set(3, TestEnsembles.alwaysClass(1, 1));
    double[][] between = new double[12][];
    Arrays.fill(between, new double[] {0.5, 0.5, 0, 0});
    AnswerRule votes = new AnswerRule(true, 1);
    for (double bound : new double[] {0.05, 0.3, 5}) {
      requireReached(one, other, e -> aggregator(e).gradients(QUERIES, between, votes, bound));
    }
  }

  /** One vote less for the class that leads alone: its share falls by 1/k. */
  @Test
  void largestShares_worstNeighbors_reachTheSensitivity() {
    List<INDArray> one = new ArrayList<>(TestEnsembles.heads(7, new SplittableRandom(1)));
    one.replaceAll(head -> TestEnsembles.alwaysClass(0, 1));
    List<INDArray> other = new ArrayList<>(one);
    other.set(3, TestEnsembles.alwaysClass(1, 1));
    requireReached(
        one, other, e -> aggregator(e).largestShares(QUERIES, new AnswerRule(true, 1), 0.5));
  }

  /** The bound is met by the worst neighbors, so a smaller one would be caught. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void worstNeighbors_reachTheSensitivity(long seed) {
    List<INDArray> heads = TestEnsembles.heads(7, new SplittableRandom(seed));
    List<INDArray> one = new ArrayList<>(heads);
    List<INDArray> other = new ArrayList<>(heads);
    one.set(3, TestEnsembles.alwaysClass(0, 1e6f));
    other.set(3, TestEnsembles.alwaysClass(1, 1e6f));
    for (boolean vote : new boolean[] {true, false}) {
      requireReached(one, other, e -> aggregator(e).targets(QUERIES, new AnswerRule(vote, 1)));
    }
    other.set(3, TestEnsembles.alwaysClass(0, -1e6f));
    requireReached(one, other, e -> aggregator(e).hints(QUERIES, CLIP_NORM));
  }

  private static AnswerAggregator aggregator(TeacherEnsemble ensemble) {
    return new AnswerAggregator(ensemble, Adjacency.ADD_REMOVE);
  }

  private static void requireReached(
      List<INDArray> one, List<INDArray> other, Function<TeacherEnsemble, BoundedAnswers> ask) {
    BoundedAnswers answers = ask.apply(TestEnsembles.of("a", one, true));
    BoundedAnswers others = ask.apply(TestEnsembles.of("b", other, true));
    for (double distance : distances(answers.rows(), others.rows())) {
      assertEquals(answers.l2Sensitivity(), distance, 1e-4 * distance);
    }
  }

  /** An answer that is not finite counts as the public-only teacher's. */
  @Test
  void answers_thatAreNotFinite_areThePublicOnes() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      TeacherEnsemble ensemble = TestEnsembles.of("a", List.of(TestEnsembles.constant(bad)), true);
      double[][] open = ensemble.publicOnly().probabilities(QUERIES, 2).toDoubleMatrix();
      double[][] scores = ensemble.publicOnly().scores(QUERIES).toDoubleMatrix();
      for (boolean vote : new boolean[] {true, false}) {
        double[][] targets = aggregator(ensemble).targets(QUERIES, new AnswerRule(vote, 2)).rows();
        double[][] hints = aggregator(ensemble).hints(QUERIES, CLIP_NORM).rows();
        for (int row = 0; row < open.length; row++) {
          assertArrayEquals(open[row], targets[row], 1e-6);
          assertArrayEquals(scores[row], hints[row], 1e-12);
        }
      }
    }
  }

  @Test
  void votes_areTheSharesOfTheTeachers() {
    List<INDArray> heads =
        List.of(
            TestEnsembles.alwaysClass(2, 1),
            TestEnsembles.alwaysClass(1, 1),
            TestEnsembles.alwaysClass(2, 1),
            TestEnsembles.alwaysClass(3, 1));
    double[][] votes =
        aggregator(TestEnsembles.of("a", heads, false))
            .targets(QUERIES, new AnswerRule(true, 1))
            .rows();
    for (double[] row : votes) {
      assertArrayEquals(new double[] {0, 0.25, 0.5, 0.25}, row, 0);
    }
  }

  @Test
  void softTargets_areMeanSoftmaxes() {
    List<INDArray> heads =
        List.of(TestEnsembles.alwaysClass(2, 3), TestEnsembles.alwaysClass(0, 0));
    double[][] targets =
        aggregator(TestEnsembles.of("a", heads, false))
            .targets(QUERIES, new AnswerRule(false, 1.5))
            .rows();
    double total = Math.exp(2) + 3;
    double low = (1 / total + 0.25) / 2;
    for (double[] row : targets) {
      assertArrayEquals(new double[] {low, low, (Math.exp(2) / total + 0.25) / 2, low}, row, 1e-12);
    }
  }

  @Test
  void publicScores_thatAreNotFinite_areRefused() {
    TeacherEnsemble ensemble = TestEnsembles.of("a", List.of(TestEnsembles.constant(0)), true);
    INDArray queries = TestImages.draw(2, 1).features();
    queries.putScalar(0, Float.POSITIVE_INFINITY);
    assertThrows(
        ArithmeticException.class,
        () -> aggregator(ensemble).targets(queries, new AnswerRule(true, 1)));
    assertThrows(ArithmeticException.class, () -> aggregator(ensemble).hints(queries, 1));
  }

  @Test
  void answers_askedAgain_areBitIdentical() {
    TeacherEnsemble ensemble =
        TestEnsembles.of("a", TestEnsembles.heads(60, new SplittableRandom(5)), true);
    AnswerRule rule = new AnswerRule(false, 2);
    double[][] first = aggregator(ensemble).targets(QUERIES, rule).rows();
    double[][] second = aggregator(ensemble).targets(QUERIES, rule).rows();
    for (int row = 0; row < first.length; row++) {
      assertArrayEquals(first[row], second[row], 0);
    }
  }
}
